import { describe, expect, it } from 'vitest';
import { parsePatientChoice } from '../../src/cohort/choose-patients.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { faultOf, writeSmallCohort } from './small-cohort.ts';

const manifest = writeSmallCohort();
const chosen = async (text: string) => {
  const cohort = await loadCohort(manifest, { only: parsePatientChoice(text) });
  return cohort.patients;
};

describe('a choice of patients', () => {
  it('goes by id, by code and by meaning, with * for any characters', async () => {
    expect(await chosen('patient=P1,P3')).toEqual(['P1', 'P3']);
    expect(await chosen('patient=P*')).toEqual(['P1', 'P2', 'P3', 'P4', 'P5']);
    expect(await chosen('subtype=A')).toEqual(['P1', 'P5']);
    expect(await chosen('subtype=luminal')).toEqual(['P1', 'P5']);
    expect(await chosen('er=positive')).toEqual(['P1', 'P5']);
    expect(await chosen('age=41.5')).toEqual(['P2']);
  });

  it('takes labels and tables along, and says in the cohort what was chosen', async () => {
    const only = parsePatientChoice('subtype=A,B');
    const cohort = await loadCohort(manifest, { only });
    expect(cohort.patients).toEqual(['P1', 'P2', 'P5']);
    expect([...cohort.endpoints.pcr.labels]).toEqual([1, 0, -1]);
    expect(cohort.blocks.clinical.patients).toEqual(cohort.patients);
    expect(cohort.only).toEqual(only);
    expect(cohort.notices[0]).toBe('only patients with subtype = A or B: 3 of 5');
    expect(cohort.assumptions?.map(({ kind }) => kind)).toContain('patients-chosen');
  });

  it('refuses an unknown column, a value that nobody has, and what is no choice', async () => {
    expect(await faultOf(chosen('subtyp=A'))).toMatchObject({ code: 'unknown-name' });
    expect((await faultOf(chosen('subtyp=A'))).message).toContain('did you mean subtype');
    const fault = await faultOf(chosen('subtype=A,Z'));
    expect(fault.code).toBe('unknown-name');
    expect(fault.message).toContain('luminal');
    for (const text of ['subtype', '=A', 'subtype=', 'subtype=A,,B']) {
      expect(await faultOf(() => parsePatientChoice(text))).toMatchObject({ code: 'bad-option' });
    }
  });
});
