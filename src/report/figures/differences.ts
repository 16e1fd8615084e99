import type { Data } from 'plotly.js-dist-min';
import type { MetricName } from '../../evaluation/metrics.ts';
import { rankedComparisons } from '../comparison-section.ts';
import { type Figure, ink, plotText, wrapText } from '../figure.ts';
import { type Annotation, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, type OpenedRun } from '../open-run.ts';
import { pValueText } from '../p-value.ts';
import { signed } from '../printed-number.ts';
import type { EndpointOptions } from './balanced-accuracy.ts';
import { uprightLine } from './chance-line.ts';
import { cohortLine } from './cohort-line.ts';

export interface DifferencesOptions extends EndpointOptions {
  /** Default balanced accuracy; the run compares AUC too. */
  metric?: MetricName | undefined;
  /** Pairs shown, in the order of the run. Default all. */
  top?: number | undefined;
}

/** Paired differences between feature sets with 95% intervals of the corrected resampled t-test; zero is no difference. */
export function differences(run: OpenedRun, options: DifferencesOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const metric = options.metric ?? 'balancedAccuracy';
  const title =
    metric === 'auc' ? 'AUC' : metric === 'balancedAccuracy' ? 'balanced accuracy' : metric;
  const pairs = endpoint.comparisons.filter((pair) => pair.metric === metric).slice(0, options.top);
  const titleOf = (id: string) => endpoint.featureSets.find((set) => set.id === id)?.title ?? id;
  const rows = pairs.length;
  const reach = Math.max(
    0.05,
    ...pairs.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]),
  );
  const data: Data[] = [
    {
      type: 'scatter',
      mode: 'markers',
      x: pairs.map(({ difference }) => difference),
      y: pairs.map((_, i) => rows - 1 - i),
      error_x: {
        type: 'data',
        symmetric: false,
        array: pairs.map(({ difference, high }) => high - difference),
        arrayminus: pairs.map(({ difference, low }) => difference - low),
        color: ink,
        thickness: 1.6,
        width: 6,
      },
      marker: { color: ink, size: 10, symbol: 'square' },
      text: pairs.map(({ p, pHolm }) => `p ${pValueText(p)}, Holm ${pValueText(pHolm)}`),
      hovertemplate: '%{x:+.3f} (%{text})<extra></extra>',
    },
  ];
  const beside: Annotation[] = pairs.map(({ difference, p, pHolm }, i) => ({
    x: 1,
    xref: 'paper',
    xanchor: 'left',
    xshift: 12,
    y: rows - 1 - i,
    yanchor: 'middle',
    showarrow: false,
    text: `${signed(difference.toFixed(3))}   ${pHolm === undefined || pHolm === null ? 'p' : 'p, Holm'} ${pValueText(pHolm ?? p)}`,
    font: { size: 13, color: ink },
  }));
  return plotlyFigure({
    name: `${endpoint.id}-differences-${metric.toLowerCase()}`,
    caption: `Differences in ${title} between feature sets on the same partitions: mean and 95% interval (${pairs.some(({ method }) => method === 'delong' || method === 'bootstrap') ? 'over test patients: DeLong or bootstrap' : 'corrected resampled t-test, Nadeau and Bengio 2003'}). Right of zero the first set is better. p is corrected by Holm for all ${rankedComparisons(endpoint).tests} tests of the endpoint.${pairs.some(({ p }) => p === null) ? ' –: no test, such as the same difference in every partition.' : ''}`,
    data,
    layout: {
      ...baseLayout(
        `Which differences hold? ${plotText(endpoint.title)}`,
        cohortLine(run, endpoint),
        {
          width: 900,
          height: 180 + 46 * Math.max(1, rows),
        },
      ),
      margin: { l: 316, r: 150, t: 96, b: 62 },
      xaxis: axis(`difference in ${title} (share; first minus second)`, {
        range: [-1.06 * reach, 1.06 * reach],
        tickformat: '.2f',
        nticks: 9,
      }),
      yaxis: {
        range: [-0.6, rows - 0.4],
        tickvals: pairs.map((_, i) => rows - 1 - i),
        ticktext: pairs.map(
          ({ a, b }) => `${wrapText(titleOf(a), 46)}<br>minus ${wrapText(titleOf(b), 40)}`,
        ),
        tickfont: { size: 12 },
        showgrid: false,
        zeroline: false,
      },
      shapes: [uprightLine(0)],
      annotations: beside,
    },
  });
}
