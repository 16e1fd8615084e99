import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { withMaskFlags } from '../../src/cli/region-options.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import { captureOutput } from './captured-output.ts';

const printed = captureOutput();

it('how masks are read may be said beside the study, and becomes part of its configuration', () => {
  const study = parseStudyConfig(
    'id: one\ntitle: One\ncohort: ispy1\nendpoints: [pcr]\nseed: 1\nextraction: { scans: [T2], label: 2 }\nsets: { one: { clinical: true } }\n',
    'one.yaml',
  );
  expect(withMaskFlags(study, {})).toEqual(study);
  expect(withMaskFlags(study, { maskThreshold: 0.5, resampleMask: true }).extraction).toEqual({
    ...study.extraction,
    maskThreshold: 0.5,
    resampleMask: true,
  });
  expect(withMaskFlags(study, { label: 7 }).extraction?.label).toBe(7);
});

it.each([
  ['radiomics', ['--label', '--mask-threshold', '--resample-mask', '--ring-within']],
  ['encode', ['--label', '--mask-threshold', '--resample-mask', '--ring-within']],
  ['extract', ['--label', '--mask-threshold', '--resample-mask']],
  ['study', ['--label', '--mask-threshold', '--resample-mask']],
  ['train', ['--label', '--mask-threshold', '--resample-mask']],
])('the options that errors about masks advise exist in nacre %s', async (command, flags) => {
  await runCli(['node', 'nacre', command, '--help']);
  for (const flag of flags) expect(printed.out).toContain(flag);
});
