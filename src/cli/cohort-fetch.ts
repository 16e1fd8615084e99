import { type Command, InvalidArgumentError, Option } from 'commander';
import { manifestIds } from '../cohort/locate.ts';
import { count } from './count.ts';
import { onUse } from './on-use.ts';

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
    .action(onUse(() => import('./actions/cohort-fetch.ts'), 'fetchCommand'));
}

/** `500MB`, `20GB`, `1.5TB`, or bytes. @throws InvalidArgumentError */
export function diskSize(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*(kB|MB|GB|TB|B)?$/i.exec(text.trim()) ?? [];
  const factor = { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 }[unit.toLowerCase()];
  const bytes = Number(number) * (factor ?? Number.NaN);
  if (Number.isFinite(bytes) && bytes > 0) return Math.floor(bytes);
  throw new InvalidArgumentError('a size such as 500MB or 20GB');
}
