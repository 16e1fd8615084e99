import { readFileSync } from 'node:fs';
import { readVolume } from '../../src/machine/read-volume.ts';
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

/** Configurations of IBSI 2, phase 2: A slice by slice as the scan is, B in 3D after a tricubic resampling to 1 mm. */
const flat = { force2D: true };
const cubic = { resampledPixelSpacing: [1, 1, 1] };
const gabor = { gaborSigma: 5, gaborGamma: 1.5, gaborLambda: 2, gaborThetaStep: 22.5 };
const daubechies = { wavelet: 'db3', rotationInvariance: 'mean' };
const configurations = {
  '1.A': { imageType: { Original: {} }, setting: flat },
  '1.B': { imageType: { Original: {} }, setting: cubic },
  '2.B': { imageType: { Mean: { meanSize: 5 } }, setting: cubic },
  '3.A': { imageType: { LoG: { sigma: [1.5] } }, setting: flat },
  '4.B': {
    imageType: { Laws: { lawsKernel: 'L5E5E5', rotationInvariance: 'max', lawsEnergy: 7 } },
    setting: cubic,
  },
  '5.A': { imageType: { Gabor: gabor }, setting: flat },
  '6.B': { imageType: { Wavelet: daubechies }, setting: cubic, map: 'wavelet-LLH' },
  '7.A': {
    imageType: { Wavelet: { ...daubechies, level: 1, start_level: 1 } },
    setting: flat,
    map: 'wavelet-HH',
  },
  '8.B': { imageType: { Simoncelli: {} }, setting: cubic },
  '9.A': { imageType: { Simoncelli: { start_level: 1 } }, setting: flat },
} as const;

/**
 * IBSI 2, phase 2: statistics of the CT phantom's tumour in every configuration whose values are here, as a user would set it:
 * the range is applied to the image before the filter, which mirrors what lies beyond.
 */
export default async function compare(): Promise<ParityReport> {
  const table = readFileSync(ibsiFile('values', 'ibsi_2_phase_2.csv'), 'utf8');
  const scan = await readVolume(ibsiFile('ct-phantom', 'image.nii.gz'));
  const mask = await readVolume(ibsiFile('ct-phantom', 'mask.nii.gz'));
  const rows: ParityRow[] = [];
  for (const [configuration, chosen] of Object.entries(configurations)) {
    const { imageType, setting } = chosen;
    const map = 'map' in chosen ? chosen.map : '';
    const { features } = new RadiomicsExtractor({
      imageType: imageType as never,
      featureClass: { firstorder: [], intensitystatistics: [] },
      setting: { conventions: 'ibsi', resegmentRange: [-1000, 400], ...setting } as never,
    }).execute(scan, mask);
    const byStatistic = new Map(
      Object.entries(features)
        .filter(([name]) => name.startsWith(map))
        .map(([name, value]) => [name.slice(name.indexOf('_') + 1), value]),
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
