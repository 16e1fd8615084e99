import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { compiledMain } from '../compiled-main.ts';
import { signalsItself } from './signals-itself.ts';

const main = compiledMain();
const folder = mkdtempSync(join(tmpdir(), 'nacre-at-once-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  at('study.yaml'),
  `id: small
title: Small
cohort: { phantom: { patients: 6, seed: 1, signal: 1, missingScans: 0 } }
endpoints: [pcr]
extraction:
  scans: [ceT1, T2]
  regions: [intra]
  extractors: [radiomics]
  radiomics: { featureClass: { firstorder: [], glcm: [] } }
sets: { radiomics: { extractor: radiomics } }
seed: 1
pipeline: {}
`,
);

/** A job as a cluster starts it: a process of its own, with further words for Node. */
function job(
  patients: readonly string[],
  receipt: string,
  { node = [], cache = 'jobs' }: { node?: readonly string[]; cache?: string } = {},
) {
  const words = ['extract', at('study.yaml'), '-w', '1', '--receipt', at(receipt)];
  const some = patients.map((patient) => `--patient=${patient}`);
  const child = spawn(process.execPath, [...node, main, ...words, ...some], {
    env: { ...process.env, NACRE_CACHE: at(cache) },
  });
  child.stdout.resume();
  child.stderr.resume();
  return once(child, 'close');
}

/** Rows by name; a job that was killed may leave a part of a file, hidden, which nobody reads. */
function rowsOf(cache: string): Map<string, string> {
  const units = join(at(cache), 'units');
  const names = readdirSync(units, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^[^.].*\.row$/.test(basename(name)),
  );
  return new Map(
    names.sort().map((name) => [name, readFileSync(join(units, name)).toString('base64')]),
  );
}

it('jobs at once, one of them killed and requeued, give the rows of one process', async () => {
  const env = { ...process.env, NACRE_CACHE: at('jobs') };
  const words = [main, 'extract', at('study.yaml'), '--list'];
  const patients = execFileSync(process.execPath, words, { env, encoding: 'utf8', stdio: 'pipe' })
    .trim()
    .split('\n');
  const [some, others] = [patients.slice(0, 3), patients.slice(3, 6)];

  const other = job(others, 'others.json');
  const lost = await job(some, 'lost.json', {
    node: signalsItself('SIGKILL', 'features:'),
  });
  expect(lost).toEqual([null, 'SIGKILL']);
  expect(readdirSync(folder)).not.toContain('lost.json');
  // Put back into the queue, and started twice: a node that was cut off goes on with what another one does again.
  const again = [job(some, 'again.json'), job(some, 'twice.json')];
  for (const ended of await Promise.all([other, ...again])) expect(ended).toEqual([0, null]);

  const receipt = (name: string) => JSON.parse(readFileSync(at(name), 'utf8'));
  expect(receipt('others.json')).toMatchObject({ patients: others, unitsComputed: 6 });
  for (const name of ['again.json', 'twice.json']) {
    const { unitsComputed, unitsReused, ...rest } = receipt(name);
    expect(rest).toMatchObject({ patients: some, failures: [] });
    expect(unitsComputed + unitsReused).toBe(6);
    expect(unitsReused).toBeGreaterThanOrEqual(1);
  }

  expect(await job(patients.slice(0, 6), 'whole.json', { cache: 'whole' })).toEqual([0, null]);
  const whole = rowsOf('whole');
  expect(whole.size).toBe(12);
  expect(rowsOf('jobs')).toEqual(whole);
});
