import type { Forecast } from './report.ts';

const [width, height] = [720, 360];
const [left, right, top, bottom] = [64, 64, 24, 48];

/**
 * Time and memory by the number of workers, time and workers on logarithmic axes: a drawing of its own, for the page beside it.
 *
 * @param measured seconds with one worker, with two …
 */
export function coresFigure(
  forecasts: readonly Forecast[],
  patients: number,
  measured: readonly number[],
): string {
  const most = Math.max(...forecasts.map(({ contended }) => contended));
  const decades = Math.ceil(Math.log10(most));
  const last = Math.log2(forecasts.at(-1)!.workers);
  const x = (workers: number) => left + (Math.log2(workers) / last) * (width - left - right);
  const y = (share: number) => height - bottom - share * (height - top - bottom);
  const time = (seconds: number) => y(Math.log10(seconds) / decades);
  const memoryTop =
    2 ** Math.ceil(Math.log2(Math.max(...forecasts.map(({ memory }) => memory / 1024))));
  const memory = (gigabytes: number) => y(gigabytes / memoryTop);
  const path = (level: (one: Forecast) => number) =>
    forecasts.map((one) => `${x(one.workers).toFixed(1)},${level(one).toFixed(1)}`).join(' ');
  const line = (points: string, style: string) =>
    `<polyline points="${points}" fill="none" stroke-width="2" ${style}/>`;
  const text = (at: [number, number], words: string, anchor = 'middle', more = '') =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" text-anchor="${anchor}" ${more}>${words}</text>`;
  const ticks = forecasts.map(({ workers }) =>
    text([x(workers), height - bottom + 18], String(workers)),
  );
  const grid = Array.from({ length: decades + 1 }, (_, power) => {
    const at = y(power / decades);
    return [
      `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="#ddd"/>`,
      text([left - 8, at + 4], `${integerTen(power)} s`, 'end'),
      text(
        [width - right + 8, at + 4],
        `${Math.round((memoryTop * power) / decades)} GB`,
        'start',
        'fill="#b45309"',
      ),
    ].join('');
  });
  const points = measured.map(
    (seconds, i) =>
      `<circle cx="${x(i + 1).toFixed(1)}" cy="${time(seconds).toFixed(1)}" r="5" fill="#1d4ed8"/>`,
  );
  // Above the times, which fall, and left of the memory, which rises.
  const beside = left + 212;
  const legend = [
    ['#1d4ed8', '', 'time, every worker as fast as one alone'],
    ['#1d4ed8', '6 4', 'time, each further worker as costly as the second'],
    ['#b45309', '', 'memory (right)'],
  ].map(
    ([colour, dash, words], i) =>
      `<line x1="${beside}" x2="${beside + 32}" y1="${top + 32 + 18 * i}" y2="${top + 32 + 18 * i}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>` +
      text([beside + 40, top + 36 + 18 * i], words, 'start'),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="Projected time and memory of the study of ${patients} synthetic patients by the number of workers">
<rect width="${width}" height="${height}" fill="white"/>
${grid.join('\n')}
${ticks.join('\n')}
${text([(left + width - right) / 2, height - 10], 'workers, each on a core of its own')}
${line(
  path(({ memory: megabytes }) => memory(megabytes / 1024)),
  'stroke="#b45309"',
)}
${line(
  path(({ contended }) => time(contended)),
  'stroke="#1d4ed8" stroke-dasharray="6 4"',
)}
${line(
  path(({ seconds }) => time(seconds)),
  'stroke="#1d4ed8"',
)}
${points.join('\n')}
<circle cx="${beside + 16}" cy="${top + 14}" r="5" fill="#1d4ed8"/>
${text([beside + 40, top + 18], 'time, measured', 'start')}
${legend.join('\n')}
</svg>
`;
}

function integerTen(power: number): number {
  let value = 1;
  for (let i = 0; i < power; i++) value *= 10;
  return value;
}
