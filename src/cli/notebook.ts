import { type Command, InvalidArgumentError } from 'commander';
import { oldSpelling } from './old-spelling.ts';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  const command = program
    .command('notebook')
    .description('notebooks without Jupyter or Python')
    .command('run')
    .description('execute notebooks on the nacre kernel and save their outputs')
    .argument('<files...>', '.ipynb files')
    .option(
      '-p, --parameter <name=value>',
      'value for the parameter cell; may be given again',
      assign,
      {},
    )
    .option('--check', 'compare fresh outputs with the saved ones, number by number; save nothing')
    .option('-o, --out <file>', 'write the executed notebook here (one input only)')
    .option(
      '--out-dir <folder>',
      'write executed notebooks into this folder, under their own names',
    )
    .option('-w, --workers <n>', 'notebooks at a time. Default: as many as cores', positive)
    .option('--timeout <seconds>', 'longest time a cell may take', positive, 600)
    .option('--tolerance <share>', 'relative difference of numbers --check accepts', positive, 1e-6)
    .addHelpText(
      'after',
      `
Examples:
  nacre notebook run notebooks/06-classification.ipynb
  nacre notebook run notebooks/06-classification.ipynb --parameter run=../runs/ispy1 --out ispy1.ipynb
  nacre notebook run notebooks/*.ipynb -p studyFile=/my/study.yaml -p run=/my/run --out-dir mine
  nacre notebook run notebooks/*.ipynb --check

With several notebooks, --parameter goes to those that have the parameter. One that fails does not stop the others.
Exit codes: 0 done, 3 a cell failed or a file was refused (it was left as it was), 4 --check found differences.`,
    )
    .action(onUse(() => import('./actions/notebook.ts'), 'run'));
  oldSpelling(command, '--set <name=value>', 'parameter');
  oldSpelling(command, '-j, --jobs <n>', 'workers');
}

function assign(text: string, previous: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected name=value.');
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}
