import { describe, expect, it } from 'vitest';
import { regionFeatures } from '../../src/report/figures/region-features.ts';

const values = (...v: number[]) => Float32Array.from(v);

describe('regionFeatures', () => {
  it('one panel per network, one point per feature, random weights called so in every title', () => {
    const { layout, data, caption } = regionFeatures([
      { block: 'resnet10-random3', first: values(1, 2), second: values(3, 0) },
      { block: 'resnet50-random3', first: values(0.5), second: values(0.25) },
    ]);
    expect(layout.title).toMatchObject({ text: expect.stringContaining('RANDOM WEIGHTS') });
    const titles = (layout.annotations ?? []).map(({ text }) => text);
    expect(titles).toHaveLength(2);
    for (const title of titles) expect(title).toContain('RANDOM WEIGHTS');
    expect(caption).toContain('RANDOM WEIGHTS');
    const points = data.filter((trace) => 'mode' in trace && trace.mode === 'markers');
    expect(points).toMatchObject([
      { x: [1, 2], y: [3, 0] },
      { x: [0.5], y: [0.25] },
    ]);
  });

  it('trained weights are not called random', () => {
    const figure = regionFeatures([{ block: 'resnet34', first: values(1), second: values(1) }]);
    expect(JSON.stringify(figure)).not.toContain('RANDOM');
  });
});
