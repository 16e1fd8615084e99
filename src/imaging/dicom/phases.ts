import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import type { Vector3 } from '../volume.ts';
import type { FrameHeader } from './frame-header.ts';
import type { Moment } from './moment.ts';
import { along } from './series.ts';
import type { Slice } from './slice.ts';

/** The volumes in a series. */
export interface Phases {
  /** One or more; in each the slices ascend along the normal. In the order of the attribute that distinguishes them. */
  phases: Slice[][];
  /** The attribute by which they were distinguished; undefined where there is one volume. */
  by?: string | undefined;
  /** Slices left out, since another has the same position and pixels. */
  repeated: Slice[];
}

interface PhaseOptions {
  file: string;
  normal: Vector3;
  samePixels?: ((a: Slice, b: Slice) => boolean | Promise<boolean>) | undefined;
  note?: NoteAssumption | undefined;
}

/** Attributes that may distinguish the phases at one position, in the order in which they are tried. */
const attributes: readonly {
  name: string;
  field: (frame: FrameHeader) => number | Moment | undefined;
}[] = [
  { name: 'temporal position', field: ({ temporalPosition }) => temporalPosition },
  { name: 'acquisition time', field: ({ acquisition }) => acquisition },
  { name: 'trigger time', field: ({ trigger }) => trigger },
  { name: 'content time', field: ({ content }) => content },
];

/** Times without a date that are further apart than this may lie on both sides of midnight, seconds. */
const halfDay = 43_200;

/**
 * Splits positions at which several slices lie into volumes: by temporal position, then acquisition, trigger or content
 * time. A slice with the position and the pixels of another is left out.
 *
 * @param positions slices by position, ascending
 * @throws NacreError `ambiguous-slices` where no attribute distinguishes the slices of a position
 */
export async function splitPhases(
  positions: readonly Slice[][],
  options: PhaseOptions,
): Promise<Phases> {
  const least = Math.min(...positions.map(({ length }) => length));
  const most = Math.max(...positions.map(({ length }) => length));
  if (most === 1) return { phases: [positions.map(([slice]) => slice)], repeated: [] };
  const { kept, repeated } =
    least === most
      ? { kept: positions, repeated: [] }
      : await withoutRepeats(positions, least, options);
  if (least === 1) return noted({ phases: [kept.map(([slice]) => slice)], repeated }, options);
  const separated = distinguished(kept);
  // Two copies of a series count as one series, also where they were written at different times.
  if (await allRepeated(separated?.phases ?? phasesAsTheyLie(kept), options)) {
    return noted(
      {
        phases: [kept.map(([slice]) => slice)],
        repeated: [...repeated, ...kept.flatMap((slices) => slices.slice(1))],
      },
      options,
    );
  }
  if (separated === undefined) throw ambiguous(kept, kept[0], options, least);
  return noted({ ...separated, repeated }, options);
}

/** Leaves out repeated slices so that each position has as many as the one with the fewest. */
async function withoutRepeats(
  positions: readonly Slice[][],
  least: number,
  options: PhaseOptions,
): Promise<{ kept: Slice[][]; repeated: Slice[] }> {
  const kept: Slice[][] = [];
  const repeated: Slice[] = [];
  for (const slices of positions) {
    const different: Slice[] = [];
    const same: Slice[] = [];
    for (const slice of slices) {
      const is = slices.length > least && (await isAmong(slice, different, options));
      (is ? same : different).push(slice);
    }
    // Two phases may share an empty slice: repeats are removed only until every position has the same number.
    while (different.length < least) different.push(same.shift() as Slice);
    if (different.length > least) throw ambiguous(positions, slices, options, least);
    kept.push(different);
    repeated.push(...same);
  }
  return { kept, repeated };
}

async function isAmong(
  slice: Slice,
  others: readonly Slice[],
  { samePixels }: PhaseOptions,
): Promise<boolean> {
  for (const other of others) if (await samePixels?.(other, slice)) return true;
  return false;
}

/** True where every phase has the pixels of the first at every position. */
async function allRepeated(
  [first, ...others]: readonly Slice[][],
  { samePixels }: PhaseOptions,
): Promise<boolean> {
  if (samePixels === undefined) return false;
  for (const phase of others) {
    for (const [i, slice] of phase.entries()) {
      if (!(await samePixels(first[i], slice))) return false;
    }
  }
  return true;
}

function phasesAsTheyLie(positions: readonly Slice[][]): Slice[][] {
  return positions[0].map((_, phase) => positions.map((slices) => slices[phase]));
}

/** The phases by the first attribute that every slice has and that differs within each position. */
function distinguished(
  positions: readonly Slice[][],
): { phases: Slice[][]; by: string } | undefined {
  for (const { name, field } of attributes) {
    const values = positions.map((slices) => slices.map(({ frame }) => field(frame)));
    const numbers = comparable(values);
    if (numbers === undefined) continue;
    if (numbers.some((row) => new Set(row).size < row.length)) continue;
    const orders = numbers.map((row) => row.map((_, i) => i).sort((a, b) => row[a] - row[b]));
    const temporal = name === attributes[0].name;
    const names = new Set(numbers.map((row, p) => orders[p].map((i) => row[i]).join()));
    // A temporal position is the same number in every slice of a phase; times may differ from slice to slice.
    if (temporal && names.size > 1) continue;
    const phases = orders[0].map((_, phase) =>
      positions.map((slices, p) => slices[orders[p][phase]]),
    );
    return { phases, by: name };
  }
  return undefined;
}

/** The values as numbers, seconds of moments; undefined where one is missing or the times may run past midnight. */
function comparable(
  values: readonly (readonly (number | Moment | undefined)[])[],
): number[][] | undefined {
  const flat = values.flat();
  if (flat.some((value) => value === undefined)) return undefined;
  const moments = flat.filter((value): value is Moment => typeof value === 'object');
  const dated = moments.every(({ day }) => day !== undefined);
  if (!dated && moments.some(({ day }) => day !== undefined)) return undefined;
  const seconds = (value: number | Moment): number =>
    typeof value === 'number' ? value : (value.day ?? 0) * 86_400 + value.second;
  if (!dated) {
    const all = moments.map(seconds);
    if (Math.max(...all) - Math.min(...all) > halfDay) return undefined;
  }
  return values.map((row) => row.map((value) => seconds(value as number | Moment)));
}

function ambiguous(
  positions: readonly Slice[][],
  slices: readonly Slice[],
  { file, normal }: PhaseOptions,
  least: number,
): NacreError {
  const at = along(normal, slices[0].frame.position as Vector3);
  const counts = [...new Set(positions.map(({ length }) => length))].sort((a, b) => a - b);
  const uneven = counts.length > 1;
  const differing = differences(slices);
  return new NacreError(
    'ambiguous-slices',
    uneven
      ? 'some positions hold more slices than others, with different pixels'
      : 'every position holds several slices, and nothing in the headers distinguishes them',
    {
      file,
      found: `${slices.length} different slices at ${Number(at.toFixed(3))} mm along the normal${differing}`,
      expected: uneven
        ? `${least} at each of the ${positions.length} positions, as at the one with the fewest`
        : `a temporal position, acquisition, trigger or content time that differs between them`,
      todo: uneven
        ? 'export the series whole, or its parts as series of their own'
        : 'export each volume as a series of its own',
    },
  );
}

/** Other attributes that differ between slices at one position, for the message. */
function differences(slices: readonly Slice[]): string {
  const differs = (field: (slice: Slice) => unknown) =>
    new Set(slices.map((slice) => JSON.stringify(field(slice) ?? null))).size > 1;
  const names = [
    ['image type', ({ frame, header }: Slice) => frame.frameType ?? header.imageType],
    ['echo time', ({ frame }: Slice) => frame.echoTime],
    ['b value', ({ frame }: Slice) => frame.bValue],
  ] as const;
  const found = names.filter(([, read]) => differs(read)).map(([name]) => name);
  return found.length === 0 ? '' : ` (they differ in ${found.join(' and ')})`;
}

function noted(phases: Phases, { file, note }: PhaseOptions): Phases {
  const { repeated, by } = phases;
  if (repeated.length > 0) {
    note?.({
      kind: 'dicom-repeated-slices',
      file,
      found: `${repeated.length} ${repeated.length === 1 ? 'slice' : 'slices'} with the position and the pixels of another`,
      taken: 'each position once',
      why: 'the copies hold nothing new',
    });
  }
  if (by === undefined) return phases;
  note?.({
    kind: 'dicom-phases',
    file,
    found: `${phases.phases[0].length} positions, each ${phases.phases.length} times`,
    taken: `${phases.phases.length} volumes, by ${by}`,
    why: 'a series of several phases is not one stack',
  });
  const others = differences(phases.phases.map(([slice]) => slice));
  if (others !== '') {
    note?.({
      kind: 'dicom-phases-differ',
      file,
      found: `volumes of one series that differ in more than time${others}`,
      taken: `volumes in the order of ${by}`,
      why: 'they may be echoes or reconstructions, not phases: look at them',
    });
  }
  const means = phases.phases.map(meanAcquisition);
  if (means.some((mean, i) => i > 0 && mean < means[i - 1])) {
    note?.({
      kind: 'dicom-phase-order',
      file,
      found: `acquisition times that do not ascend with ${by}`,
      taken: `the order of ${by}`,
      why: 'check which volume is the first',
    });
  }
  return phases;
}

function meanAcquisition(slices: readonly Slice[]): number {
  const seconds = slices.map(({ frame: { acquisition } }) =>
    acquisition === undefined ? Number.NaN : (acquisition.day ?? 0) * 86_400 + acquisition.second,
  );
  return seconds.reduce((a, b) => a + b, 0) / seconds.length;
}
