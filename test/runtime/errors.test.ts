import { describe, expect, it } from 'vitest';
import { NacreError, nearestName } from '../../src/runtime/errors.ts';

describe('NacreError', () => {
  const error = new NacreError('mask-size', 'mask has another size', {
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
      code: 'mask-size',
      facts: { patient: 'P021', file: 'T2.nii.gz' },
    });
  });

  it('keeps the cause', () => {
    const cause = new Error('deep');
    expect(new NacreError('x', 'y', { cause }).cause).toBe(cause);
    expect(new NacreError('x', 'y', { cause }).message).toBe('y');
  });
});

describe('nearestName', () => {
  it('finds a typo and leaves a stranger alone', () => {
    expect(nearestName('binWdith', ['binWidth', 'binCount'])).toBe('binWidth');
    expect(nearestName('elephant', ['binWidth', 'binCount'])).toBeUndefined();
  });
});
