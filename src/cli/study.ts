import { type Command, Option } from 'commander';
import { cohortOptions } from './cohort-options.ts';
import { count } from './count.ts';
import { formatOption } from './format-option.ts';
import { onUse } from './on-use.ts';
import { realCohorts } from './study-file.ts';

export function register(program: Command): void {
  const command = program
    .command('study')
    .description('run a study: partitions, selection, XGBoost, audit, tables, figures and report')
    .argument(
      '[file]',
      'study file (YAML). Default: the embedded study on synthetic patients, from scans to tables',
    )
    .addOption(
      new Option(
        '--real [cohort]',
        `real patients: ispy2 (982 women, comes with nacre, no network), or ispy1 (after nacre cohort fetch ispy1)`,
      )
        .choices(realCohorts)
        .preset(realCohorts[0]),
    )
    .option('-o, --out <folder>', 'run folder. Default: runs/<study id>')
    .option(
      '-w, --workers <n>',
      'worker threads. Default: all cores; results do not depend on it',
      count,
    );
  cohortOptions(command)
    .option(
      '--pseudonym-key <file>',
      'replace patient ids by keyed pseudonyms (HMAC-SHA256); the key reaches no output',
    )
    .option('--overwrite', 'replace a run of another configuration in the run folder')
    .option(
      '--schema',
      'print the JSON Schema of a study file, for editors (studies/study.schema.json)',
    )
    .addOption(
      formatOption(
        'print every number of the tables, one per row, with nothing else on stdout. Default: tables as wide as the terminal',
      ),
    )
    .option('--no-report', 'skip figures and report.html')
    .addHelpText(
      'after',
      `
Examples:
  nacre study                                    the embedded study: synthetic scans, all five extractors
  nacre study synthetic.yaml                     synthetic tables alone, in seconds
  nacre study --real                             I-SPY 2: 982 women, the table comes with nacre
  nacre study --real ispy1                       I-SPY 1, after nacre cohort fetch ispy1
  nacre study my-study.yaml --out runs/mine      your own (README: bring your own cohort)
  nacre study synthetic.yaml --format csv        the numbers of the tables for a spreadsheet

Ctrl-C keeps all finished work: the same command resumes.
Exit codes: 0 done, 2 bad command line, 3 input refused, 4 done, but patients lost features
(patients whose scans are at fault are left out and listed first in the report), 130 interrupted.`,
    )
    .action(onUse(() => import('./actions/study.ts'), 'run'));
}
