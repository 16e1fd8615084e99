import { describe, expect, it } from 'vitest';
import { runTarget } from './run-target.ts';
import { targets } from './targets.ts';

/** Of the inputs of `npm run fuzz`; another seed, so that the two look at different files. */
const share = 0.02;

describe('fuzz: every reader on damaged files (npm run fuzz has them all)', () => {
  it.each(targets.map((target) => [target.name, target] as const))(
    '%s: a whole value, or a NacreError that names the file',
    async (_, target) => {
      const to = Math.round(target.inputs * share);
      const { read, refused, faults } = await runTarget(target, { seed: 11, from: 0, to });
      expect(faults).toEqual([]);
      const refusals = Object.values(refused).reduce((a, b) => a + b, 0);
      expect(read + refusals).toBe(to);
      expect(refusals).toBeGreaterThan(to / 4);
    },
  );
});
