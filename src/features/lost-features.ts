import type { Assumption } from '../runtime/assumptions.ts';

/**
 * A case that has no value for more than this share of its features counts as failed in part: 10%. So does one that has none
 * for any feature of an image, such as a Laplacian of Gaussian of three slices beside many wavelets.
 */
export const mostLost = 0.1;

/** Names that a message gives as examples. */
const shown = 3;

/**
 * Sentence on the features that a region lost: `93 of 107 features have no value, such as original_glcm_Id (too many levels)`;
 * undefined where it lost no more than `mostLost` of them, and of each image some have a value.
 *
 * @param values in the order of the names; NaN or null where there is none
 * @param reasons by name, where known
 */
export function lostFeatures(
  values: ArrayLike<number | null>,
  names: readonly string[],
  reasons: Readonly<Record<string, string>>,
): string | undefined {
  const lost = names.filter((_, i) => Number.isNaN(values[i] ?? Number.NaN));
  const whole = wholeImages(names, new Set(lost));
  if (lost.length <= mostLost * names.length && whole.length === 0) return undefined;
  const reason = reasons[lost[0]];
  const all = whole.length > 0 && lost.length < names.length ? `, all of ${whole.join(', ')}` : '';
  return `${lost.length} of ${names.length} features have no value${all}, such as ${lost[0]}${reason === undefined ? '' : ` (${reason})`}`;
}

/** Images (`log-sigma-3-0-mm-3D`) of which each feature is lost. */
function wholeImages(names: readonly string[], lost: ReadonlySet<string>): string[] {
  const left = new Map<string, number>();
  for (const name of names) {
    const image = name.slice(0, name.indexOf('_'));
    left.set(image, (left.get(image) ?? 0) + (lost.has(name) ? 0 : 1));
  }
  return [...left].flatMap(([image, values]) => (values === 0 ? [image] : []));
}

/** Advice on lost features. */
export const lostFeaturesTodo =
  'check the region and the settings (bin width, filters, resampling); fewer than 10% lost is not reported';

/** The assumption that goes with a row of an extraction that lost features. */
export function lostAssumption(region: string, sentence: string): Assumption {
  return {
    kind: 'features-lost',
    level: 'warning',
    found: `${region}, radiomics: ${sentence}`,
    taken: 'left missing; a study imputes them from training rows',
    why: lostFeaturesTodo,
  };
}

/**
 * Columns without a value in any case, as a sentence by group; empty where each column has one, or where there is one case
 * alone, of which `lostFeatures` speaks.
 *
 * @param columns a group is scan and region, or the block
 */
export function emptyColumns(
  columns: readonly { name: string; group: string; values: ArrayLike<number> }[],
): string[] {
  const groups = new Map<string, { all: number; empty: string[] }>();
  for (const { name, group, values } of columns) {
    const known = groups.get(group) ?? { all: 0, empty: [] };
    groups.set(group, known);
    known.all++;
    if (values.length > 1 && isEmpty(values)) known.empty.push(name);
  }
  return [...groups].flatMap(([group, { all, empty }]) => {
    if (empty.length === 0) return [];
    const more = empty.length > shown ? ', …' : '';
    return [
      `${group}: ${empty.length} of ${all} columns have no value in any case: ${empty.slice(0, shown).join(', ')}${more}`,
    ];
  });
}

/** The assumption for columns that are empty in every case. */
export function emptyAssumption(sentence: string): Assumption {
  return {
    kind: 'column-empty',
    level: 'warning',
    found: sentence,
    taken: 'kept in the table; no study can select them',
    why: 'the settings ask for features that these scans cannot give; check them',
  };
}

/** Kinds of assumptions with which a command ends as finished but failed in part. */
const failedInPart: ReadonlySet<string> = new Set(['features-lost', 'column-empty']);

export function isFailedInPart(assumptions: readonly Assumption[]): boolean {
  return assumptions.some(({ kind }) => failedInPart.has(kind));
}

function isEmpty(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) return false;
  return true;
}
