import { describe, expect, it } from 'vitest';
import { checkCohort } from '../../src/cohort/check.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { faultOf, type Loose, writeSmallCohort } from './small-cohort.ts';

const alias = (manifest: Loose) => {
  const { columns } = manifest.tables[0];
  columns.age_years = { ...columns.age, also: ['age', 'age_at_scan'] };
  delete columns.age;
};
const treat = (manifest: Loose) => {
  Object.assign(manifest.tables[0].columns.er, { measured: 'treatment' });
};

describe('titles of versions of one table', () => {
  it('reads a column under any of its titles, the same numbers, and notes which', async () => {
    const plain = await loadCohort(writeSmallCohort());
    const other = await loadCohort(writeSmallCohort({ manifest: alias }));
    expect(other.blocks.clinical).toEqual(plain.blocks.clinical);
    const note = other.assumptions?.find(({ kind }) => kind === 'column-title');
    expect(note?.found).toBe('no column age_years, but age');
    const check = await checkCohort(writeSmallCohort({ manifest: alias }));
    expect(check.warnings.join('\n')).not.toMatch(/does not describe.*\bage\b/);
  });

  it('refuses a file with two of them, and names the title where there is none', async () => {
    const both = writeSmallCohort({
      manifest: alias,
      clinical: (csv) => csv.replace(/born/, 'age_at_scan'),
    });
    const fault = await faultOf(loadCohort(both));
    expect(fault.code).toBe('bad-table');
    expect(fault.message).toContain('age and age_at_scan');
    const none = writeSmallCohort({
      manifest: alias,
      clinical: (csv) => csv.replace('id,age', 'id,years'),
    });
    expect(await faultOf(loadCohort(none))).toMatchObject({ code: 'missing-column' });
  });
});

describe('treatment', () => {
  it('is neither baseline nor outcome, and no predictor unless it is named as one on purpose', async () => {
    const refused = await faultOf(loadCohort(writeSmallCohort({ manifest: treat })));
    expect(refused.code).toBe('leaking-predictor');
    expect(refused.message).toContain('it is the treatment');
    expect(refused.message).toContain('treatmentPredictors');
    const asked = await loadCohort(
      writeSmallCohort({
        manifest: (manifest) => {
          treat(manifest);
          manifest.treatmentPredictors = ['er'];
        },
      }),
    );
    expect(asked.blocks.clinical.columns.map(({ name }) => name)).toContain('clinical.er');
    expect(asked.notices.join()).toContain('treatment is among the predictors (er)');
    const wrong = await faultOf(
      loadCohort(
        writeSmallCohort({
          manifest: (manifest) => {
            manifest.treatmentPredictors = ['age'];
          },
        }),
      ),
    );
    expect(wrong.code).toBe('bad-config');
  });
});
