import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/runtime/random-stream.ts';

const draw = (stream: RandomStream, n = 5) => Array.from({ length: n }, () => stream.next());

describe('RandomStream', () => {
  it('repeats under its name and differs under any other', () => {
    expect(draw(RandomStream.of(1, 'a'))).toEqual(draw(RandomStream.of(1, 'a')));
    const others = [RandomStream.of(2, 'a'), RandomStream.of(1, 'b'), RandomStream.of(1, 'a', 0)];
    for (const other of others) expect(draw(other)).not.toEqual(draw(RandomStream.of(1, 'a')));
  });

  it('keeps these numbers from version to version', () => {
    expect(draw(RandomStream.of(42, 'golden'), 3)).toMatchInlineSnapshot(`
      [
        0.44729584195826744,
        0.1806026007299314,
        0.8527670164026726,
      ]
    `);
    expect(RandomStream.of(42, 'golden').shuffled([1, 2, 3, 4, 5])).toMatchInlineSnapshot(`
      [
        3,
        2,
        1,
        5,
        4,
      ]
    `);
  });

  it('derives streams that do not move their parent', () => {
    const parent = RandomStream.of(7);
    const child = parent.derive('child');
    draw(child);
    expect(draw(parent)).toEqual(draw(RandomStream.of(7)));
    expect(draw(parent.derive('child'))).toEqual(draw(RandomStream.of(7).derive('child')));
  });

  it('is uniform and normal in its moments', () => {
    const stream = RandomStream.of(3);
    const n = 40_000;
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const uniform = draw(stream, n);
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    const normal = Array.from({ length: n }, () => stream.normal());
    expect(Math.abs(mean(normal))).toBeLessThan(0.02);
    expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(mean(normal.map((x) => x ** 4))).toBeCloseTo(3, 0);
  });

  it('fills with the normals that calls one by one give, and goes on behind them', () => {
    for (const length of [0, 1, 2, 7, 1601, 4096, 10_001]) {
      for (const before of [0, 1, 2]) {
        const [filled, called] = [1, 2].map(() => RandomStream.of(11, 'fill', length, before));
        for (let i = 0; i < before; i++) expect(filled.normal()).toBe(called.normal());
        const values = new Float32Array(length);
        filled.fillNormal(values, 0.3);
        expect(values).toEqual(Float32Array.from(values, () => 0.3 * called.normal()));
        expect([filled.normal(), filled.normal(), filled.next()]).toEqual([
          called.normal(),
          called.normal(),
          called.next(),
        ]);
      }
    }
  });

  it('shuffles without losing anything and with every order alike', () => {
    const stream = RandomStream.of(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = stream.shuffled('abc').join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
