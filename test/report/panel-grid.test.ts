import { expect, it } from 'vitest';
import { panelGrid, sharePanels } from '../../src/report/figures/panel-grid.ts';

it('gives every panel its own size, however many rows there are, and none over another', () => {
  for (const count of [1, 2, 3, 4, 11, 19]) {
    const { boxes, width, height, margin } = panelGrid(count, sharePanels);
    const [plotWidth, plotHeight] = [width - margin.l - margin.r, height - margin.t - margin.b];
    const pixels = boxes.map(({ x, y }) => ({
      left: x[0] * plotWidth,
      right: x[1] * plotWidth,
      top: (1 - y[1]) * plotHeight,
      bottom: (1 - y[0]) * plotHeight,
    }));
    for (const [i, { left, right, top, bottom }] of pixels.entries()) {
      expect(right - left).toBeCloseTo(sharePanels.width, 6);
      expect(bottom - top).toBeCloseTo(sharePanels.height, 6);
      for (const other of pixels.slice(0, i)) {
        const beside = left - other.right > 80 || other.left - right > 80;
        expect(beside || top - other.bottom > 120).toBe(true);
      }
    }
    expect(Math.min(...boxes.map(({ y }) => y[0]))).toBeCloseTo(0, 9);
  }
});
