import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { fetchCohort } from '../../cohort/fetch.ts';
import { fetchScans } from '../../cohort/fetch-scans.ts';
import { NacreError } from '../../runtime/errors.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { textTable } from '../../runtime/terminal/text-table.ts';
import { readStudyConfig } from '../../study/config.ts';
import { streamCohort } from '../../study/stream-cohort.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible } from '../interruptible.ts';

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

export async function fetchCommand(id: string, options: FetchFlags): Promise<void> {
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
