import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkText } from '../../src/cli/actions/cohort.ts';
import { checkCohort } from '../../src/cohort/check.ts';
import { identicalColumns } from '../../src/cohort/duplicates.ts';
import { identityWarnings } from '../../src/cohort/identity-warnings.ts';
import { writeColumns } from '../../src/machine/parquet.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import { sharedFolder } from '../shared-folder.ts';
import { writeSmallCohort } from './small-cohort.ts';

describe('checkCohort', () => {
  it('counts patients, classes, missing values and ids without a partner', async () => {
    const check = await checkCohort(writeSmallCohort());
    expect(check.patients).toBe(5);
    expect(check.duplicates).toEqual([]);
    expect(check.excluded.map(({ patient }) => patient)).toEqual(['P6', 'P7']);
    expect(
      check.endpoints.map(({ id, known, positives, negatives, unknown }) => [
        id,
        known,
        positives,
        negatives,
        unknown,
      ]),
    ).toEqual([
      ['pcr', 4, 2, 2, 1],
      ['response', 4, 3, 1, 1],
    ]);
    expect(check.missing).toEqual([
      { column: 'clinical.age', missing: 1 },
      { column: 'clinical.er', missing: 2 },
      { column: 'clinical.subtype=luminal', missing: 1 },
      { column: 'clinical.subtype=her2', missing: 1 },
      { column: 'clinical.subtype=basal', missing: 1 },
      { column: 'ceT1.intra.b', missing: 1 },
    ]);
    expect(check.blocks.map(({ block, features, missing }) => [block, features, missing])).toEqual([
      ['clinical', 6, 6],
      ['radiomics', 3, 1],
    ]);
    expect(check.blocks[1].constant).toEqual(['ceT1.intra.c']);
  });

  it('warns of a date of birth and of columns that nobody described', async () => {
    const { warnings } = await checkCohort(writeSmallCohort());
    expect(warnings.some((w) => /column born looks like a date \(not used\)/.test(w))).toBe(true);
    expect(warnings.some((w) => /does not describe, not used: born/.test(w))).toBe(true);
  });

  it('does not call columns unused that a features block of the same file uses', async () => {
    const path = writeSmallCohort({
      clinical: (csv) =>
        csv
          .trim()
          .split('\n')
          .map(
            (line, row) =>
              `${line},${row === 0 ? 'texture,spare' : `${Math.sin(row)},${row * row}`}`,
          )
          .join('\n'),
      manifest: (m) => {
        Object.assign(m.features[0], {
          file: 'clinical.csv',
          format: 'csv',
          patient: { column: 'id' },
          ignore: ['age', 'er', 'subtype', 'size0', 'size1', 'pcr', 'born'],
        });
      },
    });
    const { warnings, blocks } = await checkCohort(path);
    expect(warnings.filter((warning) => /does not describe/.test(warning))).toEqual([]);
    expect(blocks.find(({ block }) => block === 'radiomics')?.features).toBe(2);
  });

  it('lists every duplicate with its rows instead of stopping at the first', async () => {
    const check = await checkCohort(
      writeSmallCohort({
        clinical: (csv) => csv.replace('P5,', 'P2,').replace('P6,', 'P1,'),
        features: (csv) => csv.replace('x-P7', 'x-P5'),
      }),
    );
    expect(check.duplicates.map(({ patient, rows }) => [patient, rows])).toEqual([
      ['P1', [1, 6]],
      ['P2', [2, 5]],
      ['P5', [5, 6]],
    ]);
    expect(check.patients).toBe(0);
  });

  // A search of each row for its equals would take hours: the test's time limit holds it.
  it('ends on a Parquet of 400,000 equal ids, and shows a few of the rows', async () => {
    const path = writeSmallCohort({
      manifest: (m) => Object.assign(m.features[0], { file: 'f.parquet', format: 'parquet' }),
    });
    const rows = 400_000;
    const same = new Array<string>(rows).fill('x-P1');
    writeColumns(join(path, '..', 'f.parquet'), [
      { name: 'case', type: 'STRING', data: same },
      { name: 'label', type: 'DOUBLE', data: new Float64Array(rows) },
      { name: 'a', type: 'DOUBLE', data: Float64Array.from(same, (_, i) => i / 7) },
    ]);
    const check = await checkCohort(path);
    expect(check.duplicates.map(({ patient, rows: places }) => [patient, places.length])).toEqual([
      ['P1', rows],
    ]);
    expect(checkText(check)).toMatch(/1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … \(400000 in all\)/);
  });

  it('shows many duplicates without running out of stack', async () => {
    const ids = Array.from({ length: 150_000 }, (_, i) => `N${i % 75_000}`);
    const path = writeSmallCohort({
      clinical: () =>
        `id,age,er,subtype,size0,size1,pcr\n${ids.map((id) => `${id},40,1,A,50,10,1`).join('\n')}\n`,
    });
    const text = checkText(await checkCohort(path));
    expect(text).toContain('and 74950 patients more');
  });

  const shared = sharedFolder();
  it.skipIf(shared === undefined)('looks I-SPY 1 over', async () => {
    const check = await checkCohort('ispy1', { mirror: join(shared ?? '', 'datasets/ispy1') });
    expect(check.patients).toBe(161);
    expect(check.excluded).toHaveLength(60);
    expect(check.missing.find(({ column }) => column === 'clinical.her2')?.missing).toBe(3);
    expect(check.warnings.some((w) => /DataExtractDt looks like a date/.test(w))).toBe(true);
    expect(check.warnings.some((w) => /race_id looks/.test(w))).toBe(false);
  });
});

describe('identityWarnings', () => {
  const looks = (title: string, cells: (string | number)[]) =>
    identityWarnings(
      { file: 't', header: ['id', title], rows: cells.map((cell, i) => [`P${i}`, cell]) },
      { patient: 'id', ignored: new Set() },
    );
  const many = (of: (i: number) => string | number) => Array.from({ length: 30 }, (_, i) => of(i));

  it.each([
    ['MRN', many((i) => 880_000 + i)],
    ['patient_id', many((i) => `A${i}`)],
    ['Date of birth', many((i) => 1950 + (i % 9))],
    ['dob', many(() => 7)],
    ['started', many((i) => `2020-01-${String(i + 1).padStart(2, '0')}`)],
    ['code', many((i) => 10_000 + 7 * i)],
  ])('warns of %s', (title, cells) => {
    expect(looks(title, cells)).toHaveLength(1);
    expect(looks(title, cells)[0]).toContain('take it out');
  });

  it.each([
    ['age', many((i) => 30 + i)],
    ['race_id', many((i) => 1 + (i % 4))],
    ['T1_E_GLCM_Contrast', many((i) => i / 7)],
    ['volume', many((i) => 1000 + (i % 20))],
    ['candidate', many((i) => (i * 7) % 23)],
  ])('leaves %s alone', (title, cells) => {
    expect(looks(title, cells)).toEqual([]);
  });
});

describe('identicalColumns', () => {
  it('groups equal columns, NaN and -0 included, and leaves constant ones out', () => {
    const column = (name: string, values: number[]) => ({
      name,
      block: 'b',
      values: Float64Array.from(values),
    });
    const table = featureTable(
      ['P1', 'P2', 'P3'],
      [
        column('a', [0, Number.NaN, 2]),
        column('b', [-0, Number.NaN, 2]),
        column('c', [0, 1, 2]),
        column('d', [5, 5, 5]),
        column('e', [5, 5, 5]),
      ],
    );
    expect(identicalColumns(table)).toEqual([['a', 'b']]);
  });
});
