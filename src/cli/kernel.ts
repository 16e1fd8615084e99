import { type Command, Option } from 'commander';
import { kernelsFolder, writeKernelspec } from '../notebook/kernelspec.ts';

export function register(program: Command): void {
  program
    .command('kernel')
    .description('the TypeScript kernel for Jupyter')
    .command('install')
    .description('install the kernel of this copy of nacre where Jupyter finds it')
    .addOption(new Option('--user', 'in your own Jupyter folder (the default)'))
    .addOption(
      new Option(
        '--prefix <prefix>',
        'in PREFIX/share/jupyter/kernels (virtual environments)',
      ).conflicts('user'),
    )
    .addOption(
      new Option('--dir <folder>', 'in exactly this folder of kernelspecs').conflicts([
        'user',
        'prefix',
      ]),
    )
    .addHelpText(
      'after',
      `
Examples:
  npx nacre kernel install
  npx nacre kernel install --prefix "$VIRTUAL_ENV"

Then start JupyterLab and choose "TypeScript (nacre)".`,
    )
    .action((options: { prefix?: string; dir?: string }) => {
      process.stdout.write(`${writeKernelspec(kernelsFolder(options))}\n`);
    });
}
