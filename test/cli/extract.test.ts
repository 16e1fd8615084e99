import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { captureOutput } from './captured-output.ts';

const printed = captureOutput();
let folder: string;
let study: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-cli-extract-'));
  study = join(folder, 'study.yaml');
  writeFileSync(
    study,
    `id: small
title: Small
cohort: { phantom: { patients: 6, seed: 1, signal: 1, missingScans: 0 } }
endpoints: [pcr]
extraction:
  scans: [T2]
  regions: [intra]
  extractors: [radiomics]
  radiomics: { featureClass: { firstorder: [Mean, Energy] } }
sets: { radiomics: { extractor: radiomics } }
seed: 1
pipeline: {}
`,
  );
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const nacre = (...args: string[]) => runCli(['node', 'nacre', 'extract', study, ...args]);
const receipt = (name: string) => JSON.parse(readFileSync(at(name), 'utf8'));
/** Another cache, in which the patients are drawn already. */
const startCache = (name: string) => {
  cpSync(join(at('jobs'), 'phantom'), join(at(name), 'phantom'), { recursive: true });
  vi.stubEnv('NACRE_CACHE', at(name));
};
const tableOf = (name: string) => readFileSync(join(at(name), 'radiomics.parquet'));

describe('nacre extract', () => {
  it('a patient at a time fills the cache that the whole cohort is read from', async () => {
    vi.stubEnv('NACRE_CACHE', at('jobs'));
    expect(await nacre('--list', '--receipt', at('cohort.json'))).toBe(exitCodes.ok);
    const patients = printed.out.trim().split('\n');
    expect(patients).toHaveLength(6);
    expect(receipt('cohort.json')).toEqual({
      cohort: 'synthetic-phantom-6-seed1-signal1',
      patients,
      phantom: expect.stringMatching(/\.json$/),
    });

    for (const patient of patients.slice(0, 5)) {
      const done = await nacre(`--patient=${patient}`, '-w', '1', '--receipt', at('one.json'));
      expect(done).toBe(exitCodes.ok);
      expect(receipt('one.json')).toMatchObject({ patients: [patient], unitsComputed: 1 });
    }
    // The job of the sixth was lost: what is missing is computed by whoever needs it.
    await nacre('-w', '1', '--tables', at('tables'), '--receipt', at('all.json'));
    expect(receipt('all.json')).toMatchObject({ patients, unitsComputed: 1, unitsReused: 5 });

    startCache('whole');
    await nacre('-w', '1', '--tables', at('tables-whole'));
    expect(tableOf('tables').equals(tableOf('tables-whole'))).toBe(true);
    const rows = (cache: string) => readdirSync(join(at(cache), 'units'), { recursive: true });
    expect(rows('jobs').sort()).toEqual(rows('whole').sort());
  });

  it('a patient at fault is a job done, and tells', async () => {
    startCache('fault');
    await nacre('--list', '--receipt', at('cohort.json'));
    const data = dirname(receipt('cohort.json').phantom);
    const image = (readdirSync(data, { recursive: true, encoding: 'utf8' }) as string[]).find(
      (name) => /SYN_003.*T2.*nii\.gz$/.test(name) && !/mask/.test(name),
    );
    writeFileSync(join(data, image as string), 'no scan');
    expect(await nacre('--patient', 'SYN_003', '-w', '1', '--receipt', at('fault.json'))).toBe(
      exitCodes.ok,
    );
    expect(receipt('fault.json')).toMatchObject({
      patients: [],
      failures: [{ patient: 'SYN_003', scan: 'T2' }],
    });
    expect(printed.err).toContain('SYN_003');
    expect(printed.out).toContain('0 extracted, 1 at fault');
  });

  it('a task of the array of Slurm is the job of the patient in its line', () => {
    writeFileSync(at('patients.txt'), 'P one\n-P2\nP3\n');
    const script = fileURLToPath(new URL('../../workflow/slurm-array.sh', import.meta.url));
    const words = ['study.yaml', at('patients.txt'), '--data', 'a folder'];
    const call = (task: string) =>
      execFileSync('sh', [script, ...words], {
        env: { PATH: process.env.PATH, NACRE: 'printf %s|', SLURM_ARRAY_TASK_ID: task },
        encoding: 'utf8',
      });
    const told = (patient: string) =>
      `extract|study.yaml|--patient=${patient}|--workers|1|--data|a folder|`;
    expect(call('1')).toBe(told('P one'));
    expect(call('2')).toBe(told('-P2'));
  });

  it('refuses a patient it does not know, a study of tables, and options that exclude each other', async () => {
    vi.stubEnv('NACRE_CACHE', at('jobs'));
    expect(await nacre('--patient', 'SYN_99')).toBe(exitCodes.badInput);
    expect(printed.err).toContain('no such patient');
    expect(await nacre('--patient', 'SYN_001', '--tables', at('x'))).toBe(exitCodes.usage);
    const tables = await runCli(['node', 'nacre', 'extract', 'synthetic.yaml', '-w', '1']);
    expect(tables).toBe(exitCodes.badInput);
    expect(printed.err).toContain('the study extracts nothing');
  });
});
