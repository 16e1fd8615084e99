import { type Command, InvalidArgumentError } from 'commander';
import { extractVoxelMaps } from '../features/extract-voxel-maps.ts';
import {
  overridesFrom,
  type ParameterFile,
  radiomicsSettings,
  readParameterFile,
} from '../radiomics/parameter-file.ts';
import { idleAssumption, settingsWithoutEffect } from '../radiomics/settings-without-effect.ts';
import { parseYaml } from '../runtime/read-yaml.ts';
import { startProgress } from '../runtime/terminal/progress.ts';
import { count } from './count.ts';
import { interruptible } from './interruptible.ts';
import { printAssumption } from './print-assumption.ts';

interface Options {
  params?: string;
  label?: number;
  setting: string[];
  voxelSetting: string[];
  out: string;
  workers: number;
  resume?: boolean;
}

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
    .action(run);
}

async function run(image: string, mask: string, options: Options): Promise<void> {
  const overrides = overridesFrom(options.setting);
  const read =
    options.params === undefined
      ? radiomicsSettings({}, { overrides })
      : readParameterFile(options.params, overrides);
  const settings =
    options.voxelSetting.length === 0
      ? read
      : radiomicsSettings({
          ...(read as ParameterFile),
          voxelSetting: { ...read.voxelSetting, ...fromTexts(options.voxelSetting) } as never,
        });
  for (const idle of settingsWithoutEffect(settings)) printAssumption(idleAssumption(idle));
  const left = 'finished pieces are kept, the same command with --resume goes on';
  await interruptible(left, (signal) =>
    extractVoxelMaps(image, mask, options.out, settings, {
      label: options.label,
      workers: options.workers,
      resume: options.resume,
      signal,
      progress: (total, already) => startProgress('voxel maps', total, already),
      note: printAssumption,
    }),
  );
}

function fromTexts(texts: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      const key = text.slice(0, at).trim();
      return [key, parseYaml(text.slice(at + 1), { what: `the setting ${key}` })];
    }),
  );
}

function more(text: string, previous: string[]): string[] {
  if (text.indexOf('=') < 1) throw new InvalidArgumentError('expected key=value.');
  return [...previous, text];
}
