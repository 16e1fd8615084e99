import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../../../src/imaging/volume.ts';
import { coOccurrenceMatrices } from '../../../src/radiomics/classes/glcm.ts';
import { runLengthMatrices } from '../../../src/radiomics/classes/glrlm.ts';
import { zones } from '../../../src/radiomics/classes/glszm.ts';
import { discretise, withLevels } from '../../../src/radiomics/discretisation.ts';
import { defaultClasses, featureClass } from '../../../src/radiomics/feature-classes.ts';
import fc from '../../property-runs.ts';
import { madeRegion, type Voxel } from '../made-region.ts';

/** Random 5×4×3 volumes of levels 1 to 4, 0 outside the region, the first two voxels always in. */
const sizes: Vector3 = [5, 4, 3];
const volumes = fc
  .array(fc.integer({ min: 0, max: 4 }), { minLength: 60, maxLength: 60 })
  .map((levels) => [1, 2, ...levels.slice(2)]);
const at: (levels: number[]) => Voxel = (levels) => (i, j, k) =>
  i < 0 || j < 0 || k < 0 || i > 4 || j > 3 || k > 2 ? 0 : levels[i + 5 * (j + 4 * k)];
const made = (value: Voxel, size = sizes) => {
  return madeRegion(size, value, (i, j, k) => (value(i, j, k) > 0 ? 1 : 0));
};
const features = (one: ReturnType<typeof made>, name: string) =>
  featureClass(name).compute(discretise(one, { binWidth: 1 }), { weightingNorm: 'no_weighting' });
const textures = defaultClasses.filter((name) => !name.startsWith('shape'));

function expectClose(a: readonly { name: string; value: number }[], b: typeof a, scale = 1) {
  a.forEach(({ name, value }, k) => {
    const other = b[k].value * scale;
    if (Number.isNaN(value)) expect(other, name).toBeNaN();
    else expect(Math.abs(value - other), name).toBeLessThan(1e-7 * Math.max(1, Math.abs(value)));
  });
}

describe('properties of feature classes', () => {
  it('are the same after turning and flipping image and mask together', () => {
    fc.assert(
      fc.property(volumes, (levels) => {
        const value = at(levels);
        const turned = made((i, j, k) => value(j, 3 - i, k), [4, 5, 3]);
        const flipped = made((i, j, k) => value(4 - i, j, 2 - k));
        // Shape has properties of its own in shape-3d.test.ts.
        for (const name of textures) {
          expectClose(features(made(value), name), features(turned, name));
          expectClose(features(made(value), name), features(flipped, name));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('of merged matrices equal those of a brute-force recount', () => {
    const log2 = (p: number) => (p === 0 ? 0 : p * Math.log2(p));
    const entropy = (keys: readonly string[]) => {
      const counts = new Map<string, number>();
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
      return -[...counts.values()].reduce((sum, n) => sum + log2(n / keys.length), 0);
    };
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    fc.assert(
      fc.property(
        volumes,
        fc.constantFrom<number[]>([1], [2], [1, 2]),
        fc.nat(1),
        (levels, distances, a) => {
          const value = at(levels);
          const pairs: [number, number][] = [];
          const dependences: [number, number][] = [];
          const runs: [number, number][] = [];
          const tones: number[][] = [];
          for (let p = 0; p < 60; p++) {
            const [i, j, k] = [p % 5, Math.floor(p / 5) % 4, Math.floor(p / 20)];
            const own = value(i, j, k);
            if (own === 0) continue;
            const around: number[] = [];
            for (let s = 0; s < 125; s++) {
              const [x, y, z] = [(s % 5) - 2, (Math.floor(s / 5) % 5) - 2, Math.floor(s / 25) - 2];
              const far = Math.max(Math.abs(x), Math.abs(y), Math.abs(z));
              const other = value(i + x, j + y, k + z);
              if (distances.includes(far) && other > 0) around.push(other);
              if (far !== 1 || s < 62) continue;
              // Half of the directions; each run is met at its first voxel.
              if (value(i - x, j - y, k - z) === own) continue;
              let length = 1;
              while (value(i + length * x, j + length * y, k + length * z) === own) length++;
              runs.push([own, length]);
            }
            for (const other of around) pairs.push([own, other]);
            dependences.push([own, 1 + around.filter((n) => Math.abs(n - own) <= a).length]);
            tones.push([own, around.length === 0 ? 0 : Math.abs(own - mean(around))]);
          }
          const one = withLevels(made(value));
          const options = { weightingNorm: 'no_weighting', distances, gldm_a: a } as const;
          const of = (name: string): Record<string, number> =>
            Object.fromEntries(
              featureClass(name)
                .compute(one, options)
                .map((feature) => [feature.name, feature.value]),
            );
          const close = (got: number, expected: number) =>
            expect(Math.abs(got - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
          if (pairs.length > 0) {
            const glcm = of('glcm');
            close(glcm.Contrast, mean(pairs.map(([x, y]) => (x - y) ** 2)));
            close(glcm.Autocorrelation, mean(pairs.map(([x, y]) => x * y)));
            close(glcm.JointEntropy, entropy(pairs.map(String)));
          }
          const gldm = of('gldm');
          close(gldm.SmallDependenceEmphasis, mean(dependences.map(([, n]) => 1 / (n * n))));
          close(
            gldm.LargeDependenceHighGrayLevelEmphasis,
            mean(dependences.map(([g, n]) => (g * n) ** 2)),
          );
          close(gldm.DependenceEntropy, entropy(dependences.map(String)));
          const glrlm = of('glrlm');
          close(glrlm.ShortRunEmphasis, mean(runs.map(([, n]) => 1 / (n * n))));
          close(glrlm.LongRunHighGrayLevelEmphasis, mean(runs.map(([g, n]) => (g * n) ** 2)));
          close(glrlm.RunEntropy, entropy(runs.map(String)));
          const share = (g: number) => tones.filter(([own]) => own === g).length / tones.length;
          const weighted = tones.reduce((sum, [g, difference]) => sum + share(g) * difference, 0);
          close(of('ngtdm').Coarseness, weighted === 0 ? 1e6 : 1 / weighted);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('texture of a fixed bin number does not see a constant added', () => {
    fc.assert(
      fc.property(volumes, fc.integer({ min: -64, max: 64 }), (levels, constant) => {
        const one = made(at(levels));
        const more = { ...one, intensity: one.intensity.map((n) => n + constant) };
        for (const name of textures.filter((n) => n !== 'firstorder')) {
          const of = (r: typeof one) => featureClass(name).compute(discretise(r, { binCount: 4 }));
          expectClose(of(one), of(more));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('merged GLCM, GLRLM of each direction and the zones equal a brute-force recount', () => {
    fc.assert(
      fc.property(volumes, (levels) => {
        const value = at(levels);
        const one = withLevels(made(value));
        const present = [...one.presentLevels];
        const n = present.length;
        const pairs = new Array(n * n).fill(0);
        const seen = new Set<string>();
        const found: string[] = [];
        for (let k = 0; k < 3; k++)
          for (let j = 0; j < 4; j++)
            for (let i = 0; i < 5; i++) {
              const a = value(i, j, k);
              if (a === 0) continue;
              for (let s = 0; s < 27; s++) {
                const b = value(
                  i + (s % 3) - 1,
                  j + (Math.floor(s / 3) % 3) - 1,
                  k + Math.floor(s / 9) - 1,
                );
                if (s !== 13 && b > 0) pairs[present.indexOf(a) * n + present.indexOf(b)]++;
              }
              const queue = [[i, j, k]];
              let voxels = 0;
              for (let [x, y, z] = queue[0]; queue.length > 0; ) {
                [x, y, z] = queue.pop() as number[];
                if (value(x, y, z) !== a || seen.has(`${x} ${y} ${z}`)) continue;
                seen.add(`${x} ${y} ${z}`);
                voxels++;
                for (let s = 0; s < 27; s++)
                  queue.push([
                    x + (s % 3) - 1,
                    y + (Math.floor(s / 3) % 3) - 1,
                    z + Math.floor(s / 9) - 1,
                  ]);
              }
              if (voxels > 0) found.push(`${a} ${voxels}`);
            }
        const sum = new Array(n * n).fill(0);
        for (const { counts } of coOccurrenceMatrices(one))
          counts.forEach((c, p) => {
            sum[p] += c;
          });
        expect(sum).toEqual(pairs);
        for (const { angle, counts, columns } of runLengthMatrices(one)) {
          const [x, y, z] = angle;
          const runs = new Array(counts.length).fill(0);
          for (let p = 0; p < 60; p++) {
            const [i, j, k] = [p % 5, Math.floor(p / 5) % 4, Math.floor(p / 20)];
            const a = value(i, j, k);
            if (a === 0 || value(i - x, j - y, k - z) === a) continue;
            let length = 1;
            while (value(i + length * x, j + length * y, k + length * z) === a) length++;
            runs[present.indexOf(a) * columns + length - 1]++;
          }
          expect([...counts]).toEqual(runs);
        }
        const { count, ranks, sizes: of } = zones(one);
        const ours = Array.from({ length: count }, (_, z) => `${present[ranks[z] - 1]} ${of[z]}`);
        expect(ours.sort()).toEqual(found.sort());
      }),
      { numRuns: 100 },
    );
  });
});
