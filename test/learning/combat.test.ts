import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Combat } from '../../src/learning/combat/combat.ts';
import {
  type HarmoniseSettings,
  harmoniseSchema,
} from '../../src/learning/combat/harmonise-settings.ts';
import { Pipeline } from '../../src/learning/pipeline.ts';
import type { RowSites } from '../../src/learning/row-sites.ts';
import { type HeldOutRows, splitRows, type TrainingRows } from '../../src/learning/rows.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { type FeatureTable, featureTable } from '../../src/table/feature-table.ts';
import { lcgTable } from './lcg-table.ts';

interface Case {
  name: string;
  sites: number;
  covariates: string[];
  outcome: boolean;
  every: number;
  train: number[][];
  held: number[][];
  gamma: number[][];
  delta: number[][];
}
const golden: { versions: Record<string, string>; cases: Case[] } = JSON.parse(
  readFileSync(new URL('../goldens/combat.json', import.meta.url), 'utf8'),
);
const settings = (more: object = {}) =>
  harmoniseSchema.parse({ method: 'combat', ...more }) as HarmoniseSettings;

/** The tables of bench/peers/reference_combat.py. */
function siteTable(sites: number) {
  const { table: plain, labels } = lcgTable();
  const rows = [...labels.keys()];
  const site = rows.map((row) =>
    sites === 2 ? row % 2 : row % 13 === 0 ? sites - 1 : row % (sites - 1),
  );
  const age = Float64Array.from(rows, (row) => 30 + ((row * 7) % 41));
  const subtype = rows.map((row) => ['HER2+', 'HR+', 'TN'][Math.floor(row / 4) % 3]);
  const kept = plain.columns.filter(({ name }) => name !== 'constant');
  const table = featureTable(
    plain.patients,
    kept.map((column, c) => ({
      ...column,
      values: Float64Array.from(column.values, (value, row) => {
        const filled = Number.isNaN(value) ? 0.5 : value;
        const scale = 1 + 0.3 * site[row] * (1 + (c % 4) / 4);
        return (filled + 0.01 * age[row]) * scale + 0.5 * site[row] * (1 - (c % 5) / 3);
      }),
    })),
  );
  const at: RowSites = {
    sites: site.map((s) => `S${s}`),
    covariates: [
      { name: 'subtype', type: 'text', values: subtype },
      { name: 'age', type: 'number', values: age },
    ],
  };
  return { table, labels, at };
}

function only({ sites, covariates }: RowSites, names: readonly string[]): RowSites {
  return { sites, covariates: covariates.filter(({ name }) => names.includes(name)) };
}

function split(table: FeatureTable, labels: Uint8Array, at: RowSites, every = 5) {
  const rows = [...labels.keys()];
  return splitRows(
    table,
    labels,
    {
      ...{ index: 0, seed: 0 },
      train: rows.filter((row) => row % every !== 0),
      test: rows.filter((row) => row % every === 0),
    },
    { sites: at },
  );
}
const everySeventh = ({ columns }: TrainingRows | HeldOutRows) =>
  columns.filter((_, c) => c % 7 === 0).map(({ values }) => [...values]);

describe('ComBat beside neuroCombat', () => {
  it('was made with the version that is named', () => {
    expect(golden.versions.neuroCombat).toBe('0.2.12');
  });

  it.each(golden.cases.map((one) => [one.name, one] as const))(
    '%s: training and held-out rows equal at 1e-9, estimates too',
    (_, one) => {
      const { table, labels, at } = siteTable(one.sites);
      const { train, test } = split(table, labels, only(at, one.covariates), one.every);
      const fitted = new Combat(settings({ outcome: one.outcome })).fit(train);
      const compare = (ours: number[][], theirs: number[][]) => {
        expect(ours.map(({ length }) => length)).toEqual(theirs.map(({ length }) => length));
        let worst = 0;
        ours.forEach((column, c) => {
          column.forEach((value, row) => {
            worst = Math.max(worst, Math.abs(value - theirs[c][row]));
          });
        });
        expect(worst).toBeLessThan(1e-9);
      };
      compare(everySeventh(fitted.transform(train)), one.train);
      compare(everySeventh(fitted.transform(test)), one.held);
      const columns = fitted.model.columns.filter((_, c) => c % 7 === 0);
      fitted.model.sites.forEach((_, s) => {
        compare([columns.map(({ gamma }) => gamma[s])], [one.gamma[s]]);
        compare([columns.map(({ scale }) => scale[s] * scale[s])], [one.delta[s]]);
      });
    },
  );
});

describe('ComBat', () => {
  const { table, labels, at } = siteTable(3);

  it('brings the sites together and keeps what a covariate explains', () => {
    const { train } = split(table, labels, only(at, ['age']));
    const after = new Combat(settings()).fit(train).transform(train);
    const spread = (rows: TrainingRows, column: number) => {
      const means = ['S0', 'S1', 'S2'].map((site) => {
        const mine = [...rows.columns[column].values].filter(
          (_, i) => rows.sites?.sites[i] === site,
        );
        return mine.reduce((sum, value) => sum + value, 0) / mine.length;
      });
      return Math.max(...means) - Math.min(...means);
    };
    expect(spread(train, 0)).toBeGreaterThan(1);
    expect(spread(after, 0)).toBeLessThan(0.25);
  });

  it('is fitted on training rows alone: held-out rows moved by 1e6, and their sites and covariates, change nothing', () => {
    const fitted = (of: FeatureTable, sites: RowSites) =>
      JSON.stringify(new Combat(settings()).fit(split(of, labels, sites).train));
    const moved = featureTable(
      table.patients,
      table.columns.map((column) => ({
        ...column,
        values: column.values.map((value, row) => (row % 5 === 0 ? value + 1e6 : value)),
      })),
    );
    const elsewhere: RowSites = {
      sites: at.sites.map((site, row) => (row % 5 === 0 ? 'S9' : site)),
      covariates: at.covariates.map((one) =>
        one.type === 'number'
          ? { ...one, values: one.values.map((value, row) => (row % 5 === 0 ? 1e6 : value)) }
          : { ...one, values: one.values.map((value, row) => (row % 5 === 0 ? 'other' : value)) },
      ),
    };
    expect(fitted(moved, elsewhere)).toBe(fitted(table, at));
  });

  it('leaves clinical columns and blocks that are not named', () => {
    const mixed = featureTable(
      table.patients,
      table.columns.map((column, c) => ({ ...column, block: ['clinical', 'a', 'b'][c % 3] })),
    );
    const { train } = split(mixed, labels, at);
    const touched = (more: object) => {
      const after = new Combat(settings(more)).fit(train).transform(train);
      return new Set(
        after.columns.flatMap(({ block, values }, c) =>
          values === train.columns[c].values ? [] : [block],
        ),
      );
    };
    expect(touched({})).toEqual(new Set(['a', 'b']));
    expect(touched({ blocks: ['b'] })).toEqual(new Set(['b']));
  });

  it('asks for no site where nothing is harmonised', () => {
    const clinical = featureTable(
      table.patients,
      table.columns.map((column) => ({ ...column, block: 'clinical' })),
    );
    const rows = [...labels.keys()];
    const { train } = splitRows(clinical, labels, { index: 0, seed: 0, train: rows, test: [] });
    expect(new Combat(settings()).fit(train).transform(train)).toBe(train);
  });

  it('refuses or passes a row of an unknown site, and one without a site', () => {
    for (const stranger of ['S9', undefined]) {
      const sites = { ...at, sites: at.sites.map((site, row) => (row === 10 ? stranger : site)) };
      const { train, test } = split(table, labels, sites);
      const refusing = new Combat(settings()).fit(train);
      expect(() => refusing.transform(test)).toThrow(
        expect.objectContaining({
          code: 'unknown-site',
          facts: expect.objectContaining({ patient: 'P010' }),
        }),
      );
      const passing = new Combat(settings({ unknownSite: 'pass' })).fit(train);
      const after = passing.transform(test);
      const row = test.patients.indexOf('P010');
      expect(after.columns[3].values[row]).toBe(test.columns[3].values[row]);
      expect(after.columns[3].values[row + 1]).not.toBe(test.columns[3].values[row + 1]);
    }
  });

  it('refuses rows without sites, one site, a covariate that is the site, gaps', () => {
    const rows = [...labels.keys()];
    const everybody = { index: 0, seed: 0, train: rows, test: [] };
    const fitted =
      (sites: RowSites | undefined, of = table) =>
      () =>
        new Combat(settings()).fit(splitRows(of, labels, everybody, { sites }).train);
    const code = (name: string) => expect.objectContaining({ code: name });
    expect(fitted(undefined)).toThrow(code('missing-sites'));
    expect(fitted({ ...at, sites: rows.map(() => 'one') })).toThrow(code('too-few-sites'));
    const same = { name: 'scanner', type: 'text' as const, values: at.sites };
    expect(fitted({ ...at, covariates: [same] })).toThrow(code('confounded-site'));
    const gap = featureTable(table.patients, [
      {
        ...table.columns[0],
        values: table.columns[0].values.map((v, row) => (row === 7 ? Number.NaN : v)),
      },
    ]);
    expect(fitted(at, gap)).toThrow(code('missing-values'));
  });

  it('takes part in a pipeline: harmonise: combat', async () => {
    const { train, test } = split(table, labels, at);
    const fitted = (pipeline: object) =>
      new Pipeline(pipeline).fit(train, RandomStream.of(1, 'combat'));
    const booster = { rounds: [10], maxDepth: [2] };
    const with_ = await fitted({ harmonise: 'combat', booster });
    const without = await fitted({ booster });
    expect(with_.trail.steps.map(({ name }) => name)).toContain('harmonise');
    expect([...with_.predictProbability(test)]).not.toEqual([...without.predictProbability(test)]);
  });
});
