import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { components, largestComponent } from '../../src/imaging/components.ts';
import { fillHoles } from '../../src/imaging/holes.ts';
import { joinedRuns } from '../../src/imaging/runs.ts';
import { identityDirection, type Mask } from '../../src/imaging/volume.ts';

const masks = fc
  .tuple(
    fc.integer({ min: 1, max: 7 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 5 }),
  )
  .chain(([nx, ny, nz]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: nx * ny * nz, maxLength: nx * ny * nz })
      .map(
        (voxels): Mask => ({
          size: [nx, ny, nz],
          spacing: [1, 1, 1],
          origin: [0, 0, 0],
          direction: identityDirection,
          data: Uint8Array.from(voxels),
        }),
      ),
  );

/** What is background and reached from the border voxel by voxel, for comparison. */
function filledByFlood({ data, size: [nx, ny, nz] }: Mask, slicewise: boolean): number[] {
  const reached = new Set<number>();
  const queue: number[] = [];
  const visit = (i: number, j: number, k: number) => {
    const at = i + nx * (j + ny * k);
    const outside = i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz;
    if (outside || data[at] !== 0 || reached.has(at)) return;
    reached.add(at);
    queue.push(at);
  };
  for (let at = 0; at < data.length; at++) {
    const [i, j, k] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    const border = i === 0 || j === 0 || i === nx - 1 || j === ny - 1;
    if (border || (!slicewise && (k === 0 || k === nz - 1))) visit(i, j, k);
  }
  for (const at of queue) {
    const [i, j, k] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    for (const step of [-1, 1]) {
      visit(i + step, j, k);
      visit(i, j + step, k);
      if (!slicewise) visit(i, j, k + step);
    }
  }
  return Array.from(data, (_, at) => (reached.has(at) ? 0 : 1));
}

describe('runs of voxels', () => {
  it('join to the pieces that a walk over voxels finds', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const { labels } = components(mask, { connectivity: 6 });
        const { count, starts, roots } = joinedRuns(mask.data, mask.size, { inside: true });
        for (let run = 0; run < count; run++) {
          expect(labels[starts[run]]).toBe(labels[starts[roots[run]]]);
          expect(roots[run]).toBe(
            roots.findIndex((_, other) => labels[starts[other]] === labels[starts[run]]),
          );
        }
      }),
    );
  });

  it('give the largest piece, the first of two as large', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const { labels, sizes } = components(mask, { connectivity: 6 });
        const largest = sizes.indexOf(Math.max(...sizes)) + 1;
        const expected = Array.from(labels, (label) => (label !== 0 && label === largest ? 1 : 0));
        expect([...largestComponent(mask, { connectivity: 6 }).data]).toEqual(expected);
      }),
    );
  });

  it('fill what no path leads out of, in space and slice by slice', () => {
    fc.assert(
      fc.property(masks, fc.boolean(), (mask, slicewise) => {
        expect([...fillHoles(mask, { slicewise }).data]).toEqual(filledByFlood(mask, slicewise));
      }),
    );
  });
});
