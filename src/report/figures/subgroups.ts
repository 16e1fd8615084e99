import type { Data } from 'plotly.js-dist-min';
import { type Figure, grey, ink, plotText, wrapText } from '../figure.ts';
import { type Annotation, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, featureSetOf, type OpenedRun } from '../open-run.ts';
import type { EndpointOptions } from './balanced-accuracy.ts';
import { uprightLine } from './chance-line.ts';
import { cohortLine } from './cohort-line.ts';

export interface SubgroupsOptions extends EndpointOptions {
  /** Default the set of the highest AUC. */
  featureSet?: string | undefined;
  /** Default AUC. */
  metric?: 'auc' | 'balancedAccuracy' | undefined;
}

/** One metric of a feature set by subgroup, with 95% intervals and counts; the dashed line is that of all patients. */
export function subgroups(run: OpenedRun, options: SubgroupsOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const best = [...endpoint.featureSets].sort((a, b) => b.summary.auc.mean - a.summary.auc.mean)[0];
  const set = options.featureSet === undefined ? best : featureSetOf(endpoint, options.featureSet);
  const metric = options.metric ?? 'auc';
  const metricTitle = metric === 'auc' ? 'AUC' : 'balanced accuracy';
  // A heading before the levels of each variable.
  const lines = (set.subgroups ?? []).flatMap(({ title, levels }) => [
    { heading: title.split(/[,;(]/)[0], level: undefined },
    ...levels.map((level) => ({ heading: undefined, level })),
  ]);
  const at = (line: number) => lines.length - 1 - line;
  const measured = lines.flatMap(({ level }, i) =>
    level?.summary ? [{ y: at(i), ...level.summary[metric] }] : [],
  );
  const data: Data[] = [
    {
      type: 'scatter',
      mode: 'markers',
      x: measured.map(({ mean }) => mean),
      y: measured.map(({ y }) => y),
      error_x: {
        type: 'data',
        symmetric: false,
        array: measured.map(({ mean, high }) => Math.min(1, high) - mean),
        arrayminus: measured.map(({ mean, low }) => mean - Math.max(0, low)),
        color: ink,
        thickness: 1.6,
        width: 5,
      },
      marker: { color: ink, size: 9, symbol: 'square' },
      hovertemplate: '%{x:.3f}<extra></extra>',
    },
  ];
  const beside: Annotation[] = lines.flatMap(({ level }, i): Annotation[] =>
    level === undefined
      ? []
      : [
          {
            x: 1,
            xref: 'paper',
            xanchor: 'left',
            xshift: 12,
            y: at(i),
            yanchor: 'middle',
            showarrow: false,
            text: `${level.positives} of ${level.patients}${level.summary === null ? ', not measured' : ''}`,
            font: { size: 13, color: level.summary === null ? grey : ink },
          },
        ],
  );
  const whole = set.summary[metric].mean;
  return plotlyFigure({
    name: `${endpoint.id}-subgroups`,
    caption: `${metricTitle} of ${set.title} by subgroup, on test rows: mean and 95% interval${measured.some(({ low, high }) => low < 0 || high > 1) ? ' (drawn up to 0 and 1)' : ''}; at the right ${endpoint.positiveName} of patients. Dashed: all patients, ${whole.toFixed(3)}. Levels with fewer than five patients of a class, or whose test rows lack one in more than half of the partitions, are not measured.`,
    data,
    layout: {
      ...baseLayout(
        `For whom does it hold? ${plotText(endpoint.title)}`,
        cohortLine(run, endpoint),
        { width: 900, height: 190 + 30 * Math.max(1, lines.length) },
      ),
      margin: { l: 250, r: 170, t: 96, b: 62 },
      xaxis: axis(`${metricTitle} (share)`, { range: [0, 1], nticks: 6 }),
      yaxis: {
        range: [-0.7, lines.length - 0.3],
        tickvals: lines.map((_, i) => at(i)),
        ticktext: lines.map(({ heading, level }) =>
          heading === undefined
            ? plotText(level?.name ?? '')
            : `<b>${wrapText(plotText(heading), 34)}</b>`,
        ),
        tickfont: { size: 12 },
        showgrid: false,
        zeroline: false,
      },
      shapes: [uprightLine(whole)],
      annotations: beside,
    },
  });
}
