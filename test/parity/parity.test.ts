import { describe, expect, it } from 'vitest';
import type { ParityRow } from './parity-row.ts';
import { suiteText, totalsLine } from './print.ts';
import { findSuites, runSuite, type Suite } from './suites.ts';

const row = (ours: number, reference: number, ok: boolean, note?: string): ParityRow => ({
  suite: 's',
  case: 'c',
  item: 'x',
  ours,
  reference,
  tolerance: '1e-6 relative',
  ok,
  ...(note === undefined ? {} : { note }),
});
const suite = (compare: Suite['compare']): Suite => ({ name: 's', compare, parityOnly: false });

describe('the judge of a suite', () => {
  it('fails on one row outside its tolerance', async () => {
    const result = await runSuite(suite(async () => [row(1, 1, true), row(2, 1, false)]));
    expect(result.ok).toBe(false);
    expect(suiteText(result)).toMatch(/outside the tolerance:[\s\S]*NO/);
    expect(totalsLine([result])).toMatch(/1 of 2 values .*1 failed/);
  });

  it('takes a share with a reason beside each miss, and no miss without one', async () => {
    const rows = [row(1, 1, true), row(2, 1, false, 'float32')];
    expect((await runSuite(suite(async () => ({ rows, required: 0.5 })))).ok).toBe(true);
    expect((await runSuite(suite(async () => ({ rows, required: 0.6 })))).ok).toBe(false);
    const silent = [row(1, 1, true), row(2, 1, false)];
    expect((await runSuite(suite(async () => ({ rows: silent, required: 0.5 })))).ok).toBe(false);
  });

  it('fails a suite that compares nothing or throws', async () => {
    expect((await runSuite(suite(async () => []))).fault).toBe('it compared nothing');
    const broken = suite(async () => {
      throw new Error('no such map');
    });
    expect((await runSuite(broken)).fault).toMatch(/no such map/);
  });
});

describe('published references', async () => {
  for (const one of (await findSuites()).filter(({ parityOnly }) => !parityOnly)) {
    it(one.name, async (context) => {
      const result = await runSuite(one);
      if (result.skipped !== undefined) {
        process.stderr.write(`${one.name}: skipped: ${result.skipped}\n`);
        context.skip(result.skipped);
      }
      expect(result.ok, suiteText(result)).toBe(true);
    });
  }
});
