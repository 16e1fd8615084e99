import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { separatorOption } from '../../src/cli/separator-option.ts';
import { checkCohort } from '../../src/cohort/check.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { readBatch } from '../../src/features/radiomics-case.ts';
import { readRawTable } from '../../src/machine/read-table.ts';
import type { Assumption } from '../../src/runtime/assumptions.ts';
import { separators } from '../../src/table/separators.ts';
import { faultOf, writeSmallCohort } from '../cohort/small-cohort.ts';
import fc from '../property-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-csv-'));
const written = (data: string | Uint8Array) => {
  const path = join(folder, 'a.csv');
  writeFileSync(path, data);
  return path;
};
const csv = 'id,age,size\nPatü,46,1.5\nPatö,51,2.5\n';

describe('separators', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', '1', ' ', '.', 'é', ',', ';', '|', '"'),
    maxLength: 5,
  });
  const tables = fc.array(fc.tuple(cell, cell, cell), { minLength: 2, maxLength: 8 });

  it('are recognised by rows of one length, and noted where they are no comma (property)', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.constantFrom(...separators), async (rows, separator) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const lines = [
          ['n', 'x', 'y', 'z'],
          ...rows.map((row, i) => [String(i), ...row.map(quoted)]),
        ].map((row) => row.join(separator));
        const notes: Assumption[] = [];
        const path = written(lines.join('\n'));
        const table = await readRawTable(path, { format: 'csv', note: (one) => notes.push(one) });
        expect(table.header).toEqual(['n', 'x', 'y', 'z']);
        expect(table.rows).toEqual(
          rows.map((row, i) => [String(i), ...row.map((text) => text.trim() || null)]),
        );
        expect(notes.map(({ kind }) => kind)).toEqual(separator === ',' ? [] : ['separator']);
        const set = await readRawTable(path, { format: 'csv', separator });
        expect(set.rows).toEqual(table.rows);
      }),
      { numRuns: 60 },
    );
  });

  it('come from the line sep=, and from the manifest', async () => {
    const { header } = await readRawTable(written('sep=;\na;b,c\n1;2\n'), { format: 'csv' });
    expect(header).toEqual(['a', 'b,c']);
    const bend = (m: { tables: object[] }, more: object) => Object.assign(m.tables[0], more);
    const semicolons = (text: string) => text.replaceAll(',', ';');
    for (const more of [{}, { separator: ';' }]) {
      const path = writeSmallCohort({ clinical: semicolons, manifest: (m) => bend(m, more) });
      const { patients } = await loadCohort(path);
      expect(patients).toHaveLength(5);
      const { assumptions } = await checkCohort(path);
      const [noted] = assumptions.filter(({ kind }) => kind === 'separator');
      if ('separator' in more) expect(noted).toBeUndefined();
      else
        expect(noted).toMatchObject({
          file: 'clinical.csv',
          taken: 'the semicolon as the separator',
        });
    }
    const wrong = writeSmallCohort({ manifest: (m) => bend(m, { separator: '|' }) });
    expect((await faultOf(loadCohort(wrong))).code).toBe('missing-column');
  });

  it('are recognised in a batch of scans, and settable', async () => {
    const notes: Assumption[] = [];
    const path = written('ID;Image;Mask\nP1;a,b.nii;m.nii\n');
    const [one] = await readBatch(path, { note: (note) => notes.push(note) });
    expect(one.cells).toEqual({ ID: 'P1', Image: 'a,b.nii', Mask: 'm.nii' });
    expect(notes).toHaveLength(1);
    expect(await readBatch(path, { separator: ';' })).toEqual([one]);
    const option = separatorOption('it');
    for (const text of ['tab', '\\t', '\t']) expect(option.parseArg?.(text, undefined)).toBe('\t');
    expect(option.parseArg?.('bar', undefined)).toBe('|');
    expect(() => option.parseArg?.('x', undefined)).toThrow(/comma, semicolon, tab or bar/);
  });

  it('leave a decimal comma a comma, and say how numbers are written', async () => {
    const path = writeSmallCohort({
      clinical: (text) => text.replaceAll(',', ';').replace('41.5', '41,5'),
    });
    const fault = await faultOf(loadCohort(path));
    expect(fault.code).toBe('not-a-number');
    expect(fault.message).toMatch(/patient P2.*found "41,5".*write decimals with a point: 41\.5/);
  });
});

describe('encodings', () => {
  it.each([
    ['UTF-16, little-endian', Buffer.from(csv, 'utf16le')],
    ['UTF-16, big-endian', Buffer.from(csv, 'utf16le').swap16()],
    ['Latin-1', Buffer.from(csv, 'latin1')],
  ])(
    '%s is refused by name, packed or not, and never read as other letters',
    async (name, bytes) => {
      for (const [data, format] of [
        [bytes, 'csv'] as const,
        [gzipSync(bytes), 'csv.gz'] as const,
      ]) {
        const fault = await faultOf(readRawTable(written(data), { format }));
        expect(fault.code).toBe('not-utf8');
        expect(fault.message).toContain(name);
      }
    },
  );
});

describe('numbers that may mean missing', () => {
  it.each([
    ['age', '44', '999', /age: the value 999 in 1 cell, all others from 40 to 45/],
    ['size0', 'P5,44,1,A,50', 'P5,44,1,A,-9', /size0: the value -9 in 1 cell/],
  ])('are taken and warned of: %s', async (_, from, to, words) => {
    const path = writeSmallCohort({
      clinical: (text) => text.replace(from, to),
      manifest: (m) => {
        delete m.tables[0].columns.age.maximum;
        delete m.endpoints.response;
      },
    });
    const { assumptions = [] } = await loadCohort(path);
    const [note] = assumptions.filter(({ kind }) => kind === 'missing-code');
    expect(note).toMatchObject({ level: 'warning', taken: 'taken as a number' });
    expect(note.found).toMatch(words);
  });

  it.each(['NA', 'n/a', 'NaN', '-', '?', '.', 'null', '#N/A'])(
    '%s is refused, not missing',
    async (text) => {
      const path = writeSmallCohort({ clinical: (table) => table.replace('P5,44', `P5,${text}`) });
      const fault = await faultOf(loadCohort(path));
      expect(fault.code).toBe('not-a-number');
      expect(fault.message).toContain(`"missing": [${JSON.stringify(text)}]`);
    },
  );
});
