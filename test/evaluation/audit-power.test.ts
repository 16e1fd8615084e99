import { expect, it } from 'vitest';
import { describeAudit, describeAuditP, summariseAudit } from '../../src/evaluation/audit.ts';
import { passesDespite } from '../../src/evaluation/audit-power.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

it('is the noncentral t of scipy 1.11.4: nct.cdf(2, n − 1, δ) − nct.cdf(−2, n − 1, δ)', () => {
  expect(passesDespite(5, 0.09, 0.1)).toBeCloseTo(0.3054736527969091, 6);
  expect(passesDespite(20, 0.09, 0.1)).toBeCloseTo(0.002219824573313692, 6);
  expect(passesDespite(2, 0.1, 0.1)).toBeCloseTo(0.49969037763604507, 5);
  expect(passesDespite(100, 0.2, 0.02)).toBeCloseTo(0.8361964491078828, 6);
  expect(passesDespite(5, 0.09, 0)).toBeCloseTo(0.8838834764831844, 6);
  expect(passesDespite(5, 0, 0.1)).toBe(0);
});

it('is how often audits with such a leak do pass', () => {
  const stream = RandomStream.of(3, 'audit power test');
  let passed = 0;
  const audits = 1000;
  for (let audit = 0; audit < audits; audit++) {
    const values = Array.from({ length: 5 }, () => 0.6 + 0.1 * stream.normal());
    if (summariseAudit(values).atChance) passed++;
  }
  // Standard error 0.015.
  expect(passed / audits).toBeGreaterThan(passesDespite(5, 0.1, 0.1) - 0.05);
  expect(passed / audits).toBeLessThan(passesDespite(5, 0.1, 0.1) + 0.05);
});

it('is stated with the verdict, and so is the smallest p-value', () => {
  const audit = summariseAudit([0.42, 0.55, 0.47, 0.6, 0.49], 0.7);
  expect(audit.power?.leak).toBe(0.1);
  expect(describeAudit(audit)).toContain(
    `with 5 permutations of this spread a leak of 10 points would pass as chance in ${(100 * (audit.power?.passes ?? 0)).toFixed(0)}%`,
  );
  expect(audit.p).toBeCloseTo(1 / 6, 12);
  expect(describeAuditP(audit)).toBe('p = 0.167, the smallest that 5 permutations can give');
  const weaker = summariseAudit([0.42, 0.55, 0.47, 0.6, 0.49], 0.56);
  expect(describeAuditP(weaker)).toBe('p = 0.333 (not below 0.167 with 5 permutations)');
  const one = summariseAudit([0.5], 0.9);
  expect(one.power).toBeNull();
  expect(describeAudit(one)).toMatch(/^no verdict/);
  expect(describeAuditP(one)).toBe('p = 0.500, the smallest that 1 permutation can give');
});
