import { NacreError, unknownName } from '../runtime/errors.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { mean } from '../table/mean.ts';
import { quantile } from '../table/quantile.ts';
import type { Cohort } from './cohort.ts';

/** One variable of Table 1. Numbers are written as journals print them, the effect size stays a number. */
export interface TableOneRow {
  /** `age`, `her2`, `race=Asian`. */
  variable: string;
  /** `n (%)` for 0 and 1, `median [quartiles]` for the rest. */
  summary: 'n (%)' | 'median [quartiles]';
  /** Patients with a label of the endpoint. */
  all: string;
  positive: string;
  negative: string;
  /** Standardised mean difference, positive minus negative class, in pooled standard deviations; NaN where none varies. */
  difference: number;
  /** Patients without a value, among `all`. */
  missing: number;
}

/**
 * Table 1 of a paper: the clinical variables of the patients who have a label, by class. Differences are standardised
 * (Austin 2009) instead of tested: a p-value depends on the number of patients as much as on the difference.
 *
 * @param options block (default `clinical`) and endpoint (default the first)
 * @throws NacreError `unknown-name`, `no-clinical`
 */
export function tableOne(
  cohort: Cohort,
  options: { endpoint?: string | undefined; block?: string | undefined } = {},
): TableOneRow[] {
  const id = options.endpoint ?? Object.keys(cohort.endpoints)[0] ?? '';
  const endpoint = cohort.endpoints[id];
  if (endpoint === undefined) {
    throw unknownName('the cohort has no endpoint of that name', id, Object.keys(cohort.endpoints));
  }
  const name = options.block ?? 'clinical';
  const block = cohort.blocks[name];
  if (block === undefined) {
    throw new NacreError('no-clinical', `the cohort ${cohort.id} has no block ${name}`, {
      found: Object.keys(cohort.blocks).join(', '),
      todo: 'name predictors in the manifest, or another block',
    });
  }
  const rows = cohort.patients.map((_, row) => row).filter((row) => endpoint.labels[row] >= 0);
  const table = block.columns.map((column): TableOneRow => {
    const known = rows.filter((row) => !Number.isNaN(column.values[row]));
    const valuesOf = (label?: number) =>
      known
        .filter((row) => label === undefined || endpoint.labels[row] === label)
        .map((row) => column.values[row]);
    const binary = known.every((row) => column.values[row] === 0 || column.values[row] === 1);
    const text = binary ? share : quartiles;
    return {
      variable: column.name.startsWith(`${name}.`)
        ? column.name.slice(name.length + 1)
        : column.name,
      summary: binary ? 'n (%)' : 'median [quartiles]',
      all: text(valuesOf()),
      positive: text(valuesOf(1)),
      negative: text(valuesOf(0)),
      difference: standardisedDifference(valuesOf(1), valuesOf(0)),
      missing: rows.length - known.length,
    };
  });
  return withDisplay(table);
}

/** Difference of means over the root of the mean of the two variances; for shares the variance is p (1 - p). */
export function standardisedDifference(a: readonly number[], b: readonly number[]): number {
  const pooled = Math.sqrt((variance(a) + variance(b)) / 2);
  return pooled > 0 ? (mean(a) - mean(b)) / pooled : Number.NaN;
}

function share(values: readonly number[]): string {
  const ones = values.filter((value) => value === 1).length;
  return values.length === 0 ? '–' : `${ones} (${((100 * ones) / values.length).toFixed(0)}%)`;
}

function quartiles(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const sorted = [...values].sort((x, y) => x - y);
  const shown = (share: number) => String(Number(quantile(sorted, share).toPrecision(3)));
  return `${shown(0.5)} [${shown(0.25)} to ${shown(0.75)}]`;
}

/** Divided by N: for 0 and 1 it is p (1 - p). */
function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
}
