import { type Command, InvalidArgumentError, Option } from 'commander';
import { imageTypes } from '../radiomics/image-type-names.ts';
import { onUse } from './on-use.ts';

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
    .action(onUse(() => import('./actions/filter.ts'), 'run'));
}

function more(text: string, previous: string[]): string[] {
  if (text.indexOf('=') < 1) throw new InvalidArgumentError('expected key=value.');
  return [...previous, text];
}
