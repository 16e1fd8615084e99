import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { captureOutput } from './captured-output.ts';
import { signalsItself } from './signals-itself.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'nacre-at-once-'));
const at = (name: string) => join(folder, name);
const printed = captureOutput();
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

writeFileSync(
  at('study.yaml'),
  `id: small
title: Small
cohort: { phantom: { patients: 10, seed: 1, signal: 1, missingScans: 0 } }
endpoints: [pcr]
extraction:
  scans: [ceT1, T2]
  regions: [intra]
  extractors: [radiomics]
sets: { radiomics: { extractor: radiomics } }
seed: 1
pipeline: {}
`,
);

/** A job as a cluster starts it: a process of its own, with further words for Node. */
function job(patients: readonly string[], receipt: string, node: readonly string[] = []) {
  const words = ['extract', at('study.yaml'), '-w', '1', '--receipt', at(receipt)];
  const some = patients.map((patient) => `--patient=${patient}`);
  const child = spawn(process.execPath, ['--import', 'tsx', ...node, main, ...words, ...some], {
    env: { ...process.env, NACRE_CACHE: at('jobs') },
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
  vi.stubEnv('NACRE_CACHE', at('jobs'));
  expect(await runCli(['node', 'nacre', 'extract', at('study.yaml'), '--list'])).toBe(0);
  const patients = printed.out.trim().split('\n');
  const [some, others] = [patients.slice(0, 3), patients.slice(3, 6)];

  const other = job(others, 'others.json');
  const lost = await job(some, 'lost.json', signalsItself('SIGKILL', 'features:'));
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

  vi.stubEnv('NACRE_CACHE', at('whole'));
  const six = patients.slice(0, 6).map((patient) => `--patient=${patient}`);
  expect(await runCli(['node', 'nacre', 'extract', at('study.yaml'), '-w', '1', ...six])).toBe(0);
  const whole = rowsOf('whole');
  expect(whole.size).toBe(12);
  expect(rowsOf('jobs')).toEqual(whole);
});
