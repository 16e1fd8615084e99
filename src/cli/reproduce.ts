import { type Command, Option } from 'commander';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  program
    .command('reproduce')
    .description('run a finished study again in a temporary folder and compare the bytes')
    .argument('<run>', 'run folder, as nacre study wrote it')
    .option('--study <file>', 'study file beside its manifest. Default: the one that was run')
    .option('--data <folder>', 'folder of the cohort. Default: where the run found it')
    .addOption(new Option('--mirror <folder>', 'local copy of the cohort files').conflicts('data'))
    .option('--pseudonym-key <file>', 'key of the run under pseudonyms')
    .option('--cache <folder>', 'take extracted features from here instead of computing them again')
    .option('--keep <folder>', 'put the second run here and keep it')
    .addHelpText(
      'after',
      `
Examples:
  nacre reproduce runs/phantom
  nacre reproduce runs/ispy1 --mirror /data/ispy1

Compared are config.yaml, features/, partitions.json, predictions.parquet and results.json. provenance.json holds times
and the machine; report and figures are made from the others.

Exit codes: 0 every byte is the same, 1 some differ (each is named), 3 refused (no run, data missing).`,
    )
    .action(onUse(() => import('./actions/reproduce.ts'), 'reproduceCommand'));
}
