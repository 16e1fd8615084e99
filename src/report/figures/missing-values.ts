import { type Figure, plotText } from '../figure.ts';
import { baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, type OpenedRun } from '../open-run.ts';
import { missingValues as rowsOf } from '../patient-tables.ts';
import type { EndpointOptions } from './balanced-accuracy.ts';
import { cohortLine } from './cohort-line.ts';
import { missingMarks } from './missing-marks.ts';

/** Missing values of a run, a row per column and a mark per class: where the marks differ, missingness itself may predict. */
export function missingValues(
  run: OpenedRun,
  options: EndpointOptions & { top?: number } = {},
): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const { description, positiveName, negativeName } = endpoint;
  const rows = rowsOf(run, options);
  const shown = [...rows]
    .sort((a, b) => Number(b.missing) - Number(a.missing))
    .slice(0, options.top ?? 20);
  const complete = (description?.missing ?? []).map(
    ({ block, columns, incomplete }) => `${block} ${columns - incomplete} of ${columns}`,
  );
  const { data, layout } = missingMarks(
    shown.map((row) => ({
      name: String(row.variable),
      byClass: [Number(row[positiveName]), Number(row[negativeName])],
    })),
    [positiveName, negativeName],
  );
  return plotlyFigure({
    name: `${endpoint.id}-missing`,
    caption: `Patients without a value, by class; ${shown.length === 0 ? 'no column lacks any' : `the ${shown.length} columns that lack most`}. Complete columns: ${complete.join(', ') || 'not recorded by this run'}.`,
    data,
    layout: {
      ...baseLayout(`What is missing: ${plotText(endpoint.title)}`, cohortLine(run, endpoint), {
        width: 1000,
        height: 190 + 24 * Math.max(1, shown.length),
      }),
      ...layout,
    },
  });
}
