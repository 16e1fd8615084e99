import { dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { fetchCohort } from '../cohort/fetch.ts';
import { fetchScans } from '../cohort/fetch-scans.ts';
import { manifestIds } from '../cohort/locate.ts';
import { NacreError } from '../runtime/errors.ts';
import { startProgress } from '../runtime/terminal/progress.ts';
import { textTable } from '../runtime/terminal/text-table.ts';
import { readStudyConfig } from '../study/config.ts';
import { streamCohort } from '../study/stream-cohort.ts';
import { count } from './count.ts';
import { exitCodes } from './exit-codes.ts';
import { interruptible } from './interruptible.ts';

interface FetchFlags {
  mirror?: string;
  to?: string;
  scans?: boolean;
  patient: string[];
  index?: string;
  then?: 'extract';
  study?: string;
  disk?: number;
  workers?: number;
  models?: string;
  cache?: string;
}

export function register(cohort: Command): void {
  cohort
    .command('fetch')
    .description('download the files of a cohort and verify them; resumes')
    .argument('<cohort>', `${manifestIds().join(', ')}, or the path of a manifest`)
    .option('--mirror <folder>', 'local copy of the files, read instead of the network')
    .option('--to <folder>', 'where to put them. Default: $NACRE_DATA/<id>, else ./data/<id>')
    .option('--scans', 'the scans too, from the archives that the manifest names')
    .addOption(
      new Option('--patient <id>', 'scans of this patient only; may be given again')
        .argParser((id: string, before: string[]) => [...before, id])
        .default([], 'all'),
    )
    .option('--index <file>', "IDC's index (idc_index.parquet). Default: $NACRE_IDC_INDEX")
    .addOption(
      new Option(
        '--then <step>',
        'extract: bring a patient, extract by --study, delete the scans, go on',
      ).choices(['extract']),
    )
    .option('--study <file>', 'study with a group extraction, for --then extract')
    .option('--disk <size>', 'most scans on disk at a time: 500MB, 20GB. Default: 20GB', diskSize)
    .option('-w, --workers <n>', 'worker threads of the extraction. Default: all cores', count)
    .option('--models <folder>', 'where networks are kept. Default: $NACRE_MODELS, else ./models')
    .option('--cache <folder>', 'of extracted features. Default: $NACRE_CACHE, else .cache/nacre')
    .addHelpText(
      'after',
      `
Examples:
  nacre cohort fetch ispy1
  nacre cohort fetch ispy1 --mirror /media/ispy1 --to /data/ispy1
  nacre cohort fetch ispy2 --scans --patient ISPY2-100899 --index idc_index.parquet
  nacre cohort fetch ispy2 --then extract --study ispy2-scans.yaml --disk 20GB --index idc_index.parquet

Scans come from NCI's Imaging Data Commons without an account, from Synapse with a personal token in SYNAPSE_AUTH_TOKEN (written
nowhere). Sizes are checked, hashes where the archive has them; the SHA-256 of each file, its licence and DOI are kept. A run that
was stopped goes on with the same command.

Exit codes: 0 all files there and verified, 3 refused (checksum, network, token), 4 done, but patients failed (the same command
tries them again), 130 interrupted.`,
    )
    .action(fetchCommand);
}

async function fetchCommand(id: string, options: FetchFlags): Promise<void> {
  if (options.then !== undefined) await streamed(id, options);
  else if (options.scans || options.patient.length > 0) await scansOnly(id, options);
  else await filesOnly(id, options);
}

async function filesOnly(id: string, { mirror, to }: FetchFlags): Promise<void> {
  let shown = '';
  await interruptible('what came is kept, the same command resumes', async (signal) => {
    const fetched = await fetchCohort(id, {
      mirror,
      to,
      signal,
      onProgress: (file, done, total) => {
        const share = total === undefined ? '' : ` ${Math.floor((10 * done) / total) * 10}%`;
        if (`${file}${share}` === shown || !process.stderr.isTTY) return;
        shown = `${file}${share}`;
        process.stderr.write(`${shown}\n`);
      },
    });
    const rows = fetched.files.map(({ path, bytes, sha256, result }) => [
      path,
      String(bytes),
      sha256.slice(0, 12),
      result,
    ]);
    process.stdout.write(
      `${fetched.title}\nLicence: ${fetched.licence}\nCite: ${fetched.citation}\n\n` +
        `${textTable(['file', 'bytes', 'sha256', ''], rows)}\n\nfolder: ${fetched.folder}\n`,
    );
  });
}

const resumesPatients = 'patients that are done are kept, the same command goes on';

async function scansOnly(id: string, { to, patient, index }: FetchFlags): Promise<void> {
  await interruptible(resumesPatients, async (signal) => {
    const shown = startProgress('patients', Math.max(1, patient.length));
    const fetched = await fetchScans(id, {
      to,
      index,
      signal,
      patients: patient.length > 0 ? patient : undefined,
      onPatient: (one) => shown.tick(one),
    }).finally(() => shown.stop());
    const { patients, without, failed, folder } = fetched;
    const bytes = patients.reduce((sum, one) => sum + one.bytes, 0);
    for (const { reason } of failed) process.stderr.write(`nacre: ${reason}\n`);
    process.stdout.write(
      `scans of ${patients.length} patients (${bytes} bytes), ${without.length} without scans, ${failed.length} failed\nfolder: ${folder}\n`,
    );
    if (failed.length > 0) process.exitCode = exitCodes.someFailed;
  });
}

async function streamed(id: string, options: FetchFlags): Promise<void> {
  const { study, to, index, disk, workers, models, cache } = options;
  if (study === undefined) {
    throw new InvalidArgumentError('--then extract needs --study FILE, which says what to extract');
  }
  const { extraction, id: name } = readStudyConfig(study);
  if (extraction === undefined) {
    throw new NacreError('no-extraction', `the study ${name} extracts nothing`, {
      file: study,
      expected: 'a group extraction',
    });
  }
  await interruptible(resumesPatients, async (signal) => {
    let shown: ReturnType<typeof startProgress> | undefined;
    const done = await streamCohort(id, extraction, {
      to,
      index,
      diskBytes: disk,
      workers,
      models,
      cache,
      folder: dirname(resolve(study)),
      signal,
      onPatient: (patient, _, total) => {
        shown ??= startProgress('patients', total);
        shown.tick(patient);
      },
    }).finally(() => shown?.stop());
    for (const { reason } of [...done.failed, ...done.open])
      process.stderr.write(`nacre: ${reason}\n`);
    process.stdout.write(
      `patients: ${done.extracted} extracted, ${done.failed.length} at fault, ${done.without.length} without scans, ${done.open.length} to be tried again\n` +
        `folder: ${done.folder}\n${done.manifest === undefined ? '' : `manifest: ${done.manifest}\n`}`,
    );
    if (done.failed.length + done.open.length > 0) process.exitCode = exitCodes.someFailed;
  });
}

/** `500MB`, `20GB`, `1.5TB`, or bytes. @throws InvalidArgumentError */
export function diskSize(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*(kB|MB|GB|TB|B)?$/i.exec(text.trim()) ?? [];
  const factor = { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 }[unit.toLowerCase()];
  const bytes = Number(number) * (factor ?? Number.NaN);
  if (Number.isFinite(bytes) && bytes > 0) return Math.floor(bytes);
  throw new InvalidArgumentError('a size such as 500MB or 20GB');
}
