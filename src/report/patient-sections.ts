import type { EndpointResults } from '../study/results.ts';
import type { Figure } from './figure.ts';
import { figurePlace } from './figure-place.ts';
import { cellText, sampleSizeCaption, univariateCaption } from './figures/table-figures.ts';
import { fold, type Html, html, htmlTable } from './html.ts';
import type { OpenedRun } from './open-run.ts';
import { printed } from './printed-number.ts';
import type { ReportPart } from './report-sections.ts';
import { type TableRow, tables } from './tables.ts';

/**
 * What a reviewer asks beside the accuracy of an endpoint: the patients, calibration and use, what moved the predictions, whether
 * there were enough patients, single features.
 *
 * @param drawn figures of the endpoint, named `<endpoint>-<what>`
 */
export function patientParts(
  run: OpenedRun,
  endpoint: EndpointResults,
  drawn: readonly Figure[],
): ReportPart[] {
  const choice = { endpoint: endpoint.id };
  const named = (what: string) => drawn.filter(({ name }) => name === `${endpoint.id}-${what}`);
  const part = (what: string, title: string, body: Html): ReportPart => ({
    id: `${endpoint.id}-section-${what}`,
    title,
    body,
  });
  const shap = drawn.filter(({ name }) => name.endsWith('-shap'));
  return [
    part(
      'patients',
      'Patients',
      html`${rowsTable(
        tables.tableOne(run, choice),
        'Table 1. Median (quartiles), or count (share of those known). p: two-sided rank-sum test between the classes, not corrected, descriptive.',
      )}
${named('flow').map(figurePlace)}
${fold('Missing values', named('missing').map(figurePlace))}`,
    ),
    part(
      'calibration',
      'Calibration and use',
      html`${rowsTable(
        calibrationRows(run, endpoint),
        'Held-out predictions of all partitions together. In the large: 0 is calibrated, below 0 predictions are too high. Slope: 1 is calibrated, below 1 predictions are too extreme. Brier score of the observed share: what one gets by predicting the prevalence for everybody. Expected calibration error: mean distance of predicted and observed share over ten bins of equal width.',
      )}
${fold('Calibration plot', named('calibration').map(figurePlace))}
${fold('Decision curves', named('decision-curve').map(figurePlace))}`,
    ),
    part('shap', 'What moved the predictions', html`${shap.map(figurePlace)}`),
    part('learning-curve', 'Learning curve', html`${named('learning-curve').map(figurePlace)}`),
    part(
      'sample-size',
      'Were there enough patients?',
      rowsTable(tables.sampleSize(run, choice), sampleSizeCaption),
    ),
    part(
      'univariate',
      'Single features, descriptive',
      fold('The columns that differ most between the classes', [
        rowsTable(tables.univariate(run, choice), univariateCaption(run, choice)),
      ]),
    ),
  ].filter(({ body }) => body.text.trim() !== '');
}

/** The calibration of the sets of the results table, in the columns that a reader needs. */
function calibrationRows(run: OpenedRun, { id, table }: EndpointResults): TableRow[] {
  const wanted = table?.sets ?? [undefined];
  return wanted
    .flatMap((featureSet) => tables.calibration(run, { endpoint: id, featureSet }))
    .map((row) => ({
      'feature set': row['feature set'],
      predicted: row['mean predicted'],
      observed: row['observed share'],
      'in the large': row['calibration intercept (slope 1)'],
      slope: row['calibration slope'],
      Brier: row['Brier (0 best)'],
      'Brier of the observed share': row['Brier of the observed share'],
      'expected calibration error': row['expected calibration error'],
    }));
}

/** Rows as a table; nothing where there are none. */
function rowsTable(rows: readonly TableRow[], caption: string): Html {
  if (rows.length === 0) return html``;
  const titles = Object.keys(rows[0]);
  return htmlTable(
    titles,
    rows.map((row) =>
      titles.map((title) => {
        const value = row[title];
        if (typeof value !== 'number') return cellText(title, value);
        return Number.isFinite(value) ? printed(cellText(title, value)) : '–';
      }),
    ),
    { numeric: titles.map((_, c) => c > 0 && titles[c] !== 'block'), caption },
  );
}
