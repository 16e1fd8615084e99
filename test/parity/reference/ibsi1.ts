import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { classNames, featureClass } from '../../../src/radiomics/feature-classes.ts';
import { sharedFolder } from '../../shared-folder.ts';
import { type ParityRow, SuiteSkipped } from '../parity-row.ts';
import { percent } from '../suites.ts';

/** Aggregations of IBSI: features of no matrix; matrices in 3D, 2.5D and 2D, averaged or merged, or without directions. */
const aggregations = new Map([
  ['', 'no matrix'],
  ['ITBB', '3D averaged'],
  ['IAZD', '3D merged'],
  ['KOBO', '3D'],
  ['JJUI', '2.5D averaged'],
  ['ZW7Z', '2.5D merged'],
  ['62GR', '2.5D'],
  ['BTW3', '2D averaged'],
  ['SUJT', '2D merged'],
  ['8QNN', '2D'],
]);

/** Tags whose code is that of two features. */
const ofSharedCode: Readonly<Record<string, string>> = {
  ivh_v10: 'intensityvolumehistogram_VolumeAtIntensityFraction10',
  ivh_v90: 'intensityvolumehistogram_VolumeAtIntensityFraction90',
  ivh_i10: 'intensityvolumehistogram_IntensityAtVolumeFraction10',
  ivh_i90: 'intensityvolumehistogram_IntensityAtVolumeFraction90',
};

/** What IBSI calls a consensus value. */
interface Consensus {
  tag: string;
  /** IBSI code; undefined for the properties of image and mask, which have none. */
  code: string | undefined;
  /** As in `aggregations`; undefined for those that are not ours. */
  how: string | undefined;
  value: number;
  /** 0: equal at three significant digits. */
  tolerance: number;
}

/** A file of the digital phantom, which is part of the repository: `image.nii.gz`, `mask.nii.gz`, `values.csv`. */
export function digitalPhantomFile(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/ibsi/${name}`, import.meta.url));
}

/** A file of IBSI's reference; skips the suite where it is not. */
export function ibsiFile(...path: string[]): string {
  const shared = sharedFolder();
  if (shared === undefined) throw new SuiteSkipped('../shared (NACRE_SHARED) is not there');
  return join(shared, 'reference', 'ibsi', ...path);
}

/** Every feature of every class, by parameter file names: nothing is left out for being deprecated. */
export function everyFeature(): Record<string, string[]> {
  return Object.fromEntries(
    classNames()
      // Shape in 2D is PyRadiomics' own and needs a region of one slice.
      .filter((name) => name !== 'shape2D')
      .map((name) => [name, featureClass(name).features.map((feature) => feature.name)]),
  );
}

/** Consensus values of the digital phantom, with codes. */
/** Dimensions in which texture matrices are made. */
export type Dimension = '3D' | '2.5D' | '2D';

/** Settings of the two aggregations of a dimension. */
export const aggregationsOf = {
  '3D': { averaged: '3D-averaged', merged: '3D-merged' },
  '2.5D': { averaged: '2.5D-averaged', merged: '2.5D-merged' },
  '2D': { averaged: '2D-averaged', merged: '2D-slice-merged' },
} as const;

export function digitalPhantomValues(dimension: Dimension = '3D'): Consensus[] {
  return codedTable().filter(({ value, how }) => !Number.isNaN(value) && isOf(how, dimension));
}

/** Values of no matrix are listed once, with those in 3D. */
function isOf(how: string | undefined, dimension: Dimension): boolean {
  if (how === undefined) return false;
  const of = (['2.5D', '2D'] as const).find((name) => how.startsWith(name)) ?? '3D';
  return of === dimension;
}

/** Consensus values of the CT phantom in a configuration, `a` to `d`; codes are those of the digital phantom's tags. */
export function ctPhantomValues(configuration: string, dimension: Dimension = '3D'): Consensus[] {
  const coded = new Map(codedTable().map((row) => [row.tag, row]));
  const text = readFileSync(ibsiFile('values', `chest_config_${configuration}.csv`), 'utf8');
  return lines(text)
    .map((line) => line.split(';'))
    .filter(([value]) => value !== '')
    .map(([value, tolerance, tag]) => ({
      tag,
      code: coded.get(tag)?.code,
      how: coded.has(tag) ? coded.get(tag)?.how : 'image and mask',
      value: Number(value),
      tolerance: Number(tolerance),
    }))
    .filter(({ how }) => isOf(how, dimension));
}

/** All rows; a value that is not there is NaN. Commas inside quotes (`"3D, merged"`) part no cells. */
function codedTable(): Consensus[] {
  const text = readFileSync(digitalPhantomFile('values.csv'), 'utf8');
  return lines(text).map((line) => {
    const cells = line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
    const [, tag, , , code, , aggregation, value, tolerance] = cells;
    return {
      tag,
      code,
      how: aggregations.get(aggregation),
      value: value === '' ? Number.NaN : Number(value),
      tolerance: Number(tolerance),
    };
  });
}

/** Without the header. */
function lines(text: string): string[] {
  return text.trim().split(/\r?\n/).slice(1);
}

/** A tolerance of 0 means equal at three significant digits: half a unit of the third. */
function allowed(value: number, tolerance: number): number {
  if (tolerance > 0) return tolerance;
  return value === 0 ? 1e-9 : 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
}

/** What an extraction gave, features by their name in `original_…`. */
export interface Extracted {
  averaged: Readonly<Record<string, number>>;
  merged: Readonly<Record<string, number>>;
  /** Properties of image and mask, by tag. */
  properties?: ReadonlyMap<string, number>;
}

/** Each consensus value beside ours; those we lack are named in a remark. */
export function ibsiRows(
  suite: string,
  configuration: string,
  reference: readonly Consensus[],
  { averaged, merged, properties = new Map() }: Extracted,
): { rows: ParityRow[]; remarks: string[] } {
  const byCode = new Map<string, string>();
  for (const name of classNames()) {
    for (const feature of featureClass(name).features) {
      if (feature.ibsi) byCode.set(feature.ibsi, `${name}_${feature.name}`);
    }
  }
  const rows: ParityRow[] = [];
  const lacking: string[] = [];
  for (const { tag, code, how, value, tolerance } of reference) {
    if (how === undefined) continue;
    const item = ofSharedCode[tag] ?? byCode.get(code ?? '') ?? tag;
    const ours =
      code === undefined
        ? properties.get(tag)
        : (how.endsWith('merged') ? merged : averaged)[`original_${item}`];
    if (ours === undefined) {
      lacking.push(`${tag} (${code ?? 'no code'})`);
      continue;
    }
    const within = allowed(value, tolerance);
    rows.push({
      suite,
      case: [configuration, how].filter((part) => part !== '').join(' '),
      item: item.replace('_', ' '),
      ...(code === undefined ? {} : { code }),
      ours,
      reference: value,
      tolerance: String(Number(within.toPrecision(3))),
      ownTolerance: true,
      // Rounding of binary fractions must not decide a value that lies on the limit itself.
      ok: Math.abs(ours - value) <= within * (1 + 1e-9),
    });
  }
  const good = rows.filter((row) => row.ok).length;
  const all = rows.length + lacking.length;
  return {
    rows,
    remarks: [
      `${configuration || 'digital phantom'}: ${good} of ${all} consensus values within IBSI's tolerance (${percent(good / all)})`,
      ...(lacking.length > 0 ? [`not implemented: ${lacking.join(', ')}`] : []),
    ],
  };
}
