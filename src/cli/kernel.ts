import { type Command, Option } from 'commander';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  program
    .command('kernel')
    .description('the TypeScript kernel for Jupyter')
    .command('install')
    .description(
      'install the kernel of this copy of nacre, and the JupyterLab extension that draws its figures, where Jupyter finds them',
    )
    .addOption(new Option('--user', 'in your own Jupyter folder (the default)'))
    .addOption(
      new Option(
        '--prefix <prefix>',
        'in PREFIX/share/jupyter/kernels (virtual environments)',
      ).conflicts('user'),
    )
    .addOption(
      new Option(
        '--dir <folder>',
        'the kernel alone, in exactly this folder of kernelspecs',
      ).conflicts(['user', 'prefix']),
    )
    .addHelpText(
      'after',
      `
Examples:
  npx nacre kernel install
  npx nacre kernel install --prefix "$VIRTUAL_ENV"

Then start JupyterLab and choose "TypeScript (nacre)".`,
    )
    .action(onUse(() => import('./actions/kernel.ts'), 'install'));
}
