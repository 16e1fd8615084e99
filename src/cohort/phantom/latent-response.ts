import { exp, log } from '../../runtime/elementary.ts';
import type { RandomStream } from '../../runtime/random-stream.ts';

export const subtypes = ['HR+/HER2-', 'HER2+', 'triple-negative'] as const;
export type Subtype = (typeof subtypes)[number];

/** Traits of a tumour's appearance that depend on the latent response. */
export const traitNames = ['texture', 'rim', 'halo'] as const;
export type TraitName = (typeof traitNames)[number];

/** Correlation w of each trait with the latent response. */
export const loadings: Readonly<Record<TraitName, number>> = { texture: 0.8, rim: 0.75, halo: 0.7 };

/**
 * Per subtype: logarithm of its weight where r = 0, and its slope in r. Steep enough that a hundred patients show what the
 * subtype knows (bench/phantom.md: how often an interval lies above chance, by the number of patients).
 */
const subtypeWeights = [
  [log(0.55), -2.1],
  [log(0.25), 1.05],
  [log(0.2), 2.1],
] as const;

/** Per endpoint: strength a, and the threshold t that the liability must exceed. */
export const outcomes = {
  /** Prevalence 0.35. */
  pcr: { strength: 4, threshold: 0.38532 },
  /** Fall of the longest diameter 0.36 + 0.22 L of at least 0.30: t = -0.06 / 0.22, prevalence 0.607. */
  response: { strength: 3, threshold: -0.06 / 0.22 },
} as const;
export type OutcomeName = keyof typeof outcomes;

/** Mean and spread of the fall of the longest diameter, as a share of it. */
const fall = { mean: 0.36, spread: 0.22 } as const;

/** The hidden truth of one patient. */
export interface LatentPatient {
  /** r, the latent response. */
  latent: number;
  subtype: Subtype;
  /** Standard normal each, before they are drawn into the scans. */
  traits: Record<TraitName, number>;
  pcr: 0 | 1;
  /** Share by which the longest diameter falls; 1 where nothing is left, below 0 where it grows. */
  fall: number;
}

/**
 * Draws a SYNTHETIC patient. With r and every e standard normal and independent, and s the signal:
 * - latent response r ~ N(0, 1)
 * - subtype j with probability proportional to exp(b_j + c_j r): HR+/HER2- (ln 0.55, -2.1), HER2+ (ln 0.25, 1.05),
 *   triple-negative (ln 0.20, 2.1)
 * - traits t_k = w_k r + sqrt(1 - w_k²) e_k, w = 0.8 (texture), 0.75 (rim), 0.7 (halo): all that the scans show of r
 * - liability L = ρ r + sqrt(1 - ρ²) e, ρ = s a / sqrt(1 + s² a²), a = 4 for pCR, 3 for response, each with its own e
 * - pCR where L > 0.38532 (35% of patients); longest diameter falls by 0.36 + 0.22 L, at most by all of it; response where
 *   it falls by at least 0.30 (60.7%)
 *
 * Given r, outcomes depend on nothing else. With s = 0 they do not depend on r: a null cohort whose tumours look the same.
 */
export function drawLatent(stream: RandomStream, signal: number): LatentPatient {
  const latent = stream.normal();
  const shares = subtypeShares(latent);
  const u = stream.next();
  const subtype = subtypes[u < shares[0] ? 0 : u < shares[0] + shares[1] ? 1 : 2];
  const traits = { texture: 0, rim: 0, halo: 0 };
  for (const name of traitNames) {
    const w = loadings[name];
    traits[name] = w * latent + Math.sqrt(1 - w * w) * stream.normal();
  }
  const liability = (name: OutcomeName) => {
    const rho = correlation(name, signal);
    return rho * latent + Math.sqrt(1 - rho * rho) * stream.normal();
  };
  const pcr = liability('pcr') > outcomes.pcr.threshold ? 1 : 0;
  const falls = Math.min(1, fall.mean + fall.spread * liability('response'));
  return { latent, subtype, traits, pcr, fall: falls };
}

/** Probability of each subtype given r. */
export function subtypeShares(latent: number): [number, number, number] {
  const [a, b, c] = subtypeWeights.map(([weight, slope]) => exp(weight + slope * latent));
  const sum = a + b + c;
  return [a / sum, b / sum, c / sum];
}

/** ρ: correlation of the liability with r. */
export function correlation(name: OutcomeName, signal: number): number {
  const strength = signal * outcomes[name].strength;
  return strength / Math.sqrt(1 + strength * strength);
}
