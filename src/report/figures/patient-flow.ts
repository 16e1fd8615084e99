import type { Layout } from 'plotly.js-dist-min';
import { type Figure, grey, ink, plotText, wrapText } from '../figure.ts';
import { type Annotation, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { leftOutByReason } from '../left-out.ts';
import { endpointOf, type OpenedRun } from '../open-run.ts';
import type { EndpointOptions } from './balanced-accuracy.ts';
import { cohortLine } from './cohort-line.ts';

/** A step on the way from all patients to those that are predicted. */
export interface FlowStep {
  text: string;
  patients: number;
  /** Patients who go no further here, by reason. */
  out: { reason: string; patients: number }[];
}

/** How many patients there were at each step, and why others went no further. */
export function flowSteps(run: OpenedRun, options: EndpointOptions = {}): FlowStep[] {
  const endpoint = endpointOf(run, options.endpoint);
  const { cohort } = run.results;
  const unknown = cohort.patients - endpoint.patients;
  const [{ train, test }] = endpoint.featureSets[0].partitions;
  return [
    {
      text: 'patients in the tables of the cohort',
      patients: cohort.patients + cohort.excluded.length,
      out: leftOutByReason(cohort.excluded).map(({ reason, patients }) => ({
        reason,
        patients: patients.length,
      })),
    },
    {
      text: 'patients in the joined table',
      patients: cohort.patients,
      out: unknown > 0 ? [{ reason: `${endpoint.title} not known`, patients: unknown }] : [],
    },
    {
      text: `patients with a known outcome: ${endpoint.positives} ${endpoint.positiveName}, ${endpoint.patients - endpoint.positives} ${endpoint.negativeName}`,
      patients: endpoint.patients,
      out: [],
    },
    {
      text: `in each of ${endpoint.featureSets[0].partitions.length} partitions: ${train.patients} trained on, ${test.patients} held out (${test.positives} ${endpoint.positiveName})`,
      patients: train.patients + test.patients,
      out: [],
    },
  ];
}

const boxHeight = 66;
const gap = 34;

/** Flow of patients: who was there, who was left out and why, who was predicted. */
export function patientFlow(run: OpenedRun, options: EndpointOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const steps = flowSteps(run, options);
  const height = steps.length * boxHeight + (steps.length - 1) * gap;
  const shapes: Layout['shapes'] = [];
  const annotations: Annotation[] = [];
  const box = (x0: number, x1: number, top: number, tall: number, text: string, colour: string) => {
    shapes.push({
      type: 'rect',
      x0,
      x1,
      y0: top,
      y1: top + tall,
      line: { color: colour, width: 1.5 },
    });
    annotations.push({
      x: (x0 + x1) / 2,
      y: top + tall / 2,
      text,
      showarrow: false,
      font: { size: 13, color: ink },
    });
  };
  steps.forEach(({ text, patients, out }, i) => {
    const top = i * (boxHeight + gap);
    box(0, 46, top, boxHeight, `<b>${patients}</b><br>${wrapText(text, 58)}`, ink);
    const below = top + boxHeight;
    if (i + 1 < steps.length) {
      annotations.push(arrow(23, below, 23, below + gap));
    }
    if (out.length === 0) return;
    const lines = out
      .slice(0, 3)
      .map(({ reason, patients: n }) => `<b>${n}</b> ${wrapText(reason, 52)}`);
    if (out.length > 3) {
      const more = out.slice(3).reduce((sum, { patients: n }) => sum + n, 0);
      lines.push(`<b>${more}</b> for ${out.length - 3} other reasons`);
    }
    const tall = 24 + 18 * lines.flatMap((line) => line.split('<br>')).length;
    box(56, 100, top + boxHeight / 2 - tall / 2, tall, lines.join('<br>'), grey);
    annotations.push(arrow(46, top + boxHeight / 2, 56, top + boxHeight / 2));
  });
  return plotlyFigure({
    name: `${endpoint.id}-flow`,
    caption: `Flow of patients: ${steps.map(({ patients, text }) => `${patients} ${text}`).join('; ')}. ${steps.flatMap(({ out }) => out.map(({ reason, patients }) => `Not taken further: ${patients}, ${reason}.`)).join(' ')}`,
    data: [],
    layout: {
      ...baseLayout(`Flow of patients: ${plotText(endpoint.title)}`, cohortLine(run, endpoint), {
        width: 900,
        height: height + 130,
      }),
      margin: { l: 20, r: 20, t: 92, b: 20 },
      xaxis: { visible: false, range: [-1, 101], fixedrange: true },
      yaxis: { visible: false, range: [height + 6, -6], fixedrange: true },
      shapes,
      annotations,
    },
  });
}

function arrow(fromX: number, fromY: number, x: number, y: number): Annotation {
  return {
    x,
    y,
    ax: fromX,
    ay: fromY,
    xref: 'x',
    yref: 'y',
    axref: 'x',
    ayref: 'y',
    text: '',
    showarrow: true,
    arrowhead: 2,
    arrowcolor: grey,
    arrowwidth: 1.4,
  };
}
