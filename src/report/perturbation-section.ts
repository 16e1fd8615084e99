import type { StudyResults } from '../study/results.ts';
import type { Figure } from './figure.ts';
import { figurePlace } from './figure-place.ts';
import { type Html, html, htmlTable } from './html.ts';
import { printed } from './printed-number.ts';

/** Section of the report on features under redrawn outlines; empty for a study without `perturb`. */
export function perturbationSection(
  { perturbation }: StudyResults,
  drawn: readonly Figure[],
): Html {
  if (perturbation === undefined) return html``;
  const { times, icc, atLeast, groups } = perturbation;
  const number = (value: number | null) => (value === null ? '–' : printed(value.toFixed(2)));
  const features = groups.reduce((sum, group) => sum + group.features, 0);
  const stable = groups.reduce((sum, group) => sum + group.stable, 0);
  return html`<section id="perturbation"><h2>Stability under another outline</h2>
<p>Each outline was redrawn ${times} times, and every feature measured again: ${stable} of ${features} features have an ICC(${icc}) of at least ${atLeast}.</p>
${drawn.filter(({ name }) => name === 'perturbation').map(figurePlace)}
${htmlTable(
  [
    'extractor',
    'scan',
    'region',
    'features',
    'stable',
    'median ICC',
    'lower quartile',
    'upper quartile',
  ],
  groups.map((group) => [
    group.block,
    group.scan,
    group.region,
    String(group.features),
    String(group.stable),
    number(group.median),
    number(group.lowerQuartile),
    number(group.upperQuartile),
  ]),
  {
    numeric: [false, false, false, true, true, true, true, true],
    caption: `ICC(${icc}) over all patients, a description that no model is given; both forms with intervals, a row per feature, are in perturbation.parquet. The filter of the pipeline, where the study has one, asks training patients alone.`,
  },
)}
</section>
`;
}
