import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCohort } from '../../src/cohort/check.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { readBatch } from '../../src/features/radiomics-case.ts';
import { readParquet, writeParquet } from '../../src/machine/parquet.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import { joinTables } from '../../src/table/join-tables.ts';
import { requireOneSpelling, spellingKey } from '../../src/table/patient-spelling.ts';
import { writeMadeCohort } from '../cohort/made-cohort.ts';
import { faultOf, type Loose, writeSmallCohort } from '../cohort/small-cohort.ts';
import fc from '../property-runs.ts';

const runs = { numRuns: 60 };
const letters = fc.string({
  unit: fc.constantFrom('a', 'B', 'é', 'ü', 'Ω', 'z', '-', '_'),
  minLength: 1,
  maxLength: 4,
});
/** Ids with a number, as cohorts have them. */
const ids = fc.tuple(letters, fc.integer({ min: 1, max: 9999 })).map(([word, n]) => `${word}${n}`);
/** Other spellings of an id. */
const respelled = fc.constantFrom<(id: string) => string>(
  (id) => id.replace(/\d+/, (digits) => `00${digits}`),
  (id) => (id === id.toUpperCase() ? id.toLowerCase() : id.toUpperCase()),
  (id) => `${id[0]} ${id.slice(1)}`,
  (id) => `${id[0]}\u00a0${id.slice(1)}`,
  (id) => `${id[0]}\u200b${id.slice(1)}`,
  (id) => `${id}\u2060`,
  (id) => `${id[0]}\u00ad${id.slice(1)}`,
  (id) => `\ufeff${id}`,
  (id) => (id.normalize('NFD') === id ? id.normalize('NFC') : id.normalize('NFD')),
  (id) => `${id}.0`,
  (id) => `${id}.00`,
  (id) => id.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  (id) => id.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))),
  (id) => id.replaceAll('-', '\u2013'),
  (id) => id.replaceAll('-', '\u2010'),
);
const pairs = fc
  .tuple(ids, respelled)
  .map(([id, other]) => [id, other(id)] as const)
  .filter(([id, other]) => id.trim() !== other.trim());

describe('spellings of one id (property)', () => {
  it('have one key, and are refused with both', () => {
    fc.assert(
      fc.property(pairs, ([id, other]) => {
        expect(spellingKey(other)).toBe(spellingKey(id));
        expect(() => requireOneSpelling([{ id }, { id: 'Q' }, { id: other }])).toThrow(
          /one patient/,
        );
        requireOneSpelling([{ id }, { id: 'Q' }, { id }]);
      }),
      runs,
    );
  });

  it('of two numbers have two keys', () => {
    fc.assert(
      fc.property(letters, fc.nat(99_999), fc.nat(99_999), (word, a, b) => {
        fc.pre(a !== b);
        expect(spellingKey(`${word}${a}`)).not.toBe(spellingKey(`${word}${b}`));
      }),
    );
    expect(spellingKey('P10')).not.toBe(spellingKey('P1'));
    expect(spellingKey('100')).not.toBe(spellingKey('1'));
    expect(spellingKey('\u{1d7d9}\u{1d7e1}')).toBe('19');
    expect(spellingKey('O\u2019Neil-1')).toBe(spellingKey("O'Neil\u20111"));
    expect(spellingKey('P1_0')).not.toBe(spellingKey('P1'));
  });

  const outcome = [0, 1, 0, 1, 0, 1];
  const a = [0.5, 0.1, 0.9, 0.3, 0.2, 0.6];
  const others = ['Q901', 'Q902', 'Q903', 'Q904'];

  it('are refused within one table, and between a table and a feature file', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, fc.boolean(), async ([id, other], within) => {
        const own = within ? [id, other, ...others] : [id, 'Q905', ...others];
        const featureIds = within ? own : [other, 'Q905', ...others];
        const path = writeMadeCohort({ outcome, ids: own, features: { a }, featureIds });
        for (const work of [loadCohort, checkCohort]) {
          const fault = await faultOf(work(path));
          expect(fault.code, fault.message).toBe('ambiguous-id');
          expect(fault.message).toMatch(/row \d.*row \d/);
        }
      }),
      runs,
    );
  });

  it('are refused in a Parquet table, a batch file and a join', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nacre-spelling-'));
    await fc.assert(
      fc.asyncProperty(pairs, async ([id, other]) => {
        const table = featureTable(
          [id, other],
          [{ name: 'b.x', block: 'b', values: Float64Array.of(1, 2) }],
        );
        const path = join(folder, 'a.parquet');
        writeParquet(path, table);
        expect((await faultOf(readParquet(path))).code).toBe('ambiguous-id');
        const batch = join(folder, 'batch.csv');
        writeFileSync(batch, `ID,Image,Mask\n"${id}",i,m\n"${other}",i,m\n`);
        expect((await faultOf(readBatch(batch))).code).toBe('ambiguous-id');
        const one = featureTable(
          [other, 'Q'],
          [{ name: 'b.x', block: 'b', values: Float64Array.of(1, 2) }],
        );
        expect((await faultOf(() => joinTables([id, 'Q'], [one]))).code).toBe('ambiguous-id');
      }),
      runs,
    );
  });

  it('are refused where a folder of scans has the other', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async ([id, other]) => {
        const path = writeMadeCohort({ outcome, ids: [id, 'Q905', ...others], features: { a } });
        const manifest = JSON.parse((await import('node:fs')).readFileSync(path, 'utf8')) as Loose;
        manifest.images = {
          T2: { image: 'scans/pt-{patient}/t2.nii', mask: 'scans/pt-{patient}/m.nii' },
        };
        writeFileSync(path, JSON.stringify(manifest));
        const folder = join(dirname(path), 'scans', `pt-${other}`);
        mkdirSync(folder, { recursive: true });
        const fault = await faultOf(loadCohort(path));
        expect(fault.code, fault.message).toBe('ambiguous-id');
        expect(fault.message).toContain('pt-');
      }),
      { numRuns: 30 },
    );
  });
});

describe('an id that is none', () => {
  it.each(['NA', 'nan', 'n/a', 'null', '-', '?', '#N/A', '#REF!', '=A1', 'Pat\ufffd'])(
    'is refused: %s',
    async (id) => {
      const path = writeSmallCohort({ clinical: (csv) => csv.replace('P6,', `${id},`) });
      const fault = await faultOf(loadCohort(path));
      expect(fault.code).toBe('bad-id');
      expect(fault.message).toContain('row 6');
    },
  );
});
