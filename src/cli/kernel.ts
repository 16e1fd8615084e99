import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { kernelsFolder, writeKernelspec } from '../notebook/kernelspec.ts';
import { writeLabExtension } from '../notebook/lab-extension.ts';
import { requirePackages } from '../runtime/optional-package.ts';

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
    .action((options: { prefix?: string; dir?: string }) => {
      requirePackages('tslab');
      const kernels = kernelsFolder(options);
      process.stdout.write(`${writeKernelspec(kernels)}\n`);
      // Beside Jupyter's own folder of kernels lies the one of extensions; beside another folder nothing is looked for.
      if (options.dir === undefined) {
        process.stdout.write(`${writeLabExtension(join(dirname(kernels), 'labextensions'))}\n`);
      }
    });
}
