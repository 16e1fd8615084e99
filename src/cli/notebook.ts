import { type Command, InvalidArgumentError } from 'commander';
import type { RunNotebookOptions } from '../notebook/run-notebook.ts';
import { startProgress } from '../runtime/progress.ts';
import { exitCodes } from './exit-codes.ts';

interface Options {
  set: Record<string, string>;
  check?: boolean;
  out?: string;
  timeout: number;
  tolerance: number;
}

export function register(program: Command): void {
  program
    .command('notebook')
    .description('notebooks without Jupyter or Python')
    .command('run')
    .description('execute notebooks on the nacre kernel and save their outputs')
    .argument('<files...>', '.ipynb files')
    .option('--set <name=value>', 'value for the parameter cell; may be given again', assign, {})
    .option('--check', 'compare fresh outputs with the saved ones, number by number; save nothing')
    .option('-o, --out <file>', 'write the executed notebook here (one input only)')
    .option('--timeout <seconds>', 'longest time a cell may take', positive, 600)
    .option('--tolerance <share>', 'relative difference of numbers --check accepts', positive, 1e-6)
    .addHelpText(
      'after',
      `
Examples:
  nacre notebook run notebooks/06-classification.ipynb
  nacre notebook run notebooks/06-classification.ipynb --set run=../runs/ispy1 --out ispy1.ipynb
  nacre notebook run notebooks/*.ipynb --check

Exit codes: 0 done, 3 a cell failed or a file was refused (nothing was written), 4 --check found differences.`,
    )
    .action(run);
}

async function run(files: string[], options: Options): Promise<void> {
  if (options.out !== undefined && files.length > 1) {
    throw new InvalidArgumentError('--out goes with one notebook');
  }
  // ZeroMQ is native code: only this command loads it.
  const { runNotebook } = await import('../notebook/run-notebook.ts');
  for (const file of files) {
    let progress: ReturnType<typeof startProgress> | undefined;
    const settings: RunNotebookOptions = {
      set: options.set,
      check: options.check,
      out: options.out,
      timeoutSeconds: options.timeout,
      tolerance: options.tolerance,
      onCell: (_done, total) => {
        progress ??= startProgress(file, total);
        progress.tick();
      },
    };
    try {
      const { drifts } = await runNotebook(file, settings);
      for (const { cell, saved, fresh } of drifts) {
        process.stdout.write(`${file} cell ${cell}:\n  saved …${saved}…\n  fresh …${fresh}…\n`);
      }
      if (drifts.length > 0) process.exitCode = exitCodes.someFailed;
      const verdict = options.check ? `${drifts.length} differences` : 'executed and saved';
      process.stdout.write(`${file}: ${verdict}\n`);
    } finally {
      progress?.stop();
    }
  }
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
