import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../../../src/imaging/volume.ts';
import { diameters } from '../../../src/radiomics/algorithms/diameters.ts';
import { distribution } from '../../../src/radiomics/algorithms/distribution.ts';
import {
  cubeTally,
  type LineEnds,
  lineEnds,
  placeSums,
} from '../../../src/radiomics/algorithms/form-loops.ts';
import fc from '../../property-runs.ts';
import {
  plainCubeTally,
  plainDiameters,
  plainDistribution,
  plainLineEnds,
  plainPlaceSums,
} from './measured-plainly.ts';

/** Masks of all forms: full, thin, speckled, empty. */
const forms = fc
  .record({
    size: fc.tuple(...[9, 6, 4].map((max) => fc.integer({ min: 1, max }))),
    voxels: fc.array(fc.constantFrom(0, 1, 1), { minLength: 216, maxLength: 216 }),
  })
  .map(({ size, voxels }) => ({
    size: size as unknown as Vector3,
    mask: Uint8Array.from(voxels.slice(0, size[0] * size[1] * size[2])),
  }));

/** Lines that have a vertex, named as the plain loop names them; `count` lines follow each other. */
function named(axis: string, { first, last }: LineEnds, count: number) {
  const lines: [string, [number, number]][] = [];
  first.forEach((low, line) => {
    if (last[line] < low) return;
    lines.push([`${axis} ${line % count} ${Math.floor(line / count)}`, [low, last[line]]]);
  });
  return Object.fromEntries(lines);
}

describe('loops over a whole region in WebAssembly give what plain loops give', () => {
  it('ends of lines of vertices', () => {
    fc.assert(
      fc.property(forms, (form) => {
        const [alongI, alongJ] = lineEnds(form);
        const [a, b] = form.size.map((n) => 2 * n + 1);
        expect({ ...named('i', alongI, b), ...named('j', alongJ, a) }).toEqual(plainLineEnds(form));
      }),
    );
  });

  it('largest distances between vertices', () => {
    fc.assert(
      fc.property(
        forms,
        fc.tuple(...[1, 2, 3].map(() => fc.constantFrom(0.7, 1, 3.3))),
        (form, mm) => {
          fc.pre(form.mask.includes(1));
          const spacing = mm as unknown as Vector3;
          const found = diameters({
            ...form,
            spacing,
            origin: [0, 0, 0],
            direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
            intensity: new Float64Array(form.mask.length),
            voxels: form.mask.filter((inside) => inside === 1).length,
          });
          const plain = plainDiameters(form, spacing);
          for (const name of ['largest', 'slice', 'column', 'row'] as const) {
            expect(found[name]).toBeCloseTo(plain[name], 9);
          }
        },
      ),
    );
  });

  it('sums of places', () => {
    fc.assert(
      fc.property(forms, (form) => {
        expect([...placeSums(form)]).toEqual(plainPlaceSums(form));
      }),
    );
  });

  it('cubes by kind and place', () => {
    fc.assert(
      fc.property(forms, (form) => {
        expect([...cubeTally(form)]).toEqual(plainCubeTally(form));
      }),
    );
  });

  it('statistics of sorted values, to the last bit', () => {
    const values = fc.array(
      fc.oneof(fc.integer({ min: -9, max: 900 }), fc.double({ min: -5, max: 700, noNaN: true })),
      { minLength: 1, maxLength: 300, size: 'max' },
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 2000 }), (some, shift) => {
        const sorted = Float64Array.from(some).sort();
        expect(distribution(sorted, shift)).toEqual(plainDistribution([...sorted], shift));
      }),
    );
  });
});
