import { type Command, Option } from 'commander';
import { formNames } from '../report/checklists/form-names.ts';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  program
    .command('checklist')
    .description('fill a reporting checklist from a finished run: CLEAR, METRICS, TRIPOD+AI, CLAIM')
    .argument('<run>', 'run folder, as nacre study wrote it')
    .addOption(
      new Option('--form <form>', 'which checklist').choices(formNames).makeOptionMandatory(),
    )
    .option('--endpoint <id>', 'endpoint that the answers are about. Default: the first one')
    .addOption(
      new Option('--format <format>', 'markdown: to read; csv, json: a row per item')
        .choices(['markdown', 'csv', 'json'])
        .default('markdown'),
    )
    .option(
      '--answers <file>',
      'answers of the author (YAML): an item number and yes, no or a text per line',
    )
    .option('-o, --out <file>', 'file to write. Default: stdout')
    .addHelpText(
      'after',
      `
Examples:
  nacre checklist runs/ispy1 --form metrics
  nacre checklist runs/ispy1 --form clear --out clear.md
  nacre checklist runs/ispy1 --form tripod-ai --format csv --out tripod-ai.csv
  nacre checklist runs/ispy1 --form metrics --answers answers.yaml   with what only the author can answer

Each item is filled from the run where the run knows, with the place of every number; "author" where only the author can
answer; "not done" where it was not. METRICS also gets its score.`,
    )
    .action(onUse(() => import('./actions/checklist.ts'), 'run'));
}
