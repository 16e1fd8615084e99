import { madeByNacre } from '../made-by-nacre.ts';
import { type BestReachable, bestReachable } from './best-reachable.ts';
import { baselineColumns } from './clinical.ts';
import { noiseBlock } from './noise.ts';
import type { PhantomOptions } from './phantom-options.ts';
import { scanKinds, scanNames } from './scans.ts';

/** Names of the cohort's files; each name marks it as synthetic. */
export const phantomFiles = {
  manifest: 'synthetic-phantom.json',
  clinical: 'synthetic-clinical.csv',
  /** Columns that measure nothing: the arm that must end at chance. */
  noise: 'synthetic-noise.csv',
  /** The hidden truth: latent response and traits. The manifest does not name this file, so no study reads it. */
  truth: 'synthetic-truth.csv',
  image: (patient: string, scan: string) => `synthetic-scans/${patient}_${scan}.nii.gz`,
  mask: (patient: string, scan: string) => `synthetic-scans/${patient}_${scan}_mask.nii.gz`,
} as const;

/** Id of the cohort: its knobs are in it, so that two phantoms are never taken for each other. */
export function phantomId({ patients, seed, signal }: PhantomOptions): string {
  return `synthetic-phantom-${patients}-seed${seed}-signal${String(signal).replace('.', '_')}`;
}

/** The manifest of a phantom cohort: the same road as a user's own scans. */
export function phantomManifest(options: PhantomOptions): object {
  const { patients, seed, signal } = options;
  const reachable = {
    pcr: rounded(bestReachable('pcr', signal)),
    response: rounded(bestReachable('response', signal)),
  };
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  const known = Object.entries(reachable).map(
    ([endpoint, best]) =>
      `${endpoint} ${percent(best.scansAndClinical)} from scans and clinical variables ` +
      `(scans ${percent(best.scans)}, clinical ${percent(best.clinical)})`,
  );
  return {
    format: 'nacre-cohort-1',
    id: phantomId(options),
    title: `SYNTHETIC phantom cohort: ${patients} patients made by code (no real data)`,
    ...madeByNacre,
    notices: [
      `SYNTHETIC: all ${patients} patients and their scans were made by code from seed ${seed}, signal ${signal}. The numbers say nothing about cancer.`,
      `Best reachable balanced accuracy (Bayes rule that knows the formula): ${known.join('; ')}.`,
    ],
    reachable,
    modalities: Object.fromEntries(
      scanNames.map((scan) => [scan, { title: `Synthetic ${scanKinds[scan].title}` }]),
    ),
    images: Object.fromEntries(
      scanNames.map((scan) => [
        scan,
        {
          image: phantomFiles.image('{patient}', scan),
          mask: phantomFiles.mask('{patient}', scan),
        },
      ]),
    ),
    features: [
      {
        block: noiseBlock,
        file: phantomFiles.noise,
        format: 'csv',
        patient: { column: 'patient_id' },
        note: 'SYNTHETIC: drawn by a random number generator, of no patient and no scan. Whatever is found in it is luck.',
      },
    ],
    tables: [
      {
        id: 'clinical',
        file: phantomFiles.clinical,
        format: 'csv',
        patient: { column: 'patient_id' },
        columns: columns(),
      },
    ],
    subgroups: ['age', 'menopausal', 'subtype'],
    predictors: baselineColumns,
    endpoints: {
      pcr: {
        rule: 'column',
        title: 'Pathologic complete response (synthetic)',
        positiveName: 'pCR',
        negativeName: 'non-pCR',
        column: 'pcr',
        positive: ['1'],
        negative: ['0'],
      },
      response: {
        rule: 'shrinkage',
        title: 'Response: longest diameter falls by at least 30% (synthetic)',
        positiveName: 'responder',
        negativeName: 'non-responder',
        before: 'longest_diameter',
        after: 'longest_diameter_after',
        threshold: 0.3,
      },
    },
  };
}

function columns(): object {
  const no = { '0': 'negative', '1': 'positive' };
  const number = (name: string, meaning: string, unit: string, measured = 'baseline') => ({
    [name]: { name, type: 'number', meaning, unit, measured, minimum: 0 },
  });
  const binary = (name: string, meaning: string, coding: object, one = '1') => ({
    [name]: { name, type: 'binary', meaning, measured: 'baseline', coding, one },
  });
  const category = (name: string, meaning: string, values: readonly string[]) => ({
    [name]: {
      name,
      type: 'category',
      meaning,
      measured: 'baseline',
      coding: Object.fromEntries(values.map((value) => [value, value])),
    },
  });
  return {
    ...number('age', 'Age', 'a'),
    ...binary('menopausal', 'Menopausal status', { pre: 'pre', post: 'post' }, 'post'),
    ...binary('er', 'Oestrogen receptor', no),
    ...binary('pr', 'Progesterone receptor', no),
    ...binary('her2', 'HER2', no),
    ...number('ki67', 'Ki-67 index', '%'),
    ...category('subtype', 'Subtype by receptors', ['HR+/HER2-', 'HER2+', 'triple-negative']),
    ...number('grade', 'Histological grade', '1'),
    ...category('histology', 'Histological type', ['ductal', 'lobular', 'other']),
    ...category('ct_stage', 'Clinical T stage', ['T1', 'T2']),
    ...category('cn_stage', 'Clinical N stage', ['N0', 'N1', 'N2']),
    ...binary('laterality', 'Side', { left: 'left', right: 'right' }, 'right'),
    ...number('longest_diameter', 'Longest diameter before treatment', 'mm'),
    ...number('longest_diameter_after', 'Longest diameter after treatment', 'mm', 'after'),
    pcr: {
      name: 'pcr',
      type: 'binary',
      meaning: 'Pathologic complete response',
      measured: 'after',
      coding: { '0': 'no', '1': 'yes' },
    },
  };
}

/** Noise knows nothing: the best rule on it is a coin. */
function rounded(best: BestReachable): Record<string, number> & BestReachable {
  const known = Object.entries({ ...best, [noiseBlock]: 0.5 });
  return Object.fromEntries(
    known.map(([name, value]) => [name, Math.round(1e4 * value) / 1e4]),
  ) as Record<string, number> & BestReachable;
}
