import type { Cohort } from '../../cohort/cohort.ts';
import { type Figure, plotText, syntheticMark } from '../figure.ts';
import { baseLayout, plotlyFigure } from '../figure-layout.ts';
import { cohortTitle } from '../said-once.ts';
import { missingMarks } from './missing-marks.ts';

export interface MissingnessOptions {
  /** Block of the cohort. Default `clinical`. */
  block?: string | undefined;
  /** Id of the endpoint whose classes are distinguished; default the first one. */
  endpoint?: string | undefined;
  /** Columns shown, most often missing first. Default 25. */
  top?: number | undefined;
}

/**
 * Share of patients without a value, a row per column of one block, in each class of an endpoint: if the marks
 * of a row differ, missingness itself may predict the outcome.
 */
export function missingness(cohort: Cohort, options: MissingnessOptions = {}): Figure {
  const endpoint = cohort.endpoints[options.endpoint ?? Object.keys(cohort.endpoints)[0]];
  const block =
    options.block ??
    (cohort.blocks.clinical === undefined ? Object.keys(cohort.blocks)[0] : 'clinical');
  const classes = [1, 0].map((label) =>
    cohort.patients.flatMap((_, row) => (endpoint.labels[row] === label ? [row] : [])),
  );
  const share = (values: Float64Array, rows: readonly number[]) =>
    rows.filter((row) => Number.isNaN(values[row])).length / Math.max(1, rows.length);
  const columns = cohort.blocks[block].columns
    .map(({ name, values }) => ({
      name,
      all: share(
        values,
        cohort.patients.map((_, row) => row),
      ),
      byClass: classes.map((rows) => share(values, rows)),
    }))
    .sort((a, b) => b.all - a.all || (a.name < b.name ? -1 : 1));
  const shown = columns.slice(0, options.top ?? 25);
  const names = [endpoint.positiveName, endpoint.negativeName];
  const { data, layout } = missingMarks(
    shown,
    names.map((name, i) => `${name} (${classes[i].length})`),
  );
  const whole = columns.filter(({ all }) => all === 0).length;
  return plotlyFigure({
    name: `missing-${block}`,
    caption: `Share of patients without a value in block ${block}, by ${endpoint.title}; ${shown.length} of ${columns.length} columns, most often missing first (${whole} have every value).`,
    data,
    layout: {
      ...baseLayout(
        `What is missing: ${plotText(block)}`,
        `${syntheticMark(cohort.synthetic, 'patients')}${plotText(cohortTitle(cohort))} · ${cohort.patients.length} patients`,
        { width: 1000, height: 180 + 24 * shown.length },
      ),
      ...layout,
    },
  });
}
