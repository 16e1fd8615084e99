import { describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { siteEffects } from '../../src/study/site-effects.ts';
import { writeCentre } from './two-centres.ts';

/** A centre of two sites whose tumours are measured `factor` times as large in the north. */
const centre = (factor: number) =>
  loadCohort(
    writeCentre({
      seed: 5,
      patients: 400,
      rows: (row) =>
        row.map((cell, c) => (c === 5 && row[1] === 'north' ? Number(cell) * factor : cell)),
      manifest: (manifest) => {
        manifest.group = 'site';
      },
    }),
  );

/** For two sites the share of variance between them is the squared correlation with a column of 0 and 1. */
function squaredCorrelation(x: readonly number[], y: readonly number[]): number {
  const n = x.length;
  const sum = (of: (i: number) => number) => x.reduce((total, _, i) => total + of(i), 0);
  const [sx, sy] = [sum((i) => x[i]), sum((i) => y[i])];
  const xy = n * sum((i) => x[i] * y[i]) - sx * sy;
  const xx = n * sum((i) => x[i] * x[i]) - sx * sx;
  const yy = n * sum((i) => y[i] * y[i]) - sy * sy;
  return (xy * xy) / (xx * yy);
}

const choice = { endpoint: 'pcr', columns: ['age', 'size'], seed: 3 };

describe('site effects', () => {
  it('before harmonisation are the squared correlation with the site, on the half that trains nothing', async () => {
    const cohort = await centre(1.5);
    const effects = siteEffects(cohort, choice);
    const { labels } = cohort.endpoints.pcr;
    const [{ test }] = stratifiedPartitions(Uint8Array.from(labels), {
      ...{ partitions: 2, testShare: 0.5, seed: 3 },
    });
    expect(test.length).toBe(200);
    const column = (name: string) => cohort.columns?.[name].values ?? [];
    const site = Array.from(test, (row) => Number(column('site')[row] === 'north'));
    for (const { column: name, before } of effects) {
      const logarithms = Array.from(test, (row) => Math.log(Number(column(name)[row])));
      expect(before).toBeCloseTo(squaredCorrelation(site, logarithms), 10);
    }
    expect(effects.map(({ column: name }) => name)).toEqual(['age', 'size']);
  });

  it('after it are small where the site was a factor, and nothing is made where it was none', async () => {
    const [, shifted] = siteEffects(await centre(1.5), choice);
    expect(shifted.before).toBeGreaterThan(0.3);
    expect(shifted.after).toBeLessThan(0.02);
    const [, equal] = siteEffects(await centre(1), choice);
    expect(equal.before).toBeLessThan(0.03);
    expect(equal.after).toBeLessThan(0.03);
  });

  it('refuse a cohort without sites, and columns that are no numbers', async () => {
    const cohort = await centre(1);
    expect(() => siteEffects({ ...cohort, group: undefined }, choice)).toThrow('site effects need');
    expect(() => siteEffects(cohort, { ...choice, columns: ['subtype'] })).toThrow(
      'a number column',
    );
  });
});
