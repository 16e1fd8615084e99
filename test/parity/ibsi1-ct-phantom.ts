import { maskOfLabel } from '../../src/imaging/mask-labels.ts';
import { readVolume } from '../../src/imaging/read-volume.ts';
import type { Mask, Volume } from '../../src/imaging/volume.ts';
import { type ExtractedFeatures, RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { ParameterFile } from '../../src/radiomics/parameter-file.ts';
import { regionMoments } from '../../src/radiomics/resegment.ts';
import type { ParityReport } from './parity-row.ts';
import { ctPhantomValues, everyFeature, ibsiFile, ibsiRows } from './reference/ibsi1.ts';

type Setting = NonNullable<ParameterFile['setting']>;

/** Both: 2 mm by linear interpolation, mask from 0.5 on, intensities rounded (IBSI 1, table of configurations). */
const resampled: Setting = {
  conventions: 'ibsi',
  resampledPixelSpacing: [2, 2, 2],
  interpolator: 'sitkLinear',
};

const configurations: Readonly<Record<string, Setting>> = {
  // -1000 to 400 HU, bins of 25 HU from -1000, those of the intensity-volume histogram 2.5 HU.
  c: { ...resampled, resegmentRange: [-1000, 400], binWidth: 25, ivhBinWidth: 2.5 },
  // Outliers beyond 3 standard deviations left out, 32 bins.
  d: { ...resampled, resegmentRange: [-3, 3], resegmentMode: 'sigma', binCount: 32 },
};

/** Each IBSI 1 consensus value of the CT phantom in configurations C and D, beside what the extractor gives. */
export default async function compare(): Promise<ParityReport> {
  return ctPhantomReport(
    await readVolume(ibsiFile('ct-phantom', 'image.nii.gz')),
    await readVolume(ibsiFile('ct-phantom', 'mask.nii.gz')),
    'ibsi1 CT phantom',
  );
}

/** The same for the phantom as it was read from another format. */
export function ctPhantomReport(image: Volume, labels: Volume, suite: string): ParityReport {
  const report: ParityReport & { remarks: string[] } = { rows: [], remarks: [] };
  for (const [name, setting] of Object.entries(configurations)) {
    const extract = (
      weightingNorm: 'no_weighting' | null,
      featureClass: ParameterFile['featureClass'],
    ) =>
      new RadiomicsExtractor({
        featureClass,
        setting: { ...setting, weightingNorm },
      }).execute(image, labels);
    const all = everyFeature();
    const averaged = extract(null, all);
    const merged = extract('no_weighting', { glcm: all.glcm, glrlm: all.glrlm });
    const { rows, remarks } = ibsiRows(
      suite,
      `configuration ${name.toUpperCase()}`,
      ctPhantomValues(name),
      {
        averaged: averaged.features,
        merged: merged.features,
        properties: properties(image, maskOfLabel(labels, { label: 1 }), averaged),
      },
    );
    report.rows.push(...rows);
    report.remarks.push(...remarks);
  }
  return report;
}

/** IBSI's properties of image and mask before and after each step, by tag. */
function properties(
  image: Volume,
  mask: Mask,
  { diagnostics }: ExtractedFeatures,
): Map<string, number> {
  const found = new Map<string, number>();
  const axes = ['x', 'y', 'z'];
  const intensities = { mean_int: 'Mean', min_int: 'Minimum', max_int: 'Maximum' };
  for (const [step, of] of [
    ['original', 'init_img'],
    ['interpolated', 'interp_img'],
  ]) {
    const element = (name: string) => diagnostics[`diagnostics_Image-${step}_${name}`];
    for (const [axis, letter] of axes.entries()) {
      found.set(`img_dim_${letter}_${of}`, (element('Size') as number[])[axis]);
      found.set(`vox_dim_${letter}_${of}`, (element('Spacing') as number[])[axis]);
    }
    for (const [tag, name] of Object.entries(intensities)) {
      found.set(`${tag}_${of}`, element(name) as number);
    }
  }
  for (const [kind, step, of] of [
    ['int', 'original', 'init_roi'],
    ['morph', 'original', 'init_roi'],
    ['int', 'interpolated', 'interp_roi'],
    ['morph', 'interpolated', 'interp_roi'],
    ['int', 'resegmented', 'reseg_roi'],
    ['morph', 'interpolated', 'reseg_roi'],
  ]) {
    const element = (name: string) => diagnostics[`diagnostics_Mask-${step}_${name}`];
    for (const [axis, letter] of axes.entries()) {
      found.set(`${kind}_mask_dim_${letter}_${of}`, (element('Size') as number[])[axis]);
      found.set(
        `${kind}_mask_bb_dim_${letter}_${of}`,
        (element('BoundingBox') as number[])[3 + axis],
      );
    }
    found.set(`${kind}_mask_vox_count_${of}`, element('VoxelNum') as number);
    if (kind === 'morph' || step === 'original') continue;
    for (const [tag, name] of Object.entries(intensities)) {
      found.set(`int_mask_${tag}_${of}`, element(name) as number);
    }
  }
  const { mean, minimum, maximum } = regionMoments(image, mask);
  found.set('int_mask_mean_int_init_roi', mean);
  found.set('int_mask_min_int_init_roi', minimum);
  found.set('int_mask_max_int_init_roi', maximum);
  return found;
}
