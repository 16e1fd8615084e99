import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { writeSmallCohort } from '../cohort/small-cohort.ts';
import { captureOutput } from './captured-output.ts';

const printed = captureOutput();

const nacre = (...args: string[]) => runCli(['node', 'nacre', 'cohort', ...args]);

describe('nacre cohort', () => {
  it('check prints counts and exits with 0', async () => {
    expect(await nacre('check', writeSmallCohort())).toBe(exitCodes.ok);
    expect(printed.out).toContain('[SYNTHETIC]');
    expect(printed.out).toMatch(/Patients: 5 joined, 2 without a partner, 0 duplicates/);
    expect(printed.out).toMatch(/pcr +4 +2 +2 +1 +pCR \/ non-pCR/);
    expect(printed.out).toMatch(/clinical\.er +2/);
    expect(printed.out).toMatch(/no radiomics features: 1 \(P6\)/);
  });

  it('check --json gives the same numbers to programs', async () => {
    expect(await nacre('check', writeSmallCohort(), '--json')).toBe(exitCodes.ok);
    expect(JSON.parse(printed.out)).toMatchObject({ id: 'small', patients: 5, synthetic: true });
  });

  it('check lists duplicates and exits with 3', async () => {
    const path = writeSmallCohort({ clinical: (csv) => csv.replace('P5,', 'P2,') });
    expect(await nacre('check', path)).toBe(exitCodes.badInput);
    expect(printed.out).toMatch(/P2 +2, 5/);
  });

  it('refuses bad input with a message and 3, a bad command line with 2', async () => {
    const path = writeSmallCohort({ clinical: (csv) => csv.replace('P1,40', 'P1,forty') });
    expect(await nacre('check', path)).toBe(exitCodes.badInput);
    expect(printed.err).toContain('patient P1');
    expect(printed.err).not.toContain('    at ');
    expect(await nacre('check', path, '--data', 'a', '--mirror', 'b')).toBe(exitCodes.usage);
    expect(await nacre('check')).toBe(exitCodes.usage);
  });

  it('fetch tells a mirror that lacks the files', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'nacre-empty-'));
    expect(await nacre('fetch', 'ispy1', '--mirror', empty, '--to', join(empty, 'to'))).toBe(
      exitCodes.badInput,
    );
    expect(printed.err).toContain('the mirror does not hold the file');
  });

  it('schema prints the JSON Schema of a manifest', async () => {
    expect(await nacre('schema')).toBe(exitCodes.ok);
    expect(JSON.parse(printed.out).properties).toHaveProperty('endpoints');
  });
});
