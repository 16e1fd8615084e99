import { expect, it } from 'vitest';
import { integerPower } from '../../src/runtime/integer-power.ts';

/** The exact power of a double, as a fraction of whole numbers. */
function exactPower(x: number, n: number): { numerator: bigint; denominator: bigint } {
  let denominator = 1n;
  let scaled = x;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(scaled) ** BigInt(n), denominator: denominator ** BigInt(n) };
}

it('is within half a unit in the last place of the exact power', () => {
  for (const x of [Math.sqrt(3) - 2, 0.1, -0.75, 1.0000001, 3.7]) {
    for (let n = 0; n <= 60; n++) {
      const { numerator, denominator } = exactPower(x, n);
      const ours = integerPower(x, n);
      const apart = exactPower(ours, 1);
      // |ours - exact| relative to exact, in units of 2⁻⁵³, a thousandth more than a half unit allowed.
      const difference = apart.numerator * denominator - numerator * apart.denominator;
      const scale = (numerator < 0n ? -numerator : numerator) * apart.denominator;
      const size = difference < 0n ? -difference : difference;
      expect((size * 2n ** 53n * 1000n) / scale, `${x} to the power ${n}`).toBeLessThanOrEqual(
        1001n,
      );
    }
  }
});

it('is 1 for the power 0 and the number itself for the power 1', () => {
  expect([integerPower(-0.3, 0), integerPower(-0.3, 1)]).toEqual([1, -0.3]);
});
