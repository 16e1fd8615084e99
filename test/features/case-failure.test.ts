import { describe, expect, it } from 'vitest';
import { caseFailure } from '../../src/features/case-failure.ts';
import { NacreError } from '../../src/runtime/errors.ts';

describe('caseFailure', () => {
  const files = { image: 'T2.nii.gz', mask: 'T2-mask.nii.gz', patient: 'P1' };

  it('names the image where intensities are at fault, the mask otherwise, a file that is known first', () => {
    const message = (error: NacreError) => caseFailure(error, files).message;
    expect(message(new NacreError('non-finite', 'x'))).toBe('patient P1, file T2.nii.gz: x');
    expect(message(new NacreError('empty-mask', 'x'))).toBe('patient P1, file T2-mask.nii.gz: x');
    expect(message(new NacreError('bad-gzip', 'x', { file: 'a.gz' }))).toBe(
      'patient P1, file a.gz: x',
    );
  });

  it('says which part of the case it is', () => {
    const error = new NacreError('empty-ring', 'x');
    const part = { region: 'peri', extractor: 'radiomics' } as const;
    expect(caseFailure(error, files, part)).toMatchObject({ patient: 'P1', ...part });
  });

  it('throws on what is no fault of the case', () => {
    const full = new NacreError('write-failed', 'cannot write');
    expect(() => caseFailure(full, files)).toThrow(full);
    expect(() => caseFailure(new TypeError('a bug'), files)).toThrow(TypeError);
  });
});
