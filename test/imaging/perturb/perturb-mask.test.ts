import { describe, expect, it } from 'vitest';
import { type PerturbMaskOptions, perturbMask } from '../../../src/imaging/perturb/perturb-mask.ts';
import { supervoxels } from '../../../src/imaging/perturb/supervoxels.ts';
import { turnedGrid } from '../../../src/imaging/perturb/turned-grid.ts';
import {
  type Geometry,
  identityDirection,
  indexToPoint,
  type Mask,
  type Vector3,
  type Volume,
} from '../../../src/imaging/volume.ts';
import { icc } from '../../../src/learning/icc.ts';
import { RandomStream } from '../../../src/runtime/random-stream.ts';

const grid = (size: Vector3, spacing: Vector3 = [1, 1, 1]): Geometry => ({
  size,
  spacing,
  origin: [-3, 4, 10],
  direction: identityDirection,
});

/** A bright ball in noise, and its mask. Radii in mm. */
function ball(radius: number, { size, spacing, ...rest }: Geometry, contrast = 100) {
  const data = new Int16Array(size[0] * size[1] * size[2]);
  const inside = new Uint8Array(data.length);
  const stream = RandomStream.of(1, 'ball');
  const middle = size.map((n, axis) => ((n - 1) / 2) * spacing[axis]);
  for (let at = 0; at < data.length; at++) {
    const index = [
      at % size[0],
      Math.floor(at / size[0]) % size[1],
      Math.floor(at / (size[0] * size[1])),
    ];
    const d = index.map((i, axis) => i * spacing[axis] - middle[axis]);
    inside[at] = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] <= radius * radius ? 1 : 0;
    data[at] = Math.round(contrast * inside[at] + 3 * stream.normal());
  }
  const geometry = { size, spacing, ...rest };
  return {
    scan: { ...geometry, data } as Volume,
    mask: { ...geometry, data: inside } as Mask,
  };
}

const count = ({ data }: Mask) => data.reduce((sum, voxel) => sum + voxel, 0);

function dice(a: Mask, b: Mask): number {
  let both = 0;
  for (let at = 0; at < a.data.length; at++) both += a.data[at] * b.data[at];
  return (2 * both) / (count(a) + count(b));
}

const everything: PerturbMaskOptions = {
  rotate: 10,
  translate: 0.5,
  volume: { percent: 20 },
  contour: true,
};

describe('perturbMask', () => {
  const { scan, mask } = ball(7, grid([31, 29, 23], [1, 1, 1.5]));

  it('gives the same outline for the same stream, another for another', () => {
    const redraw = (name: string) => perturbMask(scan, mask, everything, RandomStream.of(1, name));
    const [first, again, other] = [redraw('a'), redraw('a'), redraw('b')];
    expect(again).toEqual(first);
    expect(other.drawn).not.toEqual(first.drawn);
    expect(count(other.mask)).not.toBe(count(first.mask));
    // Inputs are never changed.
    expect(count(mask)).toBe(count(ball(7, grid([31, 29, 23], [1, 1, 1.5])).mask));
  });

  it('leaves everything as it is where nothing is asked for', () => {
    const { volume, mask: same, drawn } = perturbMask(scan, mask, {}, RandomStream.of(1, 'a'));
    expect(volume).toBe(scan);
    expect(same).toBe(mask);
    expect(drawn).toEqual({ degrees: 0, shift: [0, 0, 0], volume: 0 });
  });

  it('turns and shifts the grid under scan and mask together: the ball stays bright and as large', () => {
    const stream = RandomStream.of(1, 'turn');
    const {
      volume,
      mask: turned,
      drawn,
    } = perturbMask(scan, mask, { rotate: 30, translate: 0.9 }, stream);
    expect(Math.abs(drawn.degrees)).toBeGreaterThan(0);
    expect(turned.direction).not.toEqual(mask.direction);
    expect(volume.direction).toEqual(turned.direction);
    expect(Math.abs(count(turned) / count(mask) - 1)).toBeLessThan(0.03);
    let bright = 0;
    for (let at = 0; at < turned.data.length; at++) bright += turned.data[at] * volume.data[at];
    expect(bright / count(turned)).toBeGreaterThan(85);
  });

  it('grows and shrinks by the share that was drawn, to the voxel', () => {
    const voxels = count(mask);
    const shares = Array.from({ length: 20 }, (_, i) => {
      const { mask: redrawn, drawn } = perturbMask(
        scan,
        mask,
        { volume: { percent: 30 } },
        RandomStream.of(1, 'percent', i),
      );
      expect(count(redrawn) - voxels).toBe(Math.round((voxels * drawn.volume) / 100) || 0);
      return drawn.volume;
    });
    expect(Math.min(...shares)).toBeLessThan(-10);
    expect(Math.max(...shares)).toBeGreaterThan(10);
  });

  it('grows by a distance, and never shrinks by one below four fifths', () => {
    const { scan: large, mask: region } = ball(9, grid([41, 41, 41]));
    for (let i = 0; i < 8; i++) {
      const stream = RandomStream.of(1, 'mm', i);
      const { mask: redrawn, drawn } = perturbMask(large, region, { volume: { mm: 2 } }, stream);
      const radius = 9 + drawn.volume;
      const expected = Math.max(0.8, (radius / 9) ** 3);
      expect(Math.abs(count(redrawn) / count(region) / expected - 1)).toBeLessThan(0.2);
    }
    const tiny = ball(1, grid([9, 9, 9]));
    for (let i = 0; i < 8; i++) {
      const stream = RandomStream.of(1, 'tiny', i);
      const { mask: left } = perturbMask(tiny.scan, tiny.mask, { volume: { mm: 5 } }, stream);
      expect(count(left)).toBeGreaterThanOrEqual(Math.ceil(0.8 * count(tiny.mask)));
    }
  });

  it('randomises the contour by supervoxels: near the edge where the image shows it, loosely where it does not', () => {
    const overlap = (contrast: number) => {
      const { scan: seen, mask: region } = ball(9, grid([41, 41, 41]), contrast);
      const all = Array.from({ length: 6 }, (_, i) => {
        const stream = RandomStream.of(1, 'contour', i);
        return dice(region, perturbMask(seen, region, { contour: true }, stream).mask);
      });
      return all.reduce((sum, one) => sum + one, 0) / all.length;
    };
    const [shown, hidden] = [overlap(100), overlap(0)];
    expect(shown).toBeGreaterThan(0.9);
    expect(hidden).toBeGreaterThan(0.5);
    expect(hidden).toBeLessThan(shown);
  });

  it('refuses limits out of range and an empty region', () => {
    const redraw = (options: PerturbMaskOptions) =>
      perturbMask(scan, mask, options, RandomStream.of(1, 'a'));
    expect(() => redraw({ rotate: 200 })).toThrow(/rotate/);
    expect(() => redraw({ translate: -1 })).toThrow(/translate/);
    expect(() => redraw({ volume: { percent: 90 } })).toThrow(/volume/);
    expect(() => redraw({ contour: true, supervoxelMm3: 0 })).toThrow(/supervoxelMm3/);
    const empty = { ...mask, data: new Uint8Array(mask.data.length) };
    expect(() => perturbMask(scan, empty, everything, RandomStream.of(1, 'a'))).toThrow(/no voxel/);
  });
});

describe('spheres whose variance is known', () => {
  it('come out at the intraclass correlation of their volumes', () => {
    // Volumes (1 + b) V with b uniform in ± 0.5 between patients, and v (1 + w), w uniform in ± 0.2, between redraws:
    // variances of the volumes 0.25 / 3 and (1 + 0.25 / 3) 0.04 / 3.
    const patients = 60;
    const times = 6;
    const values: number[] = [];
    for (let i = 0; i < patients; i++) {
      const between = -0.5 + (i + 0.5) / patients;
      const radius = 7 * Math.cbrt(1 + between);
      const { scan, mask } = ball(radius, grid([25, 25, 25]));
      for (let k = 0; k < times; k++) {
        const stream = RandomStream.of(1, 'sphere', i, k);
        values.push(count(perturbMask(scan, mask, { volume: { percent: 20 } }, stream).mask));
      }
    }
    const uniform = 1 / 12;
    const expected = uniform / (uniform + (1 + uniform) * (0.04 / 3));
    const { icc: value, low, high } = icc(values, times)['1,1'];
    expect(expected).toBeCloseTo(0.852, 3);
    expect(Math.abs(value - expected)).toBeLessThan(0.04);
    expect(low).toBeLessThan(expected);
    expect(high).toBeGreaterThan(expected);
  });
});

describe('turnedGrid', () => {
  it('keeps the centre in place, stays right-handed and shifts by shares of a voxel', () => {
    const from: Geometry = {
      ...grid([9, 8, 7], [2, 1, 3]),
      direction: [0, 1, 0, -1, 0, 0, 0, 0, 1],
    };
    const centre = indexToPoint(from, [4, 3, 2]);
    const turned = turnedGrid(from, 25, [0, 0, 0], centre);
    indexToPoint(turned, [4, 3, 2]).forEach((mm, axis) => {
      expect(mm).toBeCloseTo(centre[axis], 9);
    });
    const d = turned.direction;
    const determinant =
      d[0] * (d[4] * d[8] - d[5] * d[7]) -
      d[1] * (d[3] * d[8] - d[5] * d[6]) +
      d[2] * (d[3] * d[7] - d[4] * d[6]);
    expect(determinant).toBeCloseTo(1, 12);
    const shifted = turnedGrid(from, 0, [0.5, 0, -0.25], centre);
    indexToPoint(shifted, [3.5, 3, 2.25]).forEach((mm, axis) => {
      expect(mm).toBeCloseTo(centre[axis], 9);
    });
  });
});

describe('supervoxels', () => {
  it('are connected in space and follow an edge of the scan', () => {
    const { scan, mask } = ball(8, grid([33, 33, 33]));
    const box = { low: [0, 0, 0] as Vector3, high: [32, 32, 32] as Vector3 };
    const labels = supervoxels(scan, box, 250);
    const all = new Map<number, [number, number]>();
    labels.forEach((label, at) => {
      const [n, inside] = all.get(label) ?? [0, 0];
      all.set(label, [n + 1, inside + mask.data[at]]);
    });
    const mixed = [...all.values()].filter(([n, inside]) => inside > 0.1 * n && inside < 0.9 * n);
    expect(all.size).toBeGreaterThan(80);
    expect(mixed.length / all.size).toBeLessThan(0.1);
  });
});
