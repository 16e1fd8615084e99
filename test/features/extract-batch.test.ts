import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { extractBatch } from '../../src/features/extract-batch.ts';
import type { RadiomicsCase } from '../../src/features/radiomics-case.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { radiomicsSettings } from '../../src/radiomics/parameter-file.ts';
import { grid } from '../radiomics/small-volumes.ts';

let code = 'of today';
vi.mock('../../src/runtime/code-hash.ts', () => ({ codeHash: () => code }));

const folder = mkdtempSync(join(tmpdir(), 'nacre-extract-batch-'));
const at = (name: string) => join(folder, name);
const write = (name: string, data: Uint8Array) =>
  writeFileSync(at(name), niftiBytes({ ...grid([6, 5, 4]), data }));

it('a case is taken over only where files, label, settings and code are those of before', async () => {
  write(
    'image.nii',
    Uint8Array.from({ length: 120 }, (_, i) => (i * 37) % 101),
  );
  write('mask.nii', new Uint8Array(120).fill(1));
  const one: RadiomicsCase = { row: 1, image: at('image.nii'), mask: at('mask.nii'), cells: {} };
  const settings = radiomicsSettings({ featureClass: { firstorder: ['Mean'] } });
  const other = radiomicsSettings({ featureClass: { firstorder: ['Range'] } });
  /** 1 where the case was computed, 0 where it was kept. */
  const computed = async (changed: Partial<RadiomicsCase> = {}, asked = settings) => {
    const before = readdirSync(folder, { recursive: true }).length;
    const resumed = { keep: at('kept'), resume: true };
    const [{ rows, failures }] = await extractBatch([{ ...one, ...changed }], asked, resumed);
    expect([rows.length, failures.length]).toEqual([1, 0]);
    return readdirSync(folder, { recursive: true }).length - before;
  };
  await extractBatch([one], settings, { keep: at('kept') });
  expect(await computed()).toBe(0);
  expect(await computed({}, other)).toBe(1);
  expect(await computed({ label: 1 })).toBe(1);
  code = 'of tomorrow';
  expect(await computed()).toBe(1);
  expect(await computed()).toBe(0);
  write('mask.nii', new Uint8Array(120).fill(1, 6));
  expect(await computed()).toBe(1);
});

it('a kept case that was damaged since is computed again', async () => {
  write(
    'some.nii',
    Uint8Array.from({ length: 120 }, (_, i) => (i * 37) % 101),
  );
  write('all.nii', new Uint8Array(120).fill(1));
  const one: RadiomicsCase = { row: 1, image: at('some.nii'), mask: at('all.nii'), cells: {} };
  const settings = radiomicsSettings({ featureClass: { firstorder: ['Mean'] } });
  const options = { keep: at('damaged'), resume: true };
  const whole = await extractBatch([one], settings, options);
  const [name] = readdirSync(at('damaged'));
  const kept = readFileSync(at(`damaged/${name}`), 'utf8');
  const digit = kept.search(/\d\.\d/);
  const other = kept[digit] === '7' ? '8' : '7';
  writeFileSync(at(`damaged/${name}`), kept.slice(0, digit) + other + kept.slice(digit + 1));
  expect(await extractBatch([one], settings, options)).toEqual(whole);
  expect(readFileSync(at(`damaged/${name}`), 'utf8')).toBe(kept);
});

it('a case is kept under the bytes that were decoded, also where a file changes after the batch began', async () => {
  const scan = (step: number) => Uint8Array.from({ length: 120 }, (_, i) => (i * step) % 101);
  write('first.nii', scan(37));
  write('changing.nii', scan(37));
  write('region.nii', new Uint8Array(120).fill(1));
  const cases: RadiomicsCase[] = ['first.nii', 'changing.nii'].map((name, i) => ({
    row: i + 1,
    image: at(name),
    mask: at('region.nii'),
    cells: {},
  }));
  const settings = radiomicsSettings({ featureClass: { firstorder: ['Mean'] } });
  const options = { keep: at('changed'), resume: true };
  const progress = () => ({
    tick: (name: string) => {
      if (name === 'row 1') write('changing.nii', scan(11));
    },
    stop: () => {},
  });
  const disturbed = await extractBatch(cases, settings, { ...options, progress });
  write('changing.nii', scan(37));
  const again = await extractBatch(cases, settings, options);
  expect(again[1].rows[0].values).toEqual(again[0].rows[0].values);
  expect(again[1].rows[0].values).not.toEqual(disturbed[1].rows[0].values);
});
