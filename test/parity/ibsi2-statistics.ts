import { readFileSync } from 'node:fs';
import { readVolume } from '../../src/imaging/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { ParityReport, ParityRow } from './parity-row.ts';
import { ibsiFile } from './reference/ibsi1.ts';

export const scope = 'parity-only';

/** Statistics of IBSI's table, by our names. */
const statistics: Readonly<Record<string, string>> = {
  mean: 'firstorder_Mean',
  var: 'firstorder_Variance',
  skew: 'firstorder_Skewness',
  kurt: 'firstorder_Kurtosis',
  median: 'firstorder_Median',
  min: 'firstorder_Minimum',
  p10: 'firstorder_10Percentile',
  p90: 'firstorder_90Percentile',
  max: 'firstorder_Maximum',
  iqr: 'firstorder_InterquartileRange',
  range: 'firstorder_Range',
  mad: 'firstorder_MeanAbsoluteDeviation',
  rmad: 'firstorder_RobustMeanAbsoluteDeviation',
  medad: 'intensitystatistics_MedianAbsoluteDeviation',
  cov: 'intensitystatistics_CoefficientOfVariation',
  qcod: 'intensitystatistics_QuartileCoefficientOfDispersion',
  energy: 'firstorder_Energy',
  rms: 'firstorder_RootMeanSquared',
};

/** Configurations of IBSI 2, phase 2, whose filters nacre has. */
const configurations = {
  '1.A': { imageType: { Original: {} }, setting: { force2D: true } },
  '1.B': {
    imageType: { Original: {} },
    setting: { resampledPixelSpacing: [1, 1, 1] },
  },
  '3.A': {
    imageType: { LoG: { sigma: [1.5] } },
    setting: { force2D: true },
  },
} as const;

/**
 * IBSI 2, phase 2: statistics of the CT phantom's tumour, without a filter and after a Laplacian of Gaussian slice by slice
 * (`force2D`, which is without effect nowhere).
 */
export default async function compare(): Promise<ParityReport> {
  const table = readFileSync(ibsiFile('values', 'ibsi_2_phase_2.csv'), 'utf8');
  const scan = await readVolume(ibsiFile('ct-phantom', 'image.nii.gz'));
  const mask = await readVolume(ibsiFile('ct-phantom', 'mask.nii.gz'));
  const rows: ParityRow[] = [];
  for (const [configuration, { imageType, setting }] of Object.entries(configurations)) {
    const { features } = new RadiomicsExtractor({
      imageType: imageType as never,
      featureClass: { firstorder: [], intensitystatistics: [] },
      setting: { conventions: 'ibsi', resegmentRange: [-1000, 400], ...setting } as never,
    }).execute(scan, mask);
    const byStatistic = new Map(
      Object.entries(features).map(([name, value]) => [name.slice(name.indexOf('_') + 1), value]),
    );
    for (const line of table.trim().split(/\r?\n/).slice(1)) {
      const [id, tag, value, tolerance] = line.split(';');
      const item = statistics[tag.replace('stat_', '')];
      if (id !== configuration || item === undefined || value === '') continue;
      const ours = byStatistic.get(item) ?? Number.NaN;
      rows.push({
        suite: 'ibsi2 statistics',
        case: configuration,
        item: item.replace('_', ' '),
        ours,
        reference: Number(value),
        tolerance,
        ownTolerance: true,
        ok: Math.abs(ours - Number(value)) <= Number(tolerance),
      });
    }
  }
  return { rows };
}
