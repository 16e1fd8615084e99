import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVolume } from '../../src/imaging/read-volume.ts';
import { withLevels } from '../../src/radiomics/discretisation.ts';
import { classNames, featureClass } from '../../src/radiomics/feature-classes.ts';
import { regionOfInterest } from '../../src/radiomics/region-of-interest.ts';
import { sharedFolder } from '../../src/runtime/shared-data.ts';
import { type ParityReport, SuiteSkipped } from './parity-row.ts';

/** Aggregations of IBSI that are ours: features of no matrix, 3D averaged, 3D merged, 3D zones and neighbourhoods. */
const aggregations = new Map([
  ['', ''],
  ['ITBB', '3D averaged'],
  ['IAZD', '3D merged'],
  ['KOBO', '3D'],
]);

/** Cells of a line; commas inside quotes (`"3D, merged"`) part nothing. */
function cells(line: string): string[] {
  return line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
}

/** A tolerance of 0 means equal at three significant digits: half a unit of the third. */
function allowed(value: number, tolerance: number): number {
  if (tolerance > 0) return tolerance;
  return value === 0 ? 1e-9 : 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
}

/** Each IBSI 1 consensus value of the digital phantom for 3D, beside ours; features we lack are named in a remark. */
export default async function compare(): Promise<ParityReport> {
  const shared = sharedFolder();
  if (shared === undefined) throw new SuiteSkipped('../shared (NACRE_SHARED) is not there');
  const ibsi = join(shared, 'reference', 'ibsi');
  const image = await readVolume(join(ibsi, 'digital-phantom', 'image.nii.gz'));
  const mask = await readVolume(join(ibsi, 'digital-phantom', 'mask.nii.gz'));
  const region = withLevels(regionOfInterest(image, mask));
  const ours = new Map<string, { item: string; value: number }>();
  for (const merged of [false, true]) {
    for (const name of classNames()) {
      const { features, compute } = featureClass(name);
      // A class without IBSI codes (2D shape) has nothing to compare, and may refuse a region of several slices.
      if (features.every((feature) => feature.ibsi === undefined)) continue;
      const values = compute(region, {
        conventions: 'ibsi',
        weightingNorm: merged ? 'no_weighting' : undefined,
        enabled: new Set(features.map((feature) => feature.name)),
      });
      const codes = new Map(features.map((feature) => [feature.name, feature.ibsi]));
      for (const { name: feature, value } of values) {
        const code = codes.get(feature);
        if (code) ours.set(`${code} ${merged}`, { item: `${name} ${feature}`, value });
      }
    }
  }
  const rows: ParityReport['rows'] = [];
  const lacking: string[] = [];
  const table = readFileSync(join(ibsi, 'ibsi_1_digital_phantom_values.csv'), 'utf8');
  for (const line of table.trim().split('\n').slice(1)) {
    const [, tag, , , code, , aggregation, text, tolerance] = cells(line);
    const how = aggregations.get(aggregation);
    if (how === undefined || text === '') continue;
    const found = ours.get(`${code} ${aggregation === 'IAZD'}`);
    if (found === undefined) {
      lacking.push(`${tag} (${code})`);
      continue;
    }
    const reference = Number(text);
    const within = allowed(reference, Number(tolerance));
    rows.push({
      suite: 'ibsi1 digital phantom',
      case: how,
      item: found.item,
      code,
      ours: found.value,
      reference,
      tolerance: String(within),
      // Rounding of binary fractions must not decide a value that lies on the limit itself.
      ok: Math.abs(found.value - reference) <= within * (1 + 1e-9),
    });
  }
  const within = rows.filter((row) => row.ok).length;
  return {
    rows,
    remarks: [
      `${within} of ${rows.length} values compared within tolerance; ${within} of ${rows.length + lacking.length} 3D consensus values in all`,
      ...(lacking.length > 0 ? [`not implemented: ${lacking.join(', ')}`] : []),
    ],
  };
}
