import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loopMemory } from '../../src/radiomics/algorithms/loop-memory.ts';
import * as elementary from '../../src/runtime/elementary.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

const functions = { ...elementary };
type Name = Exclude<keyof typeof elementary, 'atan2' | 'hypot'>;

/** Where each function is looked at: lower and upper end, of numbers or (`powers`) of their exponents. */
// biome-ignore format: a line a function
const ranges: Record<Name, { values?: [number, number][]; powers?: [number, number] }> = {
  exp: { values: [[-750, 715], [-1, 1]], powers: [-60, 0] },
  log: { values: [[0, 100], [0.99, 1.01]], powers: [-1074, 1023] },
  log2: { values: [[0, 1], [0.99, 1.01]], powers: [-1074, 1023] },
  log10: { values: [[0, 1e6], [0.99, 1.01]], powers: [-1074, 1023] },
  log1p: { values: [[-1, 1], [0, 1e5], [-1e-6, 1e-6]], powers: [-60, 80] },
  sin: { values: [[-800, 800], [-8e5, 8e5]], powers: [-40, 0] },
  cos: { values: [[-800, 800], [-8e5, 8e5]], powers: [-40, 0] },
  asin: { values: [[-1, 1], [0.97, 1]], powers: [-60, 0] },
  acos: { values: [[-1, 1], [0.97, 1]], powers: [-60, 0] },
  cbrt: { values: [[-1e6, 1e6]], powers: [-1074, 1023] },
};

function inputs(name: Name): number[] {
  const { values = [], powers } = ranges[name];
  const stream = RandomStream.of(1, 'elementary', name);
  const drawn = values.flatMap(([low, high]) =>
    Array.from({ length: 1000 }, () => low + (high - low) * stream.next()),
  );
  if (powers === undefined) return drawn;
  const [least, most] = powers;
  for (let k = least; k <= most; k++) drawn.push(2 ** k, (0.5 + stream.next() / 2) * 2 ** k);
  return drawn;
}

const sha = (numbers: readonly number[]) =>
  createHash('sha256')
    .update(new Uint8Array(Float64Array.from(numbers).buffer))
    .digest('hex');

describe('elementary functions', () => {
  it.each(Object.keys(ranges) as Name[])(
    '%s: within two of the last place of the engine',
    (name) => {
      const engine = Math[name];
      for (const x of inputs(name)) {
        const [found, expected] = [functions[name](x), engine(x)];
        if (Number.isFinite(expected)) {
          const place = Math.max(Math.abs(expected) * 2 ** -52, Number.MIN_VALUE);
          expect(Math.abs(found - expected), `${name}(${x})`).toBeLessThanOrEqual(2 * place);
        } else expect(found).toBe(expected);
      }
    },
  );

  it('are these bits on every engine', () => {
    const bits = Object.fromEntries(
      (Object.keys(ranges) as Name[]).map((name) => [
        name,
        sha(inputs(name).map((x) => functions[name](x))).slice(0, 16),
      ]),
    );
    const stream = RandomStream.of(1, 'elementary', 'pairs');
    const pairs = Array.from({ length: 4000 }, () => [stream.next() - 0.5, stream.next() - 0.5]);
    bits.atan2 = sha(pairs.map(([y, x]) => elementary.atan2(y, x))).slice(0, 16);
    bits.hypot = sha(pairs.map(([y, x]) => elementary.hypot(y, x, 0.1))).slice(0, 16);
    expect(bits).toMatchInlineSnapshot(`
      {
        "acos": "60ee8f58b7cece1c",
        "asin": "8db4b54a13e26e65",
        "atan2": "973f6bb6261ab568",
        "cbrt": "765b97bb4fdf0360",
        "cos": "8d50b7b866fdc8a5",
        "exp": "040768c745cae9f0",
        "hypot": "628d30788373ca3e",
        "log": "d92bf01a84274b0b",
        "log10": "98ba0ce5a22ac1ff",
        "log1p": "c17b27b0246ee273",
        "log2": "760b7a18d06505c7",
        "sin": "4181ceb2e2ea5b27",
      }
    `);
  });

  it('know the ends of their ranges', () => {
    const { exp, log, log2, log10, log1p, sin, cos, asin, acos, atan2, cbrt, hypot } = elementary;
    expect([exp(0), exp(1), exp(710), exp(-746)]).toEqual([1, Math.E, Infinity, 0]);
    expect([exp(Infinity), exp(-Infinity), exp(Number.NaN)]).toEqual([Infinity, 0, Number.NaN]);
    for (const logarithm of [log, log2, log10]) {
      const ends = [0, 1, Infinity, -1, Number.NaN].map(logarithm);
      expect(ends).toEqual([-Infinity, 0, Infinity, Number.NaN, Number.NaN]);
    }
    for (let k = -1074; k <= 1023; k++) expect(log2(2 ** k)).toBe(k);
    for (let n = 0; n <= 22; n++) expect(log10(Number(`1e${n}`))).toBe(n);
    expect([-1, 0, Infinity, -2].map(log1p)).toEqual([-Infinity, 0, Infinity, Number.NaN]);
    expect(log1p(-0)).toBe(-0);
    expect([sin(0), cos(0), sin(Infinity), cos(Number.NaN)]).toEqual([
      0,
      1,
      Number.NaN,
      Number.NaN,
    ]);
    expect(() => sin(2e6)).toThrow('expected at most 1,647,099');
    expect([1, -1, 1.1].map(asin)).toEqual([Math.PI / 2, -Math.PI / 2, Number.NaN]);
    expect([1, -1, 1.1].map(acos)).toEqual([0, Math.PI, Number.NaN]);
    expect([atan2(0, 1), atan2(0, -1), atan2(-0, -1)]).toEqual([0, Math.PI, -Math.PI]);
    expect([atan2(1, 0), atan2(-1, 0), atan2(Infinity, 1)]).toEqual([
      Math.PI / 2,
      -Math.PI / 2,
      Number.NaN,
    ]);
    expect([27, -8, 0, Infinity].map(cbrt)).toEqual([3, -2, 0, Infinity]);
    expect([hypot(), hypot(3, -4), hypot(1e200, 1e200), hypot(Number.NaN, Infinity)]).toEqual([
      0,
      5,
      1e200 * Math.SQRT2,
      Infinity,
    ]);
  });

  it('have the same logarithm of probabilities in WebAssembly', () => {
    const stream = RandomStream.of(2, 'elementary');
    const shares = Array.from({ length: 5000 }, (_, i) => stream.next() / (1 + (i % 100) ** 4));
    const p = [0, 1, 0.5, 1 / 3, 2 ** -60, ...shares];
    const found = loopMemory([2 * p.length, 2 * p.length], ({ loops, doubles }, [from, to]) => {
      doubles.set(p, from / 8);
      loops.takeLogarithms(from, to, p.length);
      return [...doubles.slice(to / 8, to / 8 + p.length)];
    });
    expect(found).toEqual(p.map((x) => (x === 0 ? 0 : elementary.log2(x + 2 ** -52))));
  });
});
