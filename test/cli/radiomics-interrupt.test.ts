import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { grid as gridOf } from '../radiomics/small-volumes.ts';
import { captureOutput } from './captured-output.ts';
import { signalsItself } from './signals-itself.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-interrupt-'));
const at = (name: string) => join(folder, name);
const grid = gridOf([8, 8, 8]);
writeFileSync(
  at('image.nii'),
  niftiBytes({ ...grid, data: Int16Array.from({ length: 512 }, (_, i) => (i * 37) % 211) }),
);
writeFileSync(at('mask.nii'), niftiBytes({ ...grid, data: new Uint8Array(512).fill(1) }));

/** A batch of one pair of files, a label each, so that no two cases are one. */
function batch(name: string, cases: number): string {
  const rows = Array.from({ length: cases }, (_, i) => {
    const mask = `mask${i}.nii`;
    const data = new Uint8Array(512).fill(1).fill(0, 0, i + 1);
    writeFileSync(at(mask), niftiBytes({ ...grid, data }));
    return `P${i},image.nii,${mask}`;
  });
  writeFileSync(at(name), `ID,Image,Mask\n${rows.join('\n')}\n`);
  return at(name);
}

describe('nacre radiomics, interrupted', () => {
  const said = captureOutput();

  it('keeps what was done, and goes on with --resume to the same bytes', async () => {
    const words = ['node', 'nacre', 'radiomics', batch('five.csv', 5), '--out'];
    expect(await runCli([...words, at('whole.csv')])).toBe(0);

    // Ctrl-C at the moment at which the first case is told to be done.
    vi.mocked(process.stderr.write).mockImplementation((text) => {
      said.err += text;
      if (String(text).includes('1/5')) process.emit('SIGINT');
      return true;
    });
    expect(await runCli([...words, at('cut.csv')])).toBe(130);
    expect(said.err).toMatch(/finished cases are kept.*--resume/);
    expect(readdirSync(at('cut.csv.cases'))).toHaveLength(1);
    expect(readdirSync(folder)).not.toContain('cut.csv');
    expect(process.listenerCount('SIGINT')).toBe(0);

    process.exitCode = undefined;
    said.err = '';
    expect(await runCli([...words, at('cut.csv'), '--resume'])).toBe(0);
    expect(said.err).not.toContain('1/5');
    expect(said.err).toContain('2/5');
    expect(readFileSync(at('cut.csv'))).toEqual(readFileSync(at('whole.csv')));
  });

  it('as a process of its own with workers: SIGINT ends it with 130', async () => {
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const words = [
      main,
      'radiomics',
      batch('many.csv', 120),
      '--workers',
      '2',
      '--out',
      at('many.csv.out'),
    ];
    // At a tenth of the way: a hundred cases are left when the signal comes.
    const signal = signalsItself('SIGINT', '12/120');
    const child = spawn(process.execPath, ['--import', 'tsx', ...signal, ...words]);
    let err = '';
    child.stderr.on('data', (text) => {
      err += text;
    });
    const [code] = await once(child, 'close');
    expect(err).toContain('stopped; finished cases are kept');
    expect(code).toBe(130);
    const kept = readdirSync(at('many.csv.out.cases'));
    expect(kept.length).toBeGreaterThanOrEqual(12);
    expect(kept.length).toBeLessThan(120);
    for (const name of kept) JSON.parse(readFileSync(join(at('many.csv.out.cases'), name), 'utf8'));
  });
});
