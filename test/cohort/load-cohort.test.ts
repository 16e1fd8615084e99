import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import type { FeatureTable } from '../../src/table/feature-table.ts';
import { sharedFolder } from '../shared-folder.ts';
import { faultOf, type SmallCohort, writeSmallCohort } from './small-cohort.ts';

const column = (table: FeatureTable, name: string) => [
  ...(table.columns.find((one) => one.name === name)?.values ?? []),
];

describe('loadCohort, a small cohort', () => {
  it('joins by patient, encodes, and says who was left out', async () => {
    const cohort = await loadCohort(writeSmallCohort());
    expect(cohort.patients).toEqual(['P1', 'P2', 'P3', 'P4', 'P5']);
    expect(cohort.excluded).toEqual([
      { patient: 'P6', reason: 'no radiomics features' },
      { patient: 'P7', reason: 'no row in table clinical' },
    ]);
    const { clinical, radiomics } = cohort.blocks;
    expect(clinical.columns.map(({ name }) => name)).toEqual([
      'clinical.age',
      'clinical.er',
      'clinical.subtype=luminal',
      'clinical.subtype=her2',
      'clinical.subtype=basal',
      'clinical.size',
    ]);
    expect(column(clinical, 'clinical.age')).toEqual([40, 41.5, Number.NaN, 43, 44]);
    // 2 is indeterminate: missing, not a number.
    expect(column(clinical, 'clinical.er')).toEqual([1, 0, Number.NaN, Number.NaN, 1]);
    expect(column(clinical, 'clinical.subtype=her2')).toEqual([0, 1, 0, Number.NaN, 0]);
    expect(
      radiomics.columns.map(({ name, block, modality, region }) => [name, block, modality, region]),
    ).toEqual(['a', 'b', 'c'].map((n) => [`ceT1.intra.${n}`, 'radiomics', 'ceT1', 'intra']));
    expect(column(radiomics, 'ceT1.intra.a')).toEqual([2, 1, 3, 0.0045, 5]);
    expect(column(radiomics, 'ceT1.intra.b')).toEqual([20, 10, Number.NaN, 40, 50]);
  });

  it('labels both endpoints; exactly 30% is a response', async () => {
    const { endpoints } = await loadCohort(writeSmallCohort());
    expect([...endpoints.pcr.labels]).toEqual([1, 0, 0, 1, -1]);
    // Falls of 80, 30, 28 and 100%; P4 has no size after.
    expect([...endpoints.response.labels]).toEqual([1, 1, 0, -1, 1]);
    expect(endpoints.response.positiveName).toBe('responder');
  });

  it('reports constant features', async () => {
    const { notices } = await loadCohort(writeSmallCohort());
    expect(notices.join('\n')).toContain('radiomics: 1 constant feature (ceT1.intra.c)');
  });

  it('gives the same cohort whatever the order of rows in the files', async () => {
    const reversed = (csv: string) => {
      const [header, ...rows] = csv.trim().split('\n');
      return [header, ...rows.reverse()].join('\n');
    };
    const { inputs: _a, ...one } = await loadCohort(writeSmallCohort());
    const { inputs: _b, ...other } = await loadCohort(
      writeSmallCohort({ clinical: reversed, features: reversed }),
    );
    expect(other).toEqual(one);
  });

  it('reads from a folder asked for, with the hash of every file', async () => {
    const path = writeSmallCohort();
    const elsewhere = writeSmallCohort();
    const cohort = await loadCohort(path, { data: dirname(elsewhere) });
    expect(cohort.inputs.map(({ file }) => file)).toEqual([
      'manifest.json',
      'clinical.csv',
      'deep/features.csv.gz',
    ]);
    for (const { sha256 } of cohort.inputs) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

/** What is wrong, how, and what the error must say. */
const faults: [string, SmallCohort, string, (string | RegExp)[]][] = [
  [
    'a wrong checksum',
    {
      manifest: (m) => {
        m.sources = [
          {
            id: 'c',
            address: 'https://example.org/c.csv',
            path: 'clinical.csv',
            sha256: '0'.repeat(64),
            bytes: 5,
          },
        ];
      },
    },
    'checksum-mismatch',
    ['clinical.csv', /found sha256 [0-9a-f]{64}/, `expected sha256 ${'0'.repeat(64)}`],
  ],
  [
    'a truncated gzip file',
    { gzip: (bytes) => bytes.subarray(0, bytes.length - 12) },
    'bad-gzip',
    ['deep/features.csv.gz', 'truncated', /unexpected end of file/],
  ],
  [
    'a damaged gzip file',
    { gzip: (bytes) => Buffer.from(bytes).fill(255, 20, 40) },
    'bad-gzip',
    ['deep/features.csv.gz', 'damaged'],
  ],
  [
    'a file that is no gzip',
    { gzip: () => Buffer.from('a,b\n1,2\n') },
    'bad-gzip',
    ['deep/features.csv.gz', 'incorrect header check'],
  ],
  [
    'a missing column',
    { clinical: (csv) => csv.replace('subtype', 'subtipe') },
    'missing-column',
    ['clinical.csv', 'column subtype', 'did you mean subtipe?'],
  ],
  [
    'a missing column of ids',
    { features: (csv) => csv.replace('case', 'name') },
    'missing-column',
    ['features.csv.gz', 'column case'],
  ],
  [
    'an ignored column that is not there',
    { features: (csv) => csv.replace('label', 'target') },
    'missing-column',
    ['features.csv.gz', 'column label'],
  ],
  [
    'an unknown code',
    { clinical: (csv) => csv.replace('P2,41.5,0', 'P2,41.5,7') },
    'unknown-code',
    [
      'patient P2',
      'clinical.csv',
      'row 2',
      'column er',
      'found "7"',
      'one of 0, 1, or 2 for missing',
    ],
  ],
  [
    'an unknown category',
    { clinical: (csv) => csv.replace('0,B', '0,D') },
    'unknown-code',
    ['row 2', 'column subtype', 'found "D"', 'one of A, B, C'],
  ],
  [
    'a duplicate patient',
    { clinical: (csv) => csv.replace('P5,', 'P2,') },
    'duplicate-patient',
    ['patient P2', 'clinical.csv', 'rows 2 and 5'],
  ],
  [
    'a duplicate patient among the features',
    { features: (csv) => csv.replace('x-P5', 'x-P1') },
    'duplicate-patient',
    ['patient P1', 'features.csv.gz', 'rows 2 and 5'],
  ],
  [
    'an id that breaks the rule',
    { features: (csv) => csv.replace('x-P5', 'y-P5') },
    'bad-id',
    ['row 5', 'column case', 'found "y-P5"', 'x-(P\\d)'],
  ],
  [
    'ids that never meet',
    {
      features: (csv) => csv.replaceAll('x-P', 'x-Q'),
      manifest: (m) => {
        m.features[0].patient.match = 'x-(Q\\d)';
      },
    },
    'no-common-patients',
    ['P1', 'Q2'],
  ],
  [
    'an endpoint of one class',
    { clinical: (csv) => csv.replace(/,1,(19\d\d)/g, ',0,$1') },
    'one-class',
    ['endpoints.pcr', 'found 0 pCR, 4 non-pCR, 1 unknown'],
  ],
  [
    'NaN as text in a number column',
    { clinical: (csv) => csv.replace('P1,40', 'P1,NaN') },
    'not-a-number',
    ['patient P1', 'row 1', 'column age', 'found "NaN"', 'finite number'],
  ],
  [
    'inf as text in a number column',
    { clinical: (csv) => csv.replace('P1,40', 'P1,inf') },
    'infinite-value',
    ['row 1', 'column age', 'found "inf"'],
  ],
  [
    'NaN as text among the features',
    { features: (csv) => csv.replace('1,10', '1,nan') },
    'not-a-number',
    ['patient P2', 'features.csv.gz', 'row 1', 'column b', 'found "nan"'],
  ],
  [
    'an infinite feature',
    { features: (csv) => csv.replace('1,10', '1,-Infinity') },
    'infinite-value',
    ['row 1', 'column b', 'found "-Infinity"'],
  ],
  [
    'a feature beyond the largest number',
    { features: (csv) => csv.replace('1,10', '1,1e999') },
    'infinite-value',
    ['row 1', 'column b', 'found "1e999"'],
  ],
  [
    'a date among the features',
    { features: (csv) => csv.replace('1,10', '1,2020-01-01') },
    'not-a-number',
    ['column b', 'found "2020-01-01"'],
  ],
  [
    'hexadecimal text that JavaScript would take',
    { features: (csv) => csv.replace('1,10', '1,0x10') },
    'not-a-number',
    ['found "0x10"'],
  ],
  [
    'an age out of range',
    { clinical: (csv) => csv.replace('P1,40', 'P1,400') },
    'out-of-range',
    ['patient P1', 'column age', 'found 400 a', '18 to 110 a'],
  ],
  [
    'a size before of 0',
    { clinical: (csv) => csv.replace('A,50,10', 'A,0,10') },
    'out-of-range',
    ['patient P1', 'found 0 before, 10 after'],
  ],
  [
    'a row with a cell too many',
    { clinical: (csv) => csv.replace('P2,41.5', 'P2,41,5') },
    'bad-table',
    ['clinical.csv', 'row 2', 'found 9 cells', 'expected 8 cells'],
  ],
  ['a table without rows', { clinical: (csv) => csv.split('\n')[0] }, 'bad-table', ['0 rows']],
  ['an empty table', { clinical: () => '' }, 'bad-table', ['clinical.csv', '0 columns']],
  [
    'two columns of one title',
    { clinical: (csv) => csv.replace('born', 'age') },
    'duplicate-column',
    ['clinical.csv', 'column age'],
  ],
  [
    'a broken quotation',
    { clinical: (csv) => csv.replace('P2,', '"P2,') },
    'bad-table',
    ['clinical.csv', 'quot'],
  ],
  [
    'a file that is not there',
    {
      manifest: (m) => {
        m.tables[0].file = 'nowhere.csv';
      },
    },
    'not-fetched',
    ['nowhere.csv', 'nacre cohort fetch small'],
  ],
];

describe('loadCohort, scans', () => {
  it('finds image and mask of each patient, and counts who lacks one', async () => {
    const path = writeSmallCohort({
      manifest: (m) => {
        m.images = { ceT1: { image: 'scans/{patient}.nii', mask: 'scans/{patient}-mask.nii' } };
      },
    });
    const folder = join(dirname(path), 'scans');
    mkdirSync(folder);
    for (const file of ['P1.nii', 'P1-mask.nii', 'P2.nii', 'P6.nii', 'P6-mask.nii']) {
      writeFileSync(join(folder, file), '');
    }
    const { images, notices } = await loadCohort(path);
    const real = realpathSync(folder);
    expect(images?.ceT1).toEqual([
      { image: join(real, 'P1.nii'), mask: join(real, 'P1-mask.nii') },
      // A scan without its mask is a fault, not a scan that the patient lacks.
      { image: join(real, 'P2.nii'), mask: join(folder, 'P2-mask.nii') },
      undefined,
      undefined,
      undefined,
    ]);
    expect(notices).toContain('ceT1: 3 of 5 patients lack the scan (P3, P4, P5)');
    expect(notices).toContain(
      'ceT1: 1 of 5 patients have a scan without mask, or a mask without scan (P2)',
    );
  });
});

describe('loadCohort, bad input', () => {
  it.each(faults)('refuses %s', async (_, bend, code, says) => {
    const error = await faultOf(loadCohort(writeSmallCohort(bend)));
    expect(error).toBeInstanceOf(NacreError);
    expect(error.code, error.message).toBe(code);
    for (const part of says) {
      if (typeof part === 'string') expect(error.message).toContain(part);
      else expect(error.message).toMatch(part);
    }
  });

  it('knows the nearest cohort', async () => {
    expect((await faultOf(loadCohort('ispy'))).message).toContain('did you mean ispy1?');
  });

  it('refuses a folder that is not there', async () => {
    const error = await faultOf(loadCohort(writeSmallCohort(), { data: '/no/such/folder' }));
    expect(error.code).toBe('not-fetched');
  });
});

const shared = sharedFolder();
if (shared === undefined) console.warn('I-SPY 1 tests skipped: no ../shared (or NACRE_SHARED)');

describe.skipIf(shared === undefined)('loadCohort, I-SPY 1', () => {
  it('joins 161 patients: pCR 46 of 156, response 115 of 155', async () => {
    const cohort = await loadCohort('ispy1', { mirror: join(shared ?? '', 'datasets/ispy1') });
    expect(cohort.patients).toHaveLength(161);
    expect(cohort.excluded).toHaveLength(60);
    const counts = Object.values(cohort.endpoints).map(({ id, labels }) => [
      id,
      labels.filter((label) => label >= 0).length,
      labels.filter((label) => label === 1).length,
    ]);
    expect(counts).toEqual([
      ['pcr', 156, 46],
      ['response', 155, 115],
    ]);
    expect(cohort.blocks.radiomics.columns).toHaveLength(370);
    expect(cohort.blocks.clinical.columns).toHaveLength(16);
    expect(cohort.synthetic).toBe(false);
  });

  it('reads single patients as the workbook has them', async () => {
    const cohort = await loadCohort('ispy1', { mirror: join(shared ?? '', 'datasets/ispy1') });
    const row = cohort.patients.indexOf('ISPY1_1002');
    const value = (name: string) =>
      cohort.blocks.clinical.columns.find((one) => one.name === `clinical.${name}`)?.values[row];
    expect(
      ['age', 'er', 'pr', 'her2', 'subtype=HR+/HER2-', 'laterality_right', 'longest_diameter'].map(
        value,
      ),
    ).toEqual([37.79, 1, 1, 0, 1, 1, 29]);
    expect(cohort.endpoints.pcr.labels[row]).toBe(0);
    // 29 mm to 16 mm.
    expect(cohort.endpoints.response.labels[row]).toBe(1);
    // First data row of features.csv.gz is ISPY1-1002.
    expect(cohort.blocks.radiomics.columns[0].values[row]).toBe(-1.1664039088676081);
  });

  it('lets no column measured after the start of treatment into the block clinical', async () => {
    const cohort = await loadCohort('ispy1', { mirror: join(shared ?? '', 'datasets/ispy1') });
    const names = cohort.blocks.clinical.columns.map(({ name }) => name).join(' ');
    expect(names).not.toMatch(/presurgery|early|inter|pcr|rcb|surviv|recurr|date/);
  });
});

describe.skipIf(shared === undefined)('loadCohort, STS', () => {
  it('finds two scans of twelve patients', async () => {
    const { patients, images } = await loadCohort('sts', {
      mirror: join(shared ?? '', 'datasets/sts'),
    });
    expect(patients).toHaveLength(12);
    expect(Object.keys(images ?? {})).toEqual(['ct', 'T1']);
    expect(
      Object.values(images ?? {})
        .flat()
        .filter((scan) => scan === undefined),
    ).toEqual([]);
  });
});
