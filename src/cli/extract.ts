import { type Command, Option } from 'commander';
import { cohortOptions } from './cohort-options.ts';
import { count } from './count.ts';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  const command = program
    .command('extract')
    .description('extract the scans of a study into the cache, some patients at a time if wished')
    .argument('<study>', 'study file (YAML) with a group extraction')
    .addOption(
      new Option(
        '--list',
        'print the patients, a line each, and make what they share (phantom, random networks)',
      ).conflicts(['patient', 'tables']),
    )
    .addOption(
      new Option('--patient <id>', 'this patient only; may be given again')
        .argParser((id: string, before: string[]) => [...before, id])
        .default([], 'all')
        .conflicts('tables'),
    )
    .option('--tables <folder>', 'write a Parquet table per extractor, of all patients')
    .option('--receipt <file>', 'write what was done as JSON, whole and last: for workflows')
    .option('-w, --workers <n>', 'worker threads. Default: all cores', count);
  cohortOptions(command)
    .option(
      '--pseudonym-key <file>',
      'keyed pseudonyms for patient ids, as nacre study has them; --patient takes pseudonyms then',
    )
    .addHelpText(
      'after',
      `
Examples:
  nacre extract phantom.yaml --list
  nacre extract phantom.yaml --patient SYN_001 --patient SYN_002 --workers 1
  nacre extract phantom.yaml --tables tables       what the cache holds is not computed again

The cache ($NACRE_CACHE, else .cache/nacre) is the one of nacre study: same keys, many jobs at once may fill it
(workflow/Snakefile). A patient whose scans are at fault is listed, and left out by the study.

Exit codes: 0 done, 2 bad command line, 3 input refused, 4 done, but patients lost features (not with
--patient: such a job is done), 130 interrupted.`,
    )
    .action(onUse(() => import('./actions/extract.ts'), 'run'));
}
