import type { Command } from 'commander';
import { cohortOptions } from './cohort-options.ts';
import { oldSpelling } from './old-spelling.ts';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  const command = program
    .command('train')
    .description('fit the final pipeline of a study on all its patients and save it as one file')
    .argument('<study>', 'study file (YAML)')
    .requiredOption('--feature-set <name>', 'feature set of the study')
    .requiredOption('--endpoint <name>', 'endpoint of the study')
    .requiredOption('--out <file>', 'where the model goes (.json)');
  cohortOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  nacre train studies/phantom.yaml --feature-set resnet34-clinical --endpoint pcr --out pcr.json
  nacre train studies/ispy1.yaml --feature-set clinical --endpoint pcr --out clinical.json
  nacre predict pcr.json --help

The file holds the recipe of the features (settings, SHA-256 of the weights), the fitted pipeline and a model card with the
performance over the study's partitions. For research only. Exit codes: 0 done, 3 input refused.`,
    )
    .action(onUse(() => import('./actions/train.ts'), 'trainCommand'));
  oldSpelling(command, '--set <name>', 'feature-set');
}
