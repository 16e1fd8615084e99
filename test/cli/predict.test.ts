import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import { writeJson } from '../../src/study/run-folder.ts';
import { trainModel } from '../../src/study/train-model.ts';
import { clinicalTable, manifestHead, pcrColumn, pcrEndpoint } from '../cohort/pcr-manifest.ts';
import { captureOutput } from './captured-output.ts';

const printed = captureOutput();
const folder = mkdtempSync(join(tmpdir(), 'nacre-predict-'));
const model = join(folder, 'model.json');
const header = 'id,site,Mean,Energy';
let rows: string[];

beforeAll(async () => {
  const stream = RandomStream.of(5, 'predict');
  const outcome = Array.from({ length: 40 }, (_, i) => i % 2);
  const ids = outcome.map((_, i) => `P${i}`);
  rows = outcome.map((y, i) => {
    const energy = i === 0 ? '' : (20 + stream.normal()).toFixed(3);
    return `${ids[i]},A,${(10 + 2 * y + stream.normal()).toFixed(3)},${energy}`;
  });
  const clinical = outcome.map((y, i) => `${ids[i]},${40 + (i % 20) + 5 * y},${y}`);
  writeFileSync(join(folder, 'features.csv'), [header, ...rows].join('\n'));
  writeFileSync(join(folder, 'clinical.csv'), ['id,age,pcr', ...clinical].join('\n'));
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({
      ...manifestHead,
      id: 'small',
      tables: [
        clinicalTable({
          age: { name: 'age', meaning: 'age', type: 'number', unit: 'years', measured: 'baseline' },
          pcr: pcrColumn,
        }),
      ],
      features: [
        {
          file: 'features.csv',
          format: 'csv',
          block: 'radiomics',
          modality: 'ceT1',
          region: 'intra',
          patient: { column: 'id' },
          ignore: ['site'],
        },
      ],
      predictors: ['age'],
      endpoints: { pcr: pcrEndpoint },
    }),
  );
  const config = parseStudyConfig(
    `
id: small
title: small
cohort: small
endpoints: [pcr]
featureSets: [{ id: both, blocks: [clinical, radiomics] }]
seed: 5
partitions: 2
audit: { permutations: 0 }
pipeline: {}
`,
    'small.yaml',
  );
  const cohort = await loadCohort(join(folder, 'manifest.json'), { data: folder });
  writeJson(model, await trainModel(config, cohort, { endpoint: 'pcr', featureSet: 'both' }));
});

const table = (title: string, row: string) => {
  const file = join(folder, 'new.csv');
  writeFileSync(file, `${title}\n${row}\n`);
  return file;
};
const predict = (...args: string[]) => runCli(['node', 'nacre', 'predict', model, ...args]);
const asJson = async (...args: string[]) => {
  printed.out = '';
  expect(await predict('--json', ...args)).toBe(exitCodes.ok);
  return JSON.parse(printed.out) as { probability: number; remarks: string[] };
};

describe('nacre predict', () => {
  it("takes a row of the cohort's own table, and the same under full names", async () => {
    const own = await asJson('--features', table(header, rows[3]), '--clinical', 'age=50');
    const [id, site, mean, energy] = rows[3].split(',');
    const full = await asJson(
      '--features',
      table('id,ceT1.intra.Energy,ceT1.intra.Mean,site', `${id},${energy}, ${mean} ,${site}`),
      '--clinical',
      'clinical.age= 5e1',
    );
    expect(full).toEqual(own);
    expect(own.remarks).toEqual([]);
  });

  it('refuses what lies far outside training, remarks on what lies near, and predicts where asked to', async () => {
    for (const row of ['X,A,1e9,20', 'X,A,-1e9,20']) {
      expect(await predict('--features', table(header, row), '--clinical', 'age=50')).toBe(
        exitCodes.badInput,
      );
      expect(printed.err).toMatch(/ceT1\.intra\.Mean.*far outside/);
    }
    const features = ['--features', table(header, rows[3])];
    expect(await predict(...features, '--clinical', 'age=1e9')).toBe(exitCodes.badInput);
    const far = await asJson('--allow-outside', ...features, '--clinical', 'age=1e9');
    expect(far.remarks).toEqual([
      expect.stringMatching(/clinical\.age 1000000000 lies outside training \(40 to \d+\)/),
    ]);
    expect((await asJson(...features, '--clinical', 'age=70')).remarks).toEqual([
      expect.stringMatching(/clinical\.age 70 lies outside training/),
    ]);
  });

  it.each(['0x1F', 'Infinity', '-inf', '1,5', '1_000', 'NaN', 'fifty', '0b1'])(
    'takes no number by other rules than tables do: %s',
    async (text) => {
      const features = ['--features', table(header, rows[3])];
      expect(await predict(...features, '--clinical', `age=${text}`)).toBe(exitCodes.badInput);
      expect(printed.err).toMatch(/age is not a number/);
      const cell = table(header, `X,A,"${text}",20`);
      expect(await predict('--features', cell, '--clinical', 'age=50')).toBe(exitCodes.badInput);
      expect(printed.err).toMatch(/column Mean: a (cell is not a number|value is infinite)/);
      expect(printed.err).toContain(text);
    },
  );

  it('fills a gap where training had gaps, says so, and refuses it elsewhere', async () => {
    const gap = ['--features', table(header, 'X,A,11,'), '--clinical', 'age=50'];
    expect((await asJson(...gap)).remarks).toEqual([
      'ceT1.intra.Energy has no value and was filled in as in training',
    ]);
    expect(await predict('--features', table(header, 'X,A,,20'), '--clinical', 'age=50')).toBe(
      exitCodes.badInput,
    );
    expect(printed.err).toMatch(
      /ceT1\.intra\.Mean.*needs a feature that is not there.*an empty value/s,
    );
    expect(await predict('--features', table('Energy', '20'), '--clinical', 'age=50')).toBe(
      exitCodes.badInput,
    );
  });

  it('refuses one feature under two names, and says of a variable that it is not used', async () => {
    const twice = table(`${header},ceT1.intra.Mean`, `${rows[3]},11`);
    expect(await predict('--features', twice, '--clinical', 'age=50')).toBe(exitCodes.badInput);
    expect(printed.err).toContain('stands for more than one feature');
    const features = ['--features', table(header, rows[3])];
    expect((await asJson(...features, '--clinical', 'age=50', 'agee=51')).remarks).toEqual([
      'agee is not used by this model (did you mean age?)',
    ]);
  });

  it('refuses a variable or a scan that is given twice with two values', async () => {
    const features = ['--features', table(header, rows[3])];
    expect(await predict(...features, '--clinical', 'age=50', 'clinical.age=51')).toBe(
      exitCodes.usage,
    );
    expect(printed.err).toContain('age is given twice: 50 and 51');
  });

  it('refuses a model of 100,000 nested brackets with a sentence', async () => {
    const text = readFileSync(model, 'utf8');
    const deep = join(folder, 'deep.json');
    for (const bad of [
      '['.repeat(100_000),
      text.replace('"warnings": [', `"warnings": ${'['.repeat(1e5)}${']'.repeat(1e5)}, "x": [`),
    ]) {
      writeFileSync(deep, bad);
      for (const args of [[], ['--card']]) {
        expect(await runCli(['node', 'nacre', 'predict', deep, ...args])).toBe(exitCodes.badInput);
        expect(printed.err).toContain('nested too deeply');
      }
    }
  });
});
