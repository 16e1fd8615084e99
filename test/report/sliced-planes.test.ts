import { expect, it } from 'vitest';
import { identityDirection, type Mask, type Volume } from '../../src/imaging/volume.ts';
import { slicedPlanes } from '../../src/report/figures/sliced-planes.ts';

interface Slider {
  active: number;
  steps: { label: string; args: [{ x: unknown[] }, Record<string, string>, number[]] }[];
}

const grid = {
  size: [4, 3, 5],
  spacing: [1, 2, 3],
  origin: [10, 20, 30],
  direction: identityDirection,
} as const;
const volume: Volume = { ...grid, data: Float32Array.from({ length: 60 }, (_, i) => i) };
const mask: Mask = { ...grid, data: Uint8Array.from({ length: 60 }, (_, i) => (i === 17 ? 1 : 0)) };

it('has a slider for each plane, with every slice at its LPS position', () => {
  const { layout } = slicedPlanes(volume, { regions: { tumour: mask } });
  const { sliders } = layout as unknown as { sliders: Slider[] };
  expect(sliders.map(({ steps }) => steps.map(({ label }) => label))).toEqual([
    ['30.0', '33.0', '36.0', '39.0', '42.0'],
    ['20.0', '22.0', '24.0'],
    ['10.0', '11.0', '12.0', '13.0'],
  ]);
  // Voxel 17 is (1, 1, 1): the planes pass through it at first.
  expect(sliders.map(({ active }) => active)).toEqual([1, 1, 1]);
  const [, coronal] = sliders;
  const [atRegion, beside] = [coronal.steps[1].args, coronal.steps[2].args];
  expect(atRegion[1]['annotations[1].text']).toContain('y = 22.0 mm');
  expect(atRegion[1]['images[1].source']).not.toBe(beside[1]['images[1].source']);
  expect(atRegion[0].x[0]).toContain(10.5);
  expect(beside[0].x).toEqual([[null]]);
  // Each panel has the trace of the region and an empty one.
  expect(atRegion[2]).toEqual([2]);
});

it('of a large scan shows every second or further slice, the first one among them', () => {
  const size = [4, 4, 101] as const;
  const tall = { ...grid, size, data: new Float32Array(4 * 4 * 101).map((_, i) => i) };
  const { layout } = slicedPlanes(tall, { at: [1, 1, 50] });
  const [axial] = (layout as unknown as { sliders: Slider[] }).sliders;
  expect(axial.steps).toHaveLength(33);
  expect(axial.steps[axial.active].label).toBe('180.0');
});
