import type { Command } from 'commander';
import { formatOption } from './format-option.ts';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  program
    .command('trace')
    .description('lead a number of a results table back to partitions, settings, code and inputs')
    .argument('<run>', 'run folder, as nacre study wrote it')
    .argument(
      '[number]',
      'ENDPOINT/SET/METRIC, …/METRIC/PARTITION, ENDPOINT/A:B/METRIC or ENDPOINT/SET/frequency/FEATURE',
    )
    .option('--list', 'the names of all numbers of the run')
    .option('--inputs', 'every input file with its SHA-256, not only how many')
    .addOption(
      formatOption(
        'json: everything; csv, markdown: the partitions, one per row. Default: text as wide as the terminal',
      ),
    )
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      `
Examples:
  nacre trace runs/ispy1 --list
  nacre trace runs/ispy1 pcr/clinical/balancedAccuracy
  nacre trace runs/ispy1 pcr/clinical/balancedAccuracy/3       the third partition's (they count from 0)
  nacre trace runs/ispy1 pcr/clinical:radiomics/auc            a comparison
  nacre trace runs/ispy1 pcr/clinical/frequency/clinical.her2  how often a feature was kept
  nacre trace runs/ispy1 pcr/clinical/auc --format csv         its partitions for a spreadsheet

The number is computed again from the files of the run. Exit codes: 0 it comes out the same, 1 it does not, 3 refused.`,
    )
    .action(onUse(() => import('./actions/trace.ts'), 'traceCommand'));
}
