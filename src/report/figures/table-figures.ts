import type { Data } from 'plotly.js-dist-min';
import { type Figure, plotText } from '../figure.ts';
import { baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, type OpenedRun } from '../open-run.ts';
import { pValueText } from '../p-value.ts';
import * as rowsOf from '../patient-tables.ts';
import { printed } from '../printed-number.ts';
import type { TableRow } from '../table-row.ts';
import type { EndpointOptions } from './balanced-accuracy.ts';
import { cohortLine } from './cohort-line.ts';

/** Table 1 as a picture: the patients by class. */
export function tableOne(run: OpenedRun, options: EndpointOptions = {}): Figure {
  const caption =
    'Patients by class: median (quartiles), or count (share of those known). p: rank-sum test, not corrected, descriptive.';
  return tableFigure(run, options, 'table-one', 'Patients', rowsOf.tableOne(run, options), caption);
}

/** Univariate tests as a picture: the 20 columns of smallest p. */
export function univariate(run: OpenedRun, options: EndpointOptions = {}): Figure {
  return tableFigure(
    run,
    options,
    'univariate',
    'Single features, descriptive',
    rowsOf.univariate(run, options),
    univariateCaption(run, options),
  );
}

/** Events per candidate and minimum sample size as a picture. */
export function sampleSize(run: OpenedRun, options: EndpointOptions = {}): Figure {
  return tableFigure(
    run,
    options,
    'sample-size',
    'Events per candidate and minimum sample size',
    rowsOf.sampleSize(run, options),
    sampleSizeCaption,
  );
}

export const sampleSizeCaption = `Events: patients of the smaller class. Minimum patients: Riley et al. 2020 for as many parameters as there are candidates before selection, at the prevalence at hand, shrinkage 0.9 and an R² of ${100 * rowsOf.expectedNagelkerke}% of the largest possible, as advised where nothing is known. It is made for regression without selection: where far fewer patients are at hand, read the result as a first look.`;

/** What the univariate table shows, with its numbers. */
export function univariateCaption(run: OpenedRun, options: EndpointOptions = {}): string {
  const { description } = endpointOf(run, options.endpoint);
  const { tests = 0, discoveries = 0, top = [] } = description?.univariate ?? {};
  return `Descriptive: each column alone against the classes, on all labelled patients; no model uses it. Two-sided rank-sum test; q: Benjamini and Hochberg over all ${tests} columns tested, ${discoveries} of them at or below 0.05. The ${top.length} of smallest p; AUC below 0.5: lower values go with the first class.`;
}

/** Rows as a plotly table, wide enough for its longest cells. */
function tableFigure(
  run: OpenedRun,
  options: EndpointOptions,
  what: string,
  title: string,
  rows: readonly TableRow[],
  caption: string,
): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const titles = Object.keys(rows[0] ?? { 'this run holds no such numbers': '' });
  const cells = titles.map((name) => rows.map((row) => cellText(name, row[name])));
  // Room for the padding of a cell, and for a title on two or three lines.
  const widths = titles.map(
    (name, c) => 3 + Math.max(Math.min(14, name.length), ...cells[c].map(({ length }) => length)),
  );
  const width = Math.min(1000, Math.max(620, 8.2 * widths.reduce((sum, w) => sum + w, 0)));
  // Plotly gives a row with a “<” more room.
  const heights = rows.reduce(
    (sum, _, row) => sum + (cells.some((column) => column[row].includes('<')) ? 32 : 25),
    0,
  );
  const data = {
    type: 'table',
    columnwidth: widths,
    header: {
      values: titles.map((name) => `<b>${plotText(name)}</b>`),
      align: titles.map((_, c) => (c === 0 ? 'left' : 'right')),
      fill: { color: '#eeeeee' },
      line: { color: '#dddddd' },
      height: 28,
    },
    cells: {
      // A p-value stays on its line.
      values: cells.map((column) => column.map((text) => plotText(text.replace('< ', '<\u00a0')))),
      align: titles.map((_, c) => (c === 0 ? 'left' : 'right')),
      fill: { color: '#ffffff' },
      line: { color: '#e4e4e4' },
      height: 24,
    },
  };
  return plotlyFigure({
    name: `${endpoint.id}-${what}`,
    caption,
    data: [data as unknown as Data],
    layout: {
      ...baseLayout(`${title}: ${plotText(endpoint.title)}`, cohortLine(run, endpoint), {
        width,
        height: 200 + heights,
      }),
      margin: { l: 16, r: 16, t: 84, b: 16 },
    },
  });
}

/** A cell as text: p-values by their own rule, other numbers with as many digits as they need. */
export function cellText(name: string, value: TableRow[string]): string {
  if (value === undefined) return '–';
  if (typeof value !== 'number') return String(value);
  if (name === 'p' || name === 'q') return pValueText(value);
  if (name === 'share' || name.startsWith('patients at hand'))
    return value > 0 && value < 0.001 ? '< 0.1%' : `${(100 * value).toFixed(1)}%`;
  if (Number.isInteger(value)) return printed(String(value));
  const size = Math.abs(value);
  return printed(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 3));
}
