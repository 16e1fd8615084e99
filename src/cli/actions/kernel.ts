import { dirname, join } from 'node:path';
import { kernelsFolder, writeKernelspec } from '../../notebook/kernelspec.ts';
import { writeLabExtension } from '../../notebook/lab-extension.ts';
import { requirePackages } from '../../runtime/require-packages.ts';

export function install(options: { prefix?: string; dir?: string }): void {
  requirePackages('tslab');
  const kernels = kernelsFolder(options);
  process.stdout.write(`${writeKernelspec(kernels)}\n`);
  // Beside Jupyter's own folder of kernels lies the one of extensions; beside another folder nothing is looked for.
  if (options.dir === undefined) {
    process.stdout.write(`${writeLabExtension(join(dirname(kernels), 'labextensions'))}\n`);
  }
}
