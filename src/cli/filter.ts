import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readVolume } from '../imaging/read-volume.ts';
import { writeNifti } from '../imaging/write-nifti.ts';
import { filterImage } from '../radiomics/filter-image.ts';
import type { FilteredImage } from '../radiomics/filters/filtered-image.ts';
import { overridesFrom, radiomicsSettings } from '../radiomics/parameter-file.ts';
import { type ImageType, imageTypes, type Settings } from '../radiomics/settings.ts';
import { idleAssumption, settingsWithoutEffect } from '../radiomics/settings-without-effect.ts';
import { NacreError } from '../runtime/errors.ts';
import { printAssumption } from './print-assumption.ts';

interface Options {
  filter: ImageType;
  setting: string[];
  conventions: Settings['conventions'];
  map?: string;
  out: string;
}

export function register(program: Command): void {
  program
    .command('filter')
    .description('response maps of a filter: those of IBSI 2, and those of PyRadiomics')
    .argument('<image>', 'NIfTI, NRRD, MetaImage, DICOM file or folder')
    .addOption(
      new Option('-f, --filter <type>', 'image type of a parameter file')
        .choices(imageTypes.filter((type) => type !== 'Original'))
        .makeOptionMandatory(),
    )
    .option(
      '-s, --setting <key=value>',
      'a setting of the filter, as in a parameter file; may be given again',
      more,
      [],
    )
    .addOption(
      new Option('--conventions <whose>', 'LoG and Wavelet of IBSI 2, or of PyRadiomics')
        .choices(['ibsi', 'pyradiomics'])
        .default('ibsi'),
    )
    .option('-m, --map <name>', 'one of several maps, such as wavelet-LLH or LLH')
    .requiredOption('-o, --out <file>', 'a .nii or .nii.gz; for several maps a folder')
    .addHelpText(
      'after',
      `
Filters and their settings (defaults in brackets; lengths in mm, angles in degrees):
  Mean        meanSize [5] voxels
  LoG         sigma=[3.0]
  Laws        lawsKernel [L5E5E5], a kernel per axis; lawsEnergy [null], its radius in voxels
  Gabor       gaborSigma [5], gaborLambda [2], gaborGamma [1], gaborTheta [0], gaborThetaStep [null], gaborPlanes [false]
  Wavelet     wavelet [coif1], level [1], start_level [0], waveletDecimated [false]
  Simoncelli  level [1], start_level [0]
  LBP2D       lbp2DRadius [1], lbp2DSamples [8], lbp2DMethod [uniform]: default, ror, uniform, var
  all these   boundary: zero, nearest, mirror [mirror], periodic; force2D [false]: slice by slice
  Laws, Wavelet, Gabor: rotationInvariance: max, mean [null]
Gabor works slice by slice, gaborPlanes in three orthogonal planes. level=n gives the maps of n levels.

Examples:
  nacre filter t1.nii.gz --filter LoG --setting sigma=[3.0] --out log.nii.gz
  nacre filter t1.nii.gz --filter Laws --setting lawsKernel=E5L5S5 --setting rotationInvariance=max --setting lawsEnergy=7 --setting boundary=zero --out energy.nii.gz
  nacre filter t1.nii.gz --filter Gabor --setting gaborSigma=10 --setting gaborLambda=4 --setting gaborGamma=0.5 --setting gaborThetaStep=45 --out gabor.nii.gz
  nacre filter t1.nii.gz --filter Wavelet --setting wavelet=bior2.2 --map LHL --out lhl.nii.gz
  nacre filter t1.nii.gz --filter Wavelet --setting wavelet=db3 --setting level=2 --out maps/

Exit codes: 0 done, 2 bad command line, 3 input refused.`,
    )
    .action(run);
}

async function run(input: string, options: Options): Promise<void> {
  const given = { conventions: options.conventions, ...overridesFrom(options.setting) };
  const settings = radiomicsSettings({
    imageType: { [options.filter]: {} },
    featureClass: { firstorder: [] },
    setting: given,
  });
  for (const idle of settingsWithoutEffect(settings)) printAssumption(idleAssumption(idle));
  const maps = filterImage(await readVolume(input), { filter: options.filter, ...given });
  const wanted = options.map === undefined ? maps : [chosen(maps, options.map)];
  if (!/\.nii(\.gz)?$/i.test(options.out)) {
    for (const { name, volume } of wanted) writeNifti(join(options.out, `${name}.nii.gz`), volume);
  } else if (wanted.length > 1) {
    throw new NacreError(
      'bad-option',
      `the filter gives ${wanted.length} maps, --out names a file`,
      {
        file: options.out,
        found: maps.map(({ name }) => name).join(', '),
        expected: 'one of them',
        todo: 'choose one (--map), or name a folder (--out maps/)',
      },
    );
  } else writeNifti(options.out, wanted[0].volume);
}

/** A map by its name, or by a part of it between hyphens that no other has. */
function chosen(maps: readonly FilteredImage[], name: string): FilteredImage {
  const exact = maps.filter((map) => map.name === name);
  const parts = maps.filter((map) => `-${map.name}-`.includes(`-${name}-`));
  const found = exact.length === 1 ? exact : parts;
  if (found.length === 1) return found[0];
  throw new NacreError(
    'unknown-name',
    found.length === 0 ? 'the filter gives no map of this name' : 'several maps have this name',
    { column: '--map', found: name, expected: maps.map((map) => map.name).join(', ') },
  );
}

function more(text: string, previous: string[]): string[] {
  if (text.indexOf('=') < 1) throw new InvalidArgumentError('expected key=value.');
  return [...previous, text];
}
