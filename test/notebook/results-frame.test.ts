import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resultsFrame } from '../../src/notebook/results-frame.ts';
import { readRun } from '../../src/study/run-folder.ts';
import { writeSyntheticRun } from '../report/synthetic-run.ts';

it('a row per feature set and per published number, which has columns where there is one', async () => {
  const run = await readRun(writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-frame-'))));
  const [endpoint] = run.results.endpoints;
  const own = ['published balanced accuracy', 'published AUC'];
  const published = async () => {
    const frame = await resultsFrame(run);
    expect(frame.shape[0]).toBe(endpoint.featureSets.length + endpoint.published.length);
    return frame.columns.filter((name) => own.includes(name));
  };
  endpoint.published = [{ label: 'one', source: 'a paper', balancedAccuracy: 0.79, auc: 0.8 }];
  expect(await published()).toEqual(own);
  const frame = await resultsFrame(run);
  const last = frame.values.at(-1) as unknown[];
  expect(own.map((name) => last[frame.columns.indexOf(name)])).toEqual([0.79, 0.8]);
  expect(last[frame.columns.indexOf('balanced accuracy')]).toBeNaN();
  endpoint.published = [{ label: 'one', source: 'a paper', balancedAccuracy: 0.79 }];
  expect(await published()).toEqual(own.slice(0, 1));
  endpoint.published = [];
  expect(await published()).toEqual([]);
});
