import { describe, expect, it } from 'vitest';
import type { CohortColumn } from '../../src/cohort/cohort.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { parseManifest } from '../../src/cohort/read-manifest.ts';
import { log } from '../../src/runtime/elementary.ts';
import { faultOf, type Loose, smallManifest, writeSmallCohort } from './small-cohort.ts';

const bent = (bend: (manifest: Loose) => void): Loose => {
  const manifest = smallManifest();
  bend(manifest);
  return manifest;
};
const load = (manifest: (manifest: Loose) => void, clinical = (csv: string) => csv) =>
  loadCohort(writeSmallCohort({ manifest, clinical }));
const parse = (bend: (manifest: Loose) => void) => () =>
  parseManifest(JSON.stringify(bent(bend)), 'm.json');
const column = async (bend: (manifest: Loose) => void, name: string) => {
  const { columns } = await load(bend);
  return columns?.[name] as CohortColumn;
};

const area = { rule: 'product', meaning: 'm', unit: 'cm2', of: ['size', 'size'], factor: 0.01 };
const letter = { rule: 'match', meaning: 'm', match: '(P)\\d', coding: { P: 'patient' } };

describe('derived columns of a manifest', () => {
  it('multiply columns, one that stands twice squared, and take logarithms of derived ones', async () => {
    const both = (m: Loose) => {
      m.derived = { area, log_area: { rule: 'log', meaning: 'm', of: 'area' } };
    };
    // P1 to P5 have a size of 50 mm.
    const areas = await column(both, 'area');
    expect(areas).toMatchObject({ type: 'number', unit: 'cm2', measured: 'baseline' });
    expect([...areas.values]).toEqual([25, 25, 25, 25, 25]);
    const logs = await column(both, 'log_area');
    expect([...logs.values]).toEqual(Array(5).fill(log(25)));
    expect(logs).toMatchObject({ unit: 'ln(cm2)' });
  });

  it('match the patient id, which people assigned', async () => {
    const found = await column((m) => {
      m.derived = { letter };
    }, 'letter');
    expect(found).toMatchObject({ measured: 'assigned', levels: ['patient'] });
    expect(found.values).toEqual(Array(5).fill('patient'));
  });

  it('take the first case that holds, and are missing where a part is', async () => {
    const found = await column((m) => {
      m.derived = {
        kind: {
          rule: 'cases',
          meaning: 'm',
          cases: [
            { is: 'er', where: { er: '1' } },
            { is: 'none', where: { er: '0' } },
          ],
        },
      };
    }, 'kind');
    expect(found.values).toEqual(['er', 'none', undefined, undefined, 'er']);
  });

  it('make blocks of their own, under the name of the block', async () => {
    const { blocks } = await load((m) => {
      m.derived = { area };
      m.blocks = { size: ['area', 'size'] };
    });
    expect(blocks.size.columns.map(({ name, block }) => [name, block])).toEqual([
      ['size.area', 'size'],
      ['size.size', 'size'],
    ]);
  });

  it.each<[string, (m: Loose) => void, string, string]>([
    [
      'a product with a later column, as a predictor',
      (m) => {
        m.derived = { change: { ...area, of: ['size', 'size_after'] } };
        m.predictors.push('change');
      },
      'leaking-predictor',
      'measured: after',
    ],
    [
      'a derived outcome in a block',
      (m) => {
        m.derived = {
          copy: { rule: 'cases', meaning: 'm', cases: [{ is: 'a', where: { pcr: '1' } }] },
        };
        m.blocks = { copy: ['copy'] };
      },
      'leaking-predictor',
      'blocks.copy: copy',
    ],
    [
      'an assigned column as a predictor',
      (m) => {
        m.derived = { letter };
        m.predictors.push('letter');
      },
      'leaking-predictor',
      'given by people, not measured',
    ],
    [
      'a part that is not described',
      (m) => {
        m.derived = { area: { ...area, of: ['sise'] } };
      },
      'bad-config',
      'did you mean size?',
    ],
    [
      'a product of texts',
      (m) => {
        m.derived = { area: { ...area, of: ['subtype'] } };
      },
      'bad-config',
      'subtype, a category column',
    ],
    [
      'a case with a code that the column lacks',
      (m) => {
        m.derived = {
          k: { rule: 'cases', meaning: 'm', cases: [{ is: 'a', where: { er: '7' } }] },
        };
      },
      'bad-config',
      'a code of er: 0, 1',
    ],
    [
      'a name that a table has',
      (m) => {
        m.derived = { age: area };
      },
      'bad-config',
      'age twice',
    ],
    [
      'a block under the name clinical',
      (m) => {
        m.blocks = { clinical: ['age'] };
      },
      'bad-config',
      'clinical twice',
    ],
    [
      'a group of numbers',
      (m) => {
        m.group = 'age';
      },
      'bad-config',
      'age, a number column',
    ],
  ])('refuse %s', async (_, bend, code, words) => {
    const fault = await faultOf(parse(bend));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(words);
  });

  it('refuse the logarithm of zero, by patient', async () => {
    const zero = (csv: string) => csv.replace('P2,41.5,0,B,50', 'P2,41.5,0,B,0');
    const logs = (m: Loose) => {
      m.endpoints = { pcr: m.endpoints.pcr };
      m.derived = { log_size: { rule: 'log', meaning: 'm', of: 'size' } };
    };
    await expect(load(logs, zero)).rejects.toMatchObject({
      code: 'out-of-range',
      facts: { patient: 'P2', found: 'size = 0' },
    });
  });

  it('refuse a text and a combination that the rule does not cover, by patient', async () => {
    await expect(
      load((m) => {
        m.derived = { letter: { ...letter, match: '(P)[1-4]' } };
      }),
    ).rejects.toMatchObject({ code: 'unknown-code', facts: { patient: 'P5' } });
    await expect(
      load((m) => {
        m.derived = {
          k: { rule: 'cases', meaning: 'm', cases: [{ is: 'a', where: { er: '1' } }] },
        };
      }),
    ).rejects.toMatchObject({ code: 'unknown-code', facts: { patient: 'P2', found: 'er 0' } });
  });
});
