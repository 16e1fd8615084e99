import type { ErrorCatalogue } from './catalogue.ts';

/** Figures and pages. */
export const reportErrors = {
  'no-perturbation': {
    when: 'A run of a study that redraws no outline was asked for stability.',
    todo: 'Add `perturb` to the study and run it again.',
  },
  'no-chromium': {
    when: 'No Chromium is installed, or it does not start.',
    todo: 'Install Chromium, or skip the static figures.',
  },
  'port-taken': {
    when: 'The review cannot be served on this port.',
    todo: 'Name a free port, or none for any.',
  },
  'package-missing': {
    when: 'An optional package is not installed.',
    todo: 'Install the package that the message names.',
  },
} as const satisfies ErrorCatalogue;
