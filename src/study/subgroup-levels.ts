import type { Cohort } from '../cohort/cohort.ts';
import { NacreError } from '../runtime/errors.ts';
import type { StudyConfig } from './config.ts';
import { describedColumn } from './design-columns.ts';

/** A variable by which results are broken down, for the labelled patients of an endpoint. */
export interface SubgroupVariable {
  column: string;
  title: string;
  /** In their order; for numbers bands such as `41 to 50`. */
  levels: string[];
  /** Level of each labelled patient, as a number in `levels`; -1 where missing. */
  levelOf: Int32Array;
}

/** Age bands of the MAMA-MIA challenge: upper ends, inclusive. */
const ageBands = [40, 50, 60, 70];
/** More levels than these are no subgroups. */
const mostLevels = 40;

/**
 * The variables by which a study breaks its results down: those it names, else those of the manifest.
 *
 * @param rows numbers of the labelled patients in the cohort
 * @throws NacreError `unknown-name`, `bad-config`
 */
export function subgroupVariables(
  { subgroups }: Pick<StudyConfig, 'subgroups'>,
  cohort: Pick<Cohort, 'id' | 'columns' | 'subgroups'>,
  rows: readonly number[],
): SubgroupVariable[] {
  const wanted = subgroups ?? cohort.subgroups ?? [];
  return wanted.map((one) => {
    const { column: name, bands } = typeof one === 'string' ? { column: one } : one;
    const column = describedColumn(cohort, name, 'subgroups');
    const title = column.meaning;
    if (column.type === 'text') {
      const values = rows.map((row) => column.values[row]);
      const present = new Set(values.flatMap((value) => value ?? []));
      const levels = (column.levels ?? [...present].sort()).filter((level) => present.has(level));
      if (levels.length > mostLevels) throw tooManyLevels(name, levels.length);
      return {
        column: name,
        title,
        levels: [...levels],
        levelOf: Int32Array.from(values, (v) => (v === undefined ? -1 : levels.indexOf(v))),
      };
    }
    const ends = bands ?? (column.unit === 'a' ? ageBands : undefined);
    if (ends === undefined) {
      throw new NacreError('bad-config', 'a number needs bands to make subgroups', {
        column: `subgroups: ${name}`,
        found: `unit ${column.unit}, no bands`,
        expected: `{ column: ${name}, bands: [upper ends, inclusive] }`,
      });
    }
    const values = Float64Array.from(rows, (row) => column.values[row]);
    return { column: name, title, ...banded(values, ends) };
  });
}

function banded(values: Float64Array, ends: readonly number[]) {
  const whole = values.every((value) => Number.isNaN(value) || Number.isInteger(value));
  const next = (end: number) => (whole ? `${end + 1}` : `above ${end}`);
  const all = [
    `up to ${ends[0]}`,
    ...ends.slice(1).map((end, i) => `${next(ends[i])} to ${end}`),
    `above ${ends[ends.length - 1]}`,
  ];
  const bandOf = (value: number) => {
    const band = ends.findIndex((end) => value <= end);
    return Number.isNaN(value) ? -1 : band < 0 ? ends.length : band;
  };
  const bands = Int32Array.from(values, bandOf);
  const present = all.map((_, band) => band).filter((band) => bands.includes(band));
  return {
    levels: present.map((band) => all[band]),
    levelOf: bands.map((band) => (band < 0 ? -1 : present.indexOf(band))),
  };
}

function tooManyLevels(name: string, count: number): NacreError {
  return new NacreError('bad-config', 'a column has too many values for subgroups', {
    column: `subgroups: ${name}`,
    found: `${count} values`,
    expected: `${mostLevels} or fewer`,
    todo: 'describe groups of values as a derived column in the manifest',
  });
}
