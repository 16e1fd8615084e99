import { maskOfLabel } from '../../src/imaging/mask-labels.ts';
import type { Mask, Volume } from '../../src/imaging/volume.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { textureClasses } from '../../src/radiomics/aggregation.ts';
import type { ExtractedFeatures } from '../../src/radiomics/checked-extractor.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { Aggregation } from '../../src/radiomics/feature-class.ts';
import type { IbsiConfiguration } from '../../src/radiomics/ibsi-configuration-names.ts';
import { ibsiParameters } from '../../src/radiomics/ibsi-configurations.ts';
import type { ParameterFile } from '../../src/radiomics/parameter-file.ts';
import { regionMoments } from '../../src/radiomics/resegment.ts';
import type { ParityReport } from './parity-row.ts';
import {
  aggregationsOf,
  ctPhantomValues,
  type Dimension,
  everyFeature,
  ibsiFile,
  ibsiRows,
} from './reference/ibsi1.ts';

/** Configurations whose values are here, with the dimensions of their texture matrices. */
const dimensions = {
  A: ['2D', '2.5D'],
  B: ['2D', '2.5D'],
  C: ['3D'],
  D: ['3D'],
} as const satisfies Partial<Record<IbsiConfiguration, readonly Dimension[]>>;

/** Each IBSI 1 consensus value of the CT phantom in configurations A to D, beside what the extractor gives. */
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
  for (const [name, wanted] of Object.entries(dimensions)) {
    const { featureClass: _, setting } = ibsiParameters(name as IbsiConfiguration);
    const all = everyFeature();
    const extract = (aggregation: Aggregation, featureClass: ParameterFile['featureClass']) =>
      new RadiomicsExtractor({
        featureClass,
        setting: { ...setting, aggregation },
      }).execute(image, labels);
    const textures = Object.fromEntries(
      Object.entries(all).filter(([family]) => textureClasses.includes(family)),
    );
    let first: ExtractedFeatures | undefined;
    for (const dimension of wanted) {
      const { averaged, merged } = aggregationsOf[dimension];
      const directions = { glcm: all.glcm, glrlm: all.glrlm };
      const one = extract(averaged, first === undefined ? all : textures);
      first ??= one;
      // What no matrix has is listed with 3D, and measured once.
      const reference = [
        ...(one === first ? ctPhantomValues(name.toLowerCase(), '3D') : []),
        ...(dimension === '3D' ? [] : ctPhantomValues(name.toLowerCase(), dimension)),
      ];
      const { rows, remarks } = ibsiRows(suite, `configuration ${name}`, reference, {
        averaged: one.features,
        merged: extract(merged, directions).features,
        properties: properties(image, maskOfLabel(labels, { label: 1 }), first),
      });
      report.rows.push(...rows);
      report.remarks.push(...remarks.map((remark) => `${dimension}: ${remark}`));
    }
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
    // Without resampling the image after it is the one before.
    const element = (name: string) =>
      diagnostics[`diagnostics_Image-${step}_${name}`] ??
      diagnostics[`diagnostics_Image-original_${name}`];
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
    const element = (name: string) =>
      diagnostics[`diagnostics_Mask-${step}_${name}`] ??
      diagnostics[`diagnostics_Mask-original_${name}`];
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
  const resampled = 'diagnostics_Mask-interpolated_Mean' in diagnostics;
  for (const of of resampled ? ['init_roi'] : ['init_roi', 'interp_roi']) {
    found.set(`int_mask_mean_int_${of}`, mean);
    found.set(`int_mask_min_int_${of}`, minimum);
    found.set(`int_mask_max_int_${of}`, maximum);
  }
  return found;
}
