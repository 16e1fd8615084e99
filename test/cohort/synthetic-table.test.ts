import { describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { syntheticTable } from '../../src/cohort/synthetic-table.ts';

const share = (labels: Int8Array) => labels.reduce((sum, label) => sum + label, 0) / labels.length;

/** Difference of class means in units of the pooled sd, missing aside. */
function effect(values: Float64Array, labels: Int8Array): number {
  const moments = [0, 1].map((label) => {
    const of = values.filter((value, row) => labels[row] === label && !Number.isNaN(value));
    const mean = of.reduce((a, b) => a + b, 0) / of.length;
    return { mean, variance: of.reduce((a, b) => a + (b - mean) ** 2, 0) / of.length };
  });
  const sd = Math.sqrt((moments[0].variance + moments[1].variance) / 2);
  return sd === 0 ? 0 : (moments[1].mean - moments[0].mean) / sd;
}

/** Mean of f(z) over the standard normal z, by the midpoint rule. */
function overNormal(f: (z: number) => number): number {
  let sum = 0;
  for (let z = -8 + 0.005; z < 8; z += 0.01) sum += f(z) * Math.exp(-0.5 * z * z) * 0.01;
  return sum / Math.sqrt(2 * Math.PI);
}

/** Class shares that the formula of the docstring implies at s = 1. */
function impliedShares(): { pcr: number; response: number } {
  const logistic = (x: number) => 1 / (1 + Math.exp(-x));
  const normal = (x: number) => overNormal((z) => (z <= x ? 1 : 0));
  let pcr = 0;
  let response = 0;
  for (const [her2, p] of [
    [1, 0.28],
    [0, 0.72],
  ]) {
    const negative = her2 === 1 ? 0 : 0.4 * 0.85;
    for (const [tn, q] of [
      [1, negative],
      [0, 1 - negative],
    ]) {
      const score = -0.62 + 1.2 * tn + 0.9 * her2 - 0.546;
      pcr += p * q * overNormal((z) => logistic(score + 1.2 * z));
    }
    const fall = 0.42 + 0.06 * her2 - 0.0168;
    response += p * normal((fall - 0.3) / Math.hypot(0.13, 0.15));
  }
  return { pcr, response };
}

describe('syntheticTable', () => {
  it('says everywhere that it is synthetic', async () => {
    const cohort = await loadCohort('synthetic-table');
    expect(cohort.synthetic).toBe(true);
    expect(cohort.id).toContain('synthetic');
    expect(cohort.title).toMatch(/synthetic/i);
    expect(cohort.notices[0]).toMatch(/synthetic/i);
    for (const { name } of cohort.blocks.radiomics.columns) expect(name).toContain('synthetic');
  });

  it('has the shape it promises', () => {
    const { patients, blocks, endpoints } = syntheticTable();
    expect(patients).toHaveLength(120);
    expect(blocks.clinical.columns).toHaveLength(9);
    expect(blocks.radiomics.columns).toHaveLength(60);
    expect(Object.keys(endpoints)).toEqual(['pcr', 'response']);
    for (const { labels } of Object.values(endpoints)) {
      expect(labels).toHaveLength(120);
      expect(new Set(labels)).toEqual(new Set([0, 1]));
    }
  });

  it('is the same for the same seed and another for another', () => {
    expect(syntheticTable({ seed: 7 })).toEqual(syntheticTable({ seed: 7 }));
    expect(syntheticTable({ seed: 7 }).endpoints).not.toEqual(
      syntheticTable({ seed: 8 }).endpoints,
    );
  });

  it('follows its formula in a large sample', () => {
    const { blocks, endpoints } = syntheticTable({ patients: 20_000, seed: 1, missing: 0.1 });
    const column = (name: string) =>
      blocks.radiomics.columns.find((one) => one.name === `ceT1.intra.synthetic_${name}`)
        ?.values as Float64Array;
    const implied = impliedShares();
    // Standard error of a share of 20,000: 0.0035.
    expect(Math.abs(share(endpoints.pcr.labels) - implied.pcr)).toBeLessThan(0.012);
    expect(Math.abs(share(endpoints.response.labels) - implied.response)).toBeLessThan(0.012);
    expect(effect(column('informative1'), endpoints.pcr.labels)).toBeGreaterThan(0.6);
    expect(Math.abs(effect(column('noise1_1'), endpoints.pcr.labels))).toBeLessThan(0.06);
    const missing = column('noise1_1').filter(Number.isNaN).length / 20_000;
    expect(Math.abs(missing - 0.1)).toBeLessThan(0.01);
  });

  it('carries nothing where the signal is 0', () => {
    const { blocks, endpoints } = syntheticTable({ patients: 20_000, signal: 0, missing: 0 });
    for (const { name, values } of [...blocks.clinical.columns, ...blocks.radiomics.columns]) {
      for (const { id, labels } of Object.values(endpoints)) {
        // 138 looks at an effect with a standard error of about 0.015.
        expect(Math.abs(effect(values, labels)), `${name} on ${id}`).toBeLessThan(0.08);
      }
    }
  });

  it('loses the columns of one category together', () => {
    const { blocks } = syntheticTable({ missing: 0.3 });
    const subtype = blocks.clinical.columns.filter(({ name }) => name.includes('subtype='));
    expect(subtype).toHaveLength(3);
    for (let row = 0; row < 120; row++) {
      const known = subtype.filter(({ values }) => !Number.isNaN(values[row]));
      expect([0, 3]).toContain(known.length);
      if (known.length === 3) {
        expect(subtype.reduce((sum, { values }) => sum + values[row], 0)).toBe(1);
      }
    }
  });
});
