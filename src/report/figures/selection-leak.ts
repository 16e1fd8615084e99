import type { Data } from 'plotly.js-dist-min';
import type { SelectionLeak } from '../../evaluation/selection-leak.ts';
import { mean } from '../../table/mean.ts';
import { type Figure, grey, ink, plotText, syntheticMark, tint } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { chanceLine } from './chance-line.ts';

export interface SelectionLeakFigureOptions {
  /** Source of the features. */
  subtitle?: string | undefined;
  /** True for synthetic patients; the subtitle states it. */
  synthetic?: boolean | undefined;
}

/** Balanced accuracy on shuffled labels, features selected inside each partition and once before the split. */
export function selectionLeak(
  leak: SelectionLeak,
  options: SelectionLeakFigureOptions = {},
): Figure {
  const kinds = [
    { title: 'selected inside<br>each partition', values: leak.inside },
    { title: 'selected once on<br>all patients', values: leak.before },
  ];
  // Grey and black: hues are kept for sources of features.
  const colours = [grey, ink];
  const data: Data[] = kinds.flatMap(({ title, values }, i): Data[] => [
    {
      type: 'bar',
      orientation: 'h',
      name: title,
      x: [mean(values) - 0.5],
      base: [0.5],
      y: [1 - i],
      width: 0.5,
      marker: { color: tint(colours[i], 0.35), line: { color: colours[i], width: 1.5 } },
      hovertemplate: `mean ${mean(values).toFixed(3)}<extra></extra>`,
    } as Data,
    {
      type: 'scatter',
      mode: 'markers',
      x: [...values],
      y: values.map((_, k) => 1 - i + 0.12 * (k - (values.length - 1) / 2)),
      marker: { color: colours[i], size: 9, line: { color: '#ffffff', width: 1 } },
      hovertemplate: '%{x:.3f}<extra></extra>',
    },
  ]);
  const all = [...leak.inside, ...leak.before, 0.5];
  return plotlyFigure({
    name: 'selection-leak',
    caption:
      'Balanced accuracy on shuffled labels, where 0.5 is all there is to find: a dot a shuffling (mean over its partitions), the bar their mean. What lies to the right of 0.5 in the second row was made by selecting features on patients who were tested later.',
    data,
    layout: {
      ...baseLayout(
        'What selecting before the split would have added',
        `${syntheticMark(options.synthetic, 'patients')}${plotText(options.subtitle ?? '')}`,
        {
          width: 900,
          height: 300,
        },
      ),
      margin: { l: 160, r: 100, t: 84, b: 62 },
      barmode: 'overlay',
      xaxis: axis('balanced accuracy on shuffled labels (share, 0.5 = chance)', {
        range: [Math.min(...all) - 0.04, Math.max(...all) + 0.04],
        tickformat: '.2f',
      }),
      yaxis: {
        range: [-0.6, 1.6],
        tickvals: [1, 0],
        ticktext: kinds.map(({ title }) => title),
        showgrid: false,
        zeroline: false,
      },
      shapes: [chanceLine()],
      annotations: kinds.map(({ values }, i) => ({
        x: 1,
        xref: 'paper',
        xanchor: 'left',
        xshift: 12,
        y: 1 - i,
        yanchor: 'middle',
        showarrow: false,
        text: `mean ${mean(values).toFixed(3)}`,
        font: { size: 13, color: ink },
      })),
    },
  });
}
