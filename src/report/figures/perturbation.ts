import type { Data } from 'plotly.js-dist-min';
import type { PerturbationGroup } from '../../study/results.ts';
import { type Figure, grey, palette, plotText, syntheticMark } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { type OpenedRun, perturbationOf } from '../open-run.ts';

/** Classes of Koo and Li (2016), worst first, in colours that common forms of colour vision can distinguish. */
const classes: readonly {
  key: keyof Pick<PerturbationGroup, 'poor' | 'moderate' | 'good' | 'excellent'>;
  name: string;
  colour: string;
}[] = [
  { key: 'poor', name: 'poor, below 0.5', colour: palette[1] },
  { key: 'moderate', name: 'moderate, to 0.75', colour: palette[4] },
  { key: 'good', name: 'good, to 0.9', colour: palette[5] },
  { key: 'excellent', name: 'excellent, from 0.9', colour: palette[0] },
];

/**
 * Stability of features under redrawn outlines: a bar per extractor, scan and region, the share of its features in each
 * class of the intraclass correlation.
 *
 * @throws NacreError `no-perturbation` for a run of a study without `perturb`
 */
export function perturbation(run: OpenedRun): Figure {
  const { groups, times, icc, atLeast } = perturbationOf(run);
  const { cohort } = run.results;
  const labels = groups.map((group) =>
    [group.block, group.scan, group.region].filter((part) => part !== '').join(', '),
  );
  const data: Data[] = classes.map(({ key, name, colour }) => ({
    type: 'bar',
    orientation: 'h',
    name,
    x: groups.map((group) => group[key]),
    y: groups.map((_, row) => row),
    marker: { color: colour },
    customdata: groups.map(({ features }) => features),
    hovertemplate: `%{x:.0%} of %{customdata} features<extra>${name}</extra>`,
  }));
  if (groups.some((group) => group.undefined > 0)) {
    data.push({
      type: 'bar',
      orientation: 'h',
      name: 'not defined',
      x: groups.map((group) => group.undefined / group.features),
      y: groups.map((_, row) => row),
      marker: { color: grey },
      hovertemplate: '%{x:.0%}<extra>the same for everybody, or missing</extra>',
    });
  }
  const longest = Math.max(...labels.map((label) => label.length));
  return plotlyFigure({
    name: 'perturbation',
    caption: `Share of features in each class of ICC(${icc}) over ${times} redraws of every outline (rotation, translation, volume, contour), all patients. Features of at least ${atLeast} count as stable. Classes: Koo and Li 2016.`,
    data,
    layout: {
      ...baseLayout(
        'Which features survive another outline',
        `${syntheticMark(cohort.synthetic, 'patients')}${plotText(cohort.title)} · ${times} redraws per mask`,
        { width: 1000, height: 190 + 26 * groups.length },
      ),
      barmode: 'stack',
      bargap: 0.25,
      margin: { l: 30 + 7.4 * longest, r: 40, t: 112, b: 62 },
      showlegend: true,
      legend: {
        orientation: 'h',
        x: 0,
        xanchor: 'left',
        y: 1,
        yanchor: 'bottom',
        traceorder: 'normal',
      },
      xaxis: axis(`share of features, by ICC(${icc})`, { range: [0, 1], tickformat: '.0%' }),
      yaxis: {
        range: [groups.length - 0.4, -0.6],
        tickvals: groups.map((_, row) => row),
        // The spaces keep labels off the bars.
        ticktext: labels.map((label) => `${plotText(label)}\u00a0\u00a0`),
        zeroline: false,
      },
    },
  });
}
