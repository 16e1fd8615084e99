import { describe, expect, it } from 'vitest';
import {
  attempt,
  type CaseTask,
  caseName,
  emptyOutcome,
  runCases,
} from '../../src/features/run-cases.ts';
import { NacreError } from '../../src/runtime/errors.ts';

const task = (patient: string, more: Partial<CaseTask> = {}): CaseTask => ({
  image: `${patient}.nii`,
  mask: `${patient}-mask.nii`,
  patient,
  ...more,
});

describe('the engine of cohort, batch and networks', () => {
  it('lists a refusal by patient, scan, part and file, and goes on', async () => {
    const outcome = emptyOutcome<string>();
    const one = task('P1', { scan: 'T1' });
    await attempt(outcome, one, { region: 'peri' }, () => {
      throw new NacreError('empty-mask', 'the mask is empty', { expected: 'a region' });
    });
    expect(outcome.failures).toMatchObject([
      { patient: 'P1', scan: 'T1', region: 'peri', code: 'empty-mask' },
    ]);
    expect(outcome.failures[0].message).toContain('P1-mask.nii');
    await expect(
      attempt(outcome, one, {}, () => {
        throw new TypeError('of nacre');
      }),
    ).rejects.toThrow('of nacre');
  });

  it('runs what is not kept, keeps what is new, and counts units', async () => {
    const tasks = ['A', 'B', 'C'].map((patient) => task(patient));
    const kept = { ...emptyOutcome<string>(), rows: ['kept A'] };
    const written: string[] = [];
    const shown: unknown[] = [];
    const outcomes = await runCases<CaseTask, string>(
      tasks,
      {
        here: async () => ({
          work: ({ patient }) => ({ ...emptyOutcome<string>(), rows: [`new ${patient}`] }),
        }),
      },
      {
        workers: 4,
        kept: (index) => (index === 0 ? kept : undefined),
        keep: (index, { rows }) => written.push(`${index} ${rows[0]}`),
        unitsOf: () => 2,
        finished: 3,
        progress: (total, already) => {
          shown.push(total, already);
          return { tick: (name) => shown.push(name), stop: () => shown.push('stop') };
        },
      },
    );
    expect(outcomes.map(({ rows }) => rows[0])).toEqual(['kept A', 'new B', 'new C']);
    expect(written).toEqual(['1 new B', '2 new C']);
    expect(shown).toEqual([9, 5, 'B', 'B', 'C', 'C', 'stop']);
  });

  it('names a case by its patient and scan, or by its row', () => {
    expect(caseName({ patient: 'P1', scan: 'T1' })).toBe('P1 T1');
    expect(caseName({ row: 3 })).toBe('row 3');
  });
});
