import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { readRawTable } from '../../src/machine/read-table.ts';
import { faultOf, writeSmallCohort } from '../cohort/small-cohort.ts';
import { textCell, workbook, workbookBomb } from './workbook.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-excel-'));
const written = (bytes: Uint8Array, name = 'a.xlsx') => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const fixture = new URL('./fixtures/openpyxl.xlsx', import.meta.url).pathname;

describe('cells of Excel that hold no value', () => {
  it('are texts: errors as Excel shows them, formulas without a stored value as formulas (openpyxl)', async () => {
    const { header, rows } = await readRawTable(fixture, { format: 'xlsx' });
    expect(header).toEqual(['id', 'age', 'size', 'sum', 'note']);
    expect(rows).toEqual([
      ['P1', 41, '#N/A', '=B2+1', 'ok'],
      ['P2', 42, '#DIV/0!', '=B3&"<x>"', 'ok'],
      ['P3', 43, 12.5, 3, 'ok'],
    ]);
  });

  it.each([
    ['<c r="B2" t="e"><v>#REF!</v></c>', '#REF!'],
    ['<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', '#DIV/0!'],
    ['<c t="e" r="B2"/>', null],
    ['<c r="B2" t="e"><v/></c>', '#ERROR!'],
    ['<c r="B2"><f>A1</f></c>', '=A1'],
    ['<c r="B2"><f>A1</f><v></v></c>', '=A1'],
    ['<c r="B2"><f t="shared" si="0"/></c>', '=formula'],
    ['<c r="B2" t="str"><f>A1</f></c>', '=A1'],
    ['<c r="B2" t="str"><f>A1</f><v></v></c>', null],
    ['<c r="B2"><f>A1</f><v>7</v></c>', 7],
    ['<c r="B2" t="str"><f>A1</f><v>x</v></c>', 'x'],
    ['<c r="B2"/>', null],
  ])('%s', async (cell, value) => {
    const sheet = `<row r="1">${textCell('A1', 'id')}${textCell('B1', 'x')}</row><row r="2">${textCell('A2', 'P1')}${cell}</row>`;
    const { rows } = await readRawTable(written(workbook({ data: sheet })), { format: 'xlsx' });
    expect(rows).toEqual([['P1', value]]);
  });

  it('are refused in a column that is used, with what to do; declared missing they are missing', async () => {
    const bend = (age: string, missing: string[] = []) => {
      const rows = ['<c><v>40</v></c>', age, '<c><v>42</v></c>', '<c><v>43</v></c>'].map(
        (cell, i) => {
          const at = i + 2;
          const codes = [1, 1, 50, i % 2 ? 10 : 45, i % 2];
          const more = codes
            .map((code, c) => `<c r="${'CDEFG'[c]}${at}"><v>${code}</v></c>`)
            .join('');
          return `<row r="${at}">${textCell(`A${at}`, `P${i + 1}`)}${cell.replace('<c', `<c r="B${at}"`)}${more}</row>`;
        },
      );
      const titles = ['id', 'age', 'er', 'subtype', 'size0', 'size1', 'pcr'];
      const head = titles.map((title, i) => textCell(`${'ABCDEFG'[i]}1`, title)).join('');
      const path = writeSmallCohort({
        manifest: (m) => {
          Object.assign(m.tables[0], { file: 'clinical.xlsx', format: 'xlsx' });
          m.tables[0].columns.age.missing = missing;
          m.tables[0].columns.subtype.coding = { 1: 'luminal' };
        },
      });
      writeFileSync(
        join(path, '..', 'clinical.xlsx'),
        workbook({ data: `<row r="1">${head}</row>${rows.join('')}` }),
      );
      return path;
    };
    const formula = await faultOf(loadCohort(bend('<c><f>B2+1</f></c>')));
    expect(formula.code).toBe('not-a-number');
    expect(formula.message).toMatch(/patient P2.*row 2, column age.*"=B2\+1".*open it in Excel/);
    const error = await faultOf(loadCohort(bend('<c t="e"><v>#N/A</v></c>')));
    expect(error.message).toMatch(/found "#N\/A".*"missing": \["#N\/A"\]/);
    const { blocks } = await loadCohort(bend('<c t="e"><v>#N/A</v></c>', ['#N/A']));
    expect([...blocks.clinical.columns[0].values]).toEqual([40, Number.NaN, 42, 43]);
  });
});

describe('a workbook that unpacks without end', () => {
  it.each([
    ['xl/worksheets/sheet1.xml', '<row><c><v>1</v></c></row>'],
    ['xl/worksheets/sheet1.xml', '<c '],
    ['xl/sharedStrings.xml', '<si><t>x</t></si>'],
    ['xl/styles.xml', '<xf numFmtId="0"/>'],
  ])('is refused before it is parsed: %s of %s', async (part, piece) => {
    const path = written(workbookBomb(part, piece, 240), 'bomb.xlsx');
    expect(statSync(path).size).toBeLessThan(2e6);
    const before = process.memoryUsage().rss;
    const fault = await faultOf(readRawTable(path, { format: 'xlsx' }));
    expect(fault.message).toMatch(/bomb\.xlsx.*unpacks to more than 32 MB/);
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
  });

  it('does not matter in a sheet that is not read', async () => {
    const big = '<row><c t="inlineStr"><is><t>x</t></is></c></row>'.repeat(900_000);
    const path = written(
      workbook({
        first: `<row r="1">${textCell('A1', 'id')}</row><row r="2">${textCell('A2', 'P1')}</row>`,
        big,
      }),
    );
    expect((await readRawTable(path, { format: 'xlsx' })).rows).toEqual([['P1']]);
    expect((await faultOf(readRawTable(path, { format: 'xlsx', sheet: 'big' }))).message).toMatch(
      /more than 32 MB/,
    );
  });

  it.each([
    [
      'a cell far off',
      `<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`,
      /row 1048576 and column 16384/,
    ],
    ['many rows', '<row/>'.repeat(300_000), /more than 262144 rows/],
    ['many cells', '<c/>'.repeat(1_300_000), /more than 1200000 cells/],
    ['a tag without end', `<c ${'r="A1" '.repeat(5000)}/>`, /an XML tag of \d+ characters/],
  ])('%s is refused', async (_, sheet, words) => {
    const path = written(workbook({ data: sheet }));
    expect((await faultOf(readRawTable(path, { format: 'xlsx' }))).message).toMatch(words);
  });
});
