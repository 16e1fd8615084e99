import { describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { faultOf, type Loose, writeSmallCohort } from './small-cohort.ts';

/** The small cohort whose column er holds these texts for P1 to P6, and is described so. */
const withEr = (cells: readonly string[], bend: (column: Loose, manifest: Loose) => void) =>
  writeSmallCohort({
    clinical: (csv) =>
      csv
        .trim()
        .split('\n')
        .map((line, row) => {
          const parts = line.split(',');
          if (row > 0) parts[2] = cells[row - 1];
          return parts.join(',');
        })
        .join('\n'),
    manifest: (m) => {
      const { er } = m.tables[0].columns;
      delete er.coding;
      er.missing = [];
      bend(er, m);
    },
  });

const er = async (path: string) => {
  const { blocks, assumptions = [] } = await loadCohort(path);
  const column = blocks.clinical.columns.find(({ name }) => name === 'clinical.er');
  return {
    values: [...(column?.values ?? [])],
    noted: assumptions.filter(({ kind }) => kind === 'coding-inferred'),
  };
};

describe('a binary column', () => {
  it.each([
    ['neg', 'pos'],
    ['Negative', 'POSITIVE'],
    ['no', 'yes'],
    ['N', 'Y'],
    ['0', '1'],
    ['0.0', '1.0'],
    ['false', 'TRUE'],
    ['-', '+'],
    ['\u2212', '+'],
    ['wt', 'mut'],
    ['wild-type', 'Mutated'],
    ['absent', 'present'],
    ['non-responder', 'responder'],
  ])('coded %s and %s without coding is inferred, and noted', async (zero, one) => {
    const { values, noted } = await er(withEr([one, zero, '', zero, one, one], () => {}));
    expect(values).toEqual([1, 0, Number.NaN, 0, 1]);
    expect(noted).toHaveLength(1);
    expect(noted[0].taken).toMatch(/ as 0, .* as 1/);
    expect(noted[0].why).toContain('"one": ');
  });

  it('may be spelled in several ways', async () => {
    const { values } = await er(withEr(['Pos', 'neg', 'POS ', 'Neg', 'pos', 'pos'], () => {}));
    expect(values).toEqual([1, 0, 1, 0, 1]);
  });

  it('of one class alone is inferred by its word', async () => {
    const { values } = await er(withEr(['yes', 'yes', '', 'yes', 'yes', 'yes'], () => {}));
    expect(values).toEqual([1, 1, Number.NaN, 1, 1]);
  });

  it.each([
    [['L', 'R', '', 'L', 'R', 'R'], '"coding": { "L": "L", "R": "R" }, "one": "R"'],
    [
      ['pos', 'neg', 'unknown', 'neg', 'pos', 'pos'],
      '"coding": { "pos": "pos", "neg": "neg" }, "one": "neg", "missing": ["unknown"]',
    ],
    [['1', '2', '1', '2', '1', '1'], '"coding": { "1": "1", "2": "2" }, "one": "2"'],
    [['low', 'high', 'low', 'low', 'high', 'low'], '"one": "high"'],
  ])('whose texts are not plain is asked for by example: %s', async (cells, example) => {
    const fault = await faultOf(loadCohort(withEr(cells, () => {})));
    expect(fault.code).toBe('unknown-coding');
    expect(fault.message).toContain(`add to the column in the manifest: `);
    expect(fault.message).toContain(example);
    // The example as it stands is a manifest that is read.
    const lines = JSON.parse(`{ ${fault.message.split('in the manifest: ')[1]} }`);
    await loadCohort(withEr(cells, (column) => Object.assign(column, lines)));
  });

  it('with coding and without one takes the plain code, by code or meaning', async () => {
    const cells = ['b', 'a', '', 'a', 'b', 'b'];
    const byMeaning = withEr(cells, (column) => {
      column.coding = { a: 'negative', b: 'positive' };
    });
    const { values, noted } = await er(byMeaning);
    expect(values).toEqual([1, 0, Number.NaN, 0, 1]);
    expect(noted).toHaveLength(1);
    const pos = withEr(['pos', 'neg', '', 'neg', 'pos', 'pos'], (column) => {
      column.coding = { neg: 'HER2 low', pos: 'HER2 high' };
    });
    expect((await er(pos)).values).toEqual([1, 0, Number.NaN, 0, 1]);
    const unclear = withEr(cells, (column) => {
      column.coding = { a: 'left', b: 'right' };
    });
    const fault = await faultOf(loadCohort(unclear));
    expect(fault.message).toContain('add to the column in the manifest: "one": "b" (or "a")');
    expect(fault.message).not.toContain('one: 1');
  });

  it('that an endpoint is made of may be inferred too', async () => {
    const path = writeSmallCohort({
      clinical: (csv) => csv.replace(/,1,19/g, ',yes,19').replace(/,0,19/g, ',no,19'),
      manifest: (m) => {
        delete m.tables[0].columns.pcr.coding;
        Object.assign(m.endpoints.pcr, { positive: ['yes'], negative: ['no'] });
      },
    });
    const { endpoints } = await loadCohort(path);
    expect([...endpoints.pcr.labels]).toEqual([1, 0, 0, 1, -1]);
  });
});
