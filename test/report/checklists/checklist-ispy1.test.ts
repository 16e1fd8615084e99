import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type FilledForm, fillForm } from '../../../src/report/checklists/fill-form.ts';
import { openRun } from '../../../src/report/open-run.ts';
import { readStudyConfig } from '../../../src/study/config.ts';
import { prepareCohort } from '../../../src/study/prepare-cohort.ts';
import { runStudy } from '../../../src/study/run-study.ts';

const shared = process.env.NACRE_SHARED ?? resolve('../shared');
const mirror = join(shared, 'datasets/ispy1');
const here = existsSync(mirror);
if (!here)
  console.log(`skipped: no local copy of I-SPY 1 in ${mirror} (NACRE_SHARED names another)`);

describe.skipIf(!here)('METRICS on I-SPY 1', () => {
  let form: FilledForm;
  const sheet = parse(readFileSync(new URL('metrics-ispy1.yaml', import.meta.url), 'utf8')) as {
    conditions: boolean[];
    items: Record<string, { run: string; why: string }>;
    score: number;
    atMost: number;
  };
  beforeAll(async () => {
    const file = 'studies/ispy1.yaml';
    // No answer of the sheet depends on the audit, the curve or the number of trees.
    const config = {
      ...readStudyConfig(file),
      endpoints: ['pcr'],
      published: {},
      audit: { permutations: 0 },
      learningCurve: undefined,
    };
    config.pipeline.booster = { ...config.pipeline.booster, rounds: [20], maxDepth: [2] };
    const { cohort } = await prepareCohort(config, { studyFile: resolve(file), mirror });
    const out = mkdtempSync(join(tmpdir(), 'nacre-metrics-'));
    await runStudy(config, cohort, { out, workers: 2 });
    form = fillForm(await openRun(out), 'metrics');
  });

  it('equals the sheet made by hand, item by item', () => {
    const word: Record<string, string> = {
      filled: 'yes',
      'not done': 'no',
      author: 'author',
      'not applicable': 'n/a',
    };
    expect(
      Object.fromEntries(form.items.map(({ number, status }) => [number, word[status]])),
    ).toEqual(
      Object.fromEntries(Object.entries(sheet.items).map(([number, { run }]) => [number, run])),
    );
    expect(form.conditions.map(({ holds }) => holds)).toEqual(sheet.conditions);
  });

  it('has its score', () => {
    expect(form.score).toEqual({ filled: sheet.score, atMost: sheet.atMost });
  });
});
