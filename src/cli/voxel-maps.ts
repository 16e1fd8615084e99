import { type Command, InvalidArgumentError } from 'commander';
import { count } from './count.ts';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  program
    .command('voxel-maps')
    .description('maps of features: each measured in a kernel around every voxel of a region')
    .argument('<image>', 'NIfTI, NRRD, MetaImage, DICOM file or folder')
    .argument('<mask>', 'the mask of the image')
    .option('-p, --params <file>', 'PyRadiomics parameter file (YAML), with its group voxelSetting')
    .option('-l, --label <n>', 'which label of the mask. Default: the setting label, 1', count)
    .option(
      '-s, --setting <key=value>',
      'a setting that wins over the file; may be given again',
      more,
      [],
    )
    .option(
      '--voxel-setting <key=value>',
      'kernelRadius [1], maskedKernel [true], initValue [0], voxelBatch; may be given again',
      more,
      [],
    )
    .requiredOption('-o, --out <folder>', 'a NIfTI file per map, and maps.json')
    .option('-w, --workers <n>', 'worker threads; results do not depend on it', count, 1)
    .option('--resume', 'take finished pieces of an interrupted run')
    .addHelpText(
      'after',
      `
Examples:
  nacre voxel-maps t1.nii.gz tumour.nii.gz --params exampleVoxel.yaml --out maps/
  nacre voxel-maps t1.nii.gz tumour.nii.gz --voxel-setting kernelRadius=2 --setting force2D=true --out maps/ --workers 2

Maps lie on the region's box and the kernel's radius around it, as PyRadiomics has them in its voxel mode; voxels outside the
region hold initValue. Memory holds the pieces at hand, and the values of one image while its maps are written; after Ctrl-C the same command with --resume goes on.

Exit codes: 0 done, 2 bad command line, 3 input refused, 130 interrupted.`,
    )
    .action(onUse(() => import('./actions/voxel-maps.ts'), 'run'));
}

function more(text: string, previous: string[]): string[] {
  if (text.indexOf('=') < 1) throw new InvalidArgumentError('expected key=value.');
  return [...previous, text];
}
