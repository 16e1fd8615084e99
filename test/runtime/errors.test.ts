import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorsPage, errorsPageFile } from '../../scripts/errors-page.ts';
import { errorCatalogue } from '../../src/runtime/error-codes.ts';
import { isNacreError, NacreError, nearestName } from '../../src/runtime/errors.ts';

describe('NacreError', () => {
  const error = new NacreError('geometry-mismatch', 'mask has another size', {
    file: 'T2.nii.gz',
    found: '256×256×60',
    expected: '256×256×64',
    todo: 'resample the mask (--resample-mask)',
  });

  it('says where, what, found, expected and what to do', () => {
    expect(error.message).toBe(
      'file T2.nii.gz: mask has another size: found 256×256×60, expected 256×256×64; resample the mask (--resample-mask)',
    );
  });

  it('learns the patient from a caller who knows', () => {
    const located = error.located({ patient: 'P021' });
    expect(located.message).toBe(`patient P021, ${error.message}`);
    expect(located).toMatchObject({
      code: 'geometry-mismatch',
      facts: { patient: 'P021', file: 'T2.nii.gz' },
    });
  });

  it('keeps the cause', () => {
    const cause = new Error('deep');
    expect(new NacreError('bad-option', 'y', { cause }).cause).toBe(cause);
    expect(new NacreError('bad-option', 'y', { cause }).message).toBe('y');
  });
});

describe('isNacreError', () => {
  const error: unknown = new NacreError('empty-mask', 'the mask is empty');

  it('narrows to the codes that are given', () => {
    expect(isNacreError(error)).toBe(true);
    expect(isNacreError(error, 'geometry-mismatch')).toBe(false);
    expect(isNacreError(new Error('x'))).toBe(false);
    if (!isNacreError(error, 'empty-mask', 'empty-ring')) throw error;
    const code: 'empty-mask' | 'empty-ring' = error.code;
    expect(code).toBe('empty-mask');
  });
});

describe('the catalogue of errors', () => {
  const codes = Object.values(errorCatalogue).flatMap((room) => Object.keys(room));

  it('holds each code once, and no code that nothing throws', () => {
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
    const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.includes('error-codes'))
      .map((path) => readFileSync(join('src', path), 'utf8'))
      .join('\n');
    expect(codes.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
  });

  it('is what docs/errors.md says (npm run docs:errors writes it)', () => {
    expect(readFileSync(errorsPageFile, 'utf8')).toBe(errorsPage());
  });
});

describe('nearestName', () => {
  it('finds a typo and leaves a stranger alone', () => {
    expect(nearestName('binWdith', ['binWidth', 'binCount'])).toBe('binWidth');
    expect(nearestName('elephant', ['binWidth', 'binCount'])).toBeUndefined();
  });
});
