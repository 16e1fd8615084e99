import { describe, expect, it } from 'vitest';
import { cohortRows } from '../../src/cohort/cohort-rows.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import { findPatientRows, patientRows } from '../../src/table/patient-rows.ts';

const patients = ['P1', 'P2', 'P3'];
const files = (name: string) => ({ image: `${name}.nii`, mask: `${name}-mask.nii` });
const cohort = {
  patients,
  blocks: {
    clinical: featureTable(patients, [
      { block: 'clinical', name: 'age', values: Float64Array.of(1, 2, 3) },
    ]),
  },
  endpoints: {
    pcr: {
      ...{ id: 'pcr', title: 'pCR', positiveName: 'yes', negativeName: 'no' },
      labels: Int8Array.of(0, 1, -1),
    },
  },
  images: { T2: [files('a'), undefined, files('c')] },
};

describe('cohortRows', () => {
  it('takes tables, labels and scans along with the patient, in any order', () => {
    const turned = cohortRows(cohort, [2, 0, 1]);
    expect(turned.patients).toEqual(['P3', 'P1', 'P2']);
    expect(turned.blocks.clinical.patients).toEqual(turned.patients);
    expect([...turned.blocks.clinical.columns[0].values]).toEqual([3, 1, 2]);
    expect([...turned.endpoints.pcr.labels]).toEqual([-1, 0, 1]);
    expect(turned.images?.T2).toEqual([files('c'), files('a'), undefined]);
  });

  it('shares the tables where nothing changes', () => {
    expect(cohortRows(cohort, [0, 1, 2]).blocks.clinical).toBe(cohort.blocks.clinical);
  });
});

describe('patientRows', () => {
  it('never gives the row of another patient', () => {
    expect(patientRows(patients, ['P3', 'P1'])).toEqual([2, 0]);
    expect(findPatientRows(patients, ['P3', 'P4'])).toEqual([2, -1]);
    expect(() => patientRows(patients, ['P4'])).toThrow('no row for patient P4');
    expect(() => patientRows(patients, ['P4'], (id) => new Error(`who is ${id}?`))).toThrow(
      'who is P4?',
    );
  });
});
