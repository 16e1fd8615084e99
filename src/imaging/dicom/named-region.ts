import { NacreError, nearestName } from '../../runtime/errors.ts';

/** Which region of a file is meant. */
export interface NamedChoice {
  /** Its name or number, or a pattern in which `*` stands for any characters. Undefined: the only one. */
  roi?: string | undefined;
}

/**
 * The one region that is meant: by its exact name, else by its number, else by a pattern.
 *
 * @throws NacreError `several-regions` with the names, `unknown-name`
 */
export function regionOfName<T extends { number: number; name: string }>(
  regions: readonly T[],
  { roi }: NamedChoice,
  file: string,
): T {
  const names = regions.map(({ name, number }) => name || String(number));
  if (regions.length === 0) {
    throw new NacreError('empty-mask', 'the file names no region', {
      file,
      expected: 'at least one region',
      todo: 'export the contours or the segmentation again',
    });
  }
  const found = matches(regions, roi);
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    throw new NacreError('several-regions', 'several regions could be meant', {
      file,
      found: found.map(({ name, number }) => name || String(number)).join(', '),
      expected: 'one of them',
      todo: 'name it (--roi NAME, or roi in the manifest); use the number where two have the same name',
    });
  }
  const near = nearestName(roi as string, names);
  throw new NacreError('unknown-name', 'no region of that name', {
    file,
    found: roi,
    expected: `one of ${names.join(', ')}`,
    todo: near === undefined ? 'correct the name' : `did you mean ${near}?`,
  });
}

function matches<T extends { number: number; name: string }>(
  regions: readonly T[],
  roi: string | undefined,
): T[] {
  if (roi === undefined) return [...regions];
  const exact = regions.filter(({ name }) => name === roi);
  if (exact.length > 0) return exact;
  const numbered = regions.filter(({ number }) => String(number) === roi);
  if (numbered.length > 0) return numbered;
  return regions.filter(({ name }) => fitsPattern(name, roi));
}

/** True where a name is a pattern in which `*` stands for any characters. Parts are taken from left to right: linear time. */
export function fitsPattern(name: string, pattern: string): boolean {
  if (!pattern.includes('*')) return name === pattern;
  const [first, ...rest] = pattern.split('*');
  if (!name.startsWith(first)) return false;
  let at = first.length;
  const last = rest[rest.length - 1];
  for (const part of rest.slice(0, -1)) {
    const next = name.indexOf(part, at);
    if (next < 0) return false;
    at = next + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
