import type { ResampledInterval } from '../../evaluation/resampled-t.ts';
import { mean } from '../../table/mean.ts';
import { svgElement } from './dom.ts';
import type { Draw } from './draw.ts';

const margin = 14;
const rowHeight = 46;
const from = 0.2;

/** Each draw as a line: a dot per partition, the mean as a bar, the interval beneath; 0.5 is what a coin gives. */
export function drawChart(
  place: HTMLElement,
  draws: readonly Draw[],
  intervals: readonly (ResampledInterval | undefined)[],
): void {
  if (draws.length === 0) {
    place.replaceChildren();
    return;
  }
  // In the pixels that it has, so that its letters stay as large as those around it.
  const width = Math.max(300, Math.min(900, place.clientWidth || 760));
  const [left, right] = [margin, width - margin];
  const every = width < 500 ? 2 : 1;
  const height = draws.length * rowHeight + 34;
  const x = (value: number) =>
    left + ((Math.max(from, value) - from) / (1 - from)) * (right - left);
  const bottom = height - 26;
  const summary = draws
    .filter(({ values }) => values.length > 0)
    .map(({ title, values }) => `${title}: ${mean(values).toFixed(3)}`)
    .join('; ');
  const picture = svgElement('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': `Balanced accuracy of each draw. ${summary}`,
  });
  for (let tenth = 2; tenth <= 10; tenth++) {
    const value = tenth / 10;
    picture.append(
      svgElement('line', {
        x1: x(value),
        x2: x(value),
        y1: 4,
        y2: bottom,
        class: tenth === 5 ? 'half' : 'grid',
      }),
      svgElement(
        'text',
        { x: x(value), y: bottom + 15, 'text-anchor': 'middle', class: 'soft' },
        tickText(tenth, every),
      ),
    );
  }
  draws.forEach((draw, row) => {
    const top = row * rowHeight;
    const middle = top + 29;
    const style = draw.leaky ? 'leak-row' : 'honest';
    picture.append(svgElement('text', { x: left, y: top + 14 }, draw.title));
    for (const [i, value] of draw.values.entries()) {
      // Equal values stand one above the other.
      const before = draw.values.slice(0, i).filter((other) => other === value).length;
      picture.append(
        svgElement('circle', { cx: x(value), cy: middle - 3 * (before % 4), r: 4.5, class: style }),
      );
    }
    if (draw.values.length === 0) return;
    const centre = x(mean(draw.values));
    picture.append(
      svgElement('rect', { x: centre - 1.5, y: middle - 10, width: 3, height: 20, class: style }),
    );
    const interval = intervals[row];
    if (interval === undefined) return;
    picture.append(
      svgElement('line', {
        x1: x(interval.low),
        x2: x(interval.high),
        y1: middle + 11,
        y2: middle + 11,
        class: style,
        'stroke-width': 2,
      }),
    );
  });
  place.replaceChildren(picture);
}

/** At half stands what it means; a narrow chart leaves out every other number. */
function tickText(tenth: number, every: number): string {
  if (tenth === 5) return every === 1 ? '0.5 (a coin)' : 'a coin';
  return tenth % every === 0 && !(every > 1 && (tenth === 4 || tenth === 6))
    ? (tenth / 10).toFixed(1)
    : '';
}
