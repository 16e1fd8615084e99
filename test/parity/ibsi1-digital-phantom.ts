import { readVolume } from '../../src/machine/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { Aggregation } from '../../src/radiomics/feature-class.ts';
import type { ParityReport } from './parity-row.ts';
import {
  aggregationsOf,
  digitalPhantomFile,
  digitalPhantomValues,
  everyFeature,
  ibsiRows,
} from './reference/ibsi1.ts';

/** Each IBSI 1 consensus value of the digital phantom beside ours, as the extractor gives it, in all six aggregations. */
export default async function compare(): Promise<ParityReport> {
  const image = await readVolume(digitalPhantomFile('image.nii.gz'));
  const mask = await readVolume(digitalPhantomFile('mask.nii.gz'));
  const extract = (aggregation: Aggregation) =>
    new RadiomicsExtractor({
      featureClass: everyFeature(),
      // Bins of width 1 from the minimum, which is 1, are the phantom's own levels.
      setting: { conventions: 'ibsi', binWidth: 1, aggregation },
    }).execute(image, mask).features;
  const suite = 'ibsi1 digital phantom';
  const report: Required<Pick<ParityReport, 'rows' | 'remarks'>> = { rows: [], remarks: [] };
  for (const dimension of ['3D', '2.5D', '2D'] as const) {
    const { averaged, merged } = aggregationsOf[dimension];
    const { rows, remarks } = ibsiRows(suite, '', digitalPhantomValues(dimension), {
      averaged: extract(averaged),
      merged: extract(merged),
    });
    report.rows.push(...rows);
    report.remarks.push(...remarks.map((remark) => `${dimension}: ${remark}`));
  }
  return report;
}
