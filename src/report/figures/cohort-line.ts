import type { XAxisName, YAxisName } from 'plotly.js-dist-min';
import type { EndpointResults } from '../../study/results.ts';
import type { Run } from '../../study/run-folder.ts';
import { plotText, syntheticMark } from '../figure.ts';

/** Subtitle of every figure: whose patients, how many, and plainly when they were made by code. */
export function cohortLine(run: Run, endpoint: EndpointResults): string {
  const { cohort, study } = run.results;
  const whose = `${syntheticMark(cohort.synthetic, 'patients')}${plotText(cohort.title)}`;
  const counts = `${endpoint.patients} patients, ${endpoint.positives} ${plotText(endpoint.positiveName)}`;
  return `${whose} · ${counts} · ${study.partitions} partitions`;
}

/** Panels side by side, at most `columns` a row: where each sits, in shares of the plot (plotly domains). */
export function panels(
  count: number,
  columns: number,
  gap: { x: number; y: number },
): { x: [number, number]; y: [number, number] }[] {
  const across = Math.min(count, columns);
  const down = Math.ceil(count / across);
  const width = (1 - gap.x * (across - 1)) / across;
  const height = (1 - gap.y * (down - 1)) / down;
  return Array.from({ length: count }, (_, i) => {
    const column = i % across;
    const row = Math.floor(i / across);
    const x0 = column * (width + gap.x);
    const y1 = 1 - row * (height + gap.y);
    return {
      x: [x0, Math.min(1, x0 + width)],
      y: [Math.max(0, y1 - height), y1],
    };
  });
}

/** Names of the axes of the i-th panel: as keys of a layout (`xaxis2`) and as a trace refers to them (`x2`). */
export function axisKeys(i: number) {
  const n = i === 0 ? '' : String(i + 1);
  return {
    layoutX: `xaxis${n}`,
    layoutY: `yaxis${n}`,
    x: `x${n}` as XAxisName,
    y: `y${n}` as YAxisName,
  };
}
