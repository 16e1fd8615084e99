import { exp, log } from '../runtime/elementary.ts';
import { NacreError } from '../runtime/errors.ts';

export interface SampleSizeOptions {
  /** Candidate predictor parameters: columns before any selection that looks at the outcome. */
  parameters: number;
  /** Share of patients with the outcome, in (0, 1). */
  prevalence: number;
  /** Expected Cox-Snell R² of the model; or `nagelkerke`, its share of the largest possible one. */
  coxSnell?: number | undefined;
  nagelkerke?: number | undefined;
  /** Wanted shrinkage of the coefficients. Default 0.9: at most 10% of overfitting. */
  shrinkage?: number | undefined;
}

/** One criterion: how many patients it asks for. */
export interface SampleSizeCriterion {
  patients: number;
  /** Shrinkage that the criterion implies. */
  shrinkage: number;
}

export interface SampleSize {
  /** Largest of the criteria. */
  patients: number;
  /** Patients with the outcome among them. */
  events: number;
  /** Events per candidate parameter at that size. */
  eventsPerParameter: number;
  /** i: shrinkage; ii: optimism of Nagelkerke's R² at most 0.05; iii: overall risk within ±0.05. */
  criteria: [SampleSizeCriterion, SampleSizeCriterion, SampleSizeCriterion];
  coxSnell: number;
  /** Largest possible Cox-Snell R² at this prevalence. */
  largestCoxSnell: number;
  nagelkerke: number;
}

/** Difference of apparent and adjusted R², and margin of the overall risk, that Riley et al. allow. */
const allowed = 0.05;

/** As Riley et al. and pmsampsize round the 97.5% point of the normal distribution. */
const normalPoint = 1.96;

/**
 * Minimum sample size to develop a prediction model of a binary outcome (Riley et al., BMJ 368, m441, 2020), as `pmsampsize`.
 *
 * @throws NacreError `bad-option` for shares outside their range, or an R² that needs more shrinkage than is wanted
 */
export function minimumSampleSize(options: SampleSizeOptions): SampleSize {
  const { parameters: p, prevalence, shrinkage = 0.9 } = options;
  const largestCoxSnell = largestCoxSnellAt(prevalence);
  const coxSnell =
    options.coxSnell ?? roundedR2((options.nagelkerke ?? Number.NaN) * largestCoxSnell);
  const valid =
    Number.isInteger(p) &&
    p >= 1 &&
    prevalence > 0 &&
    prevalence < 1 &&
    coxSnell > 0 &&
    coxSnell < Math.min(largestCoxSnell, shrinkage) &&
    shrinkage < 1;
  if (!valid) {
    throw new NacreError('bad-option', 'no sample size follows from these numbers', {
      found: `${p} parameters, prevalence ${prevalence}, Cox-Snell R² ${coxSnell}, shrinkage ${shrinkage}`,
      expected: `1 or more parameters, a prevalence in (0, 1), R² below ${largestCoxSnell.toFixed(3)} and below the shrinkage`,
    });
  }
  const sizeFor = (wanted: number) => Math.ceil(p / ((wanted - 1) * log(1 - coxSnell / wanted)));
  const byOptimism = coxSnell / (coxSnell + allowed * largestCoxSnell);
  const precise = normalPoint / allowed;
  const first = sizeFor(shrinkage);
  const second = sizeFor(byOptimism);
  const third = Math.ceil(precise * precise * prevalence * (1 - prevalence));
  const patients = Math.max(first, second, third);
  return {
    patients,
    events: Math.ceil(patients * prevalence),
    eventsPerParameter: (patients * prevalence) / p,
    criteria: [
      { patients: first, shrinkage },
      { patients: second, shrinkage: byOptimism },
      { patients: third, shrinkage: Math.max(shrinkage, byOptimism) },
    ],
    coxSnell,
    largestCoxSnell,
    nagelkerke: coxSnell / largestCoxSnell,
  };
}

/** pmsampsize rounds the R² that it derives to three decimals, which moves the size by a few patients: ours is to be the same. */
function roundedR2(r2: number): number {
  return Math.round(1000 * r2) / 1000;
}

/** 1 − exp(2 · log-likelihood of the prevalence alone, per patient). */
function largestCoxSnellAt(prevalence: number): number {
  const perPatient = prevalence * log(prevalence) + (1 - prevalence) * log(1 - prevalence);
  return 1 - exp(2 * perPatient);
}
