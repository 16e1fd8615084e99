import { meanAndSd } from '../../src/evaluation/resampled-t.ts';
import type { Simulation } from './drawn-tables.ts';
import type { Tried } from './worker.ts';

/*
 * How far below the best reachable balanced accuracy a set may end, and be no fault.
 *
 * The best reachable is what a rule reaches that knows the formula, on patients without end. A study of a hundred has to
 * learn the rule from four fifths of them and reports the mean of ten test sets of the others. What that costs is measured,
 * not assumed: on cohorts drawn for it, none of which is reported, the same partitions and pipeline are given the clinical
 * variables, and features simulated as those of an extractor that sees enough. The distance is the mean of what they lose
 * and two standard deviations of it, by endpoint: of cohorts without a fault some 1 in 40 ends below.
 */

/**
 * The simulated extractor. Each of its seeing columns is correlated 0.7 with one trait, half of its variance: 0.5, tried first,
 * allowed 27 and 28 points, which a coin would nearly pass; made stricter before any result from scans was known. Each trait is
 * seen once per scan; the void columns, a quarter as many as the handcrafted features of the study, see nothing.
 */
export const simulation: Simulation = { visibility: 0.7, scans: 3, voidColumns: 300 };

/** What a set can know at most: the key of `bestReachable`. */
export function knownTo(set: string): 'clinical' | 'scans' | 'scansAndClinical' | 'noise' {
  if (set === 'noise') return 'noise';
  if (set === 'clinical' || set === 'subtype') return 'clinical';
  return set === 'both' || set.endsWith('-clinical') ? 'scansAndClinical' : 'scans';
}

export interface Loss {
  mean: number;
  sd: number;
}

/** Best reachable less reached, over the cohorts (of one size and endpoint) on which the set was tried; shares. */
export function lossOf(tried: readonly Tried[], set: string): Loss {
  const reaching = tried.filter(({ reached }) => set in reached);
  return meanAndSd(
    reaching.map(({ reachable, reached }) => reachable[knownTo(set)] - reached[set].mean),
  );
}

/** The distance allowed to a set, from the calibration cohorts of one endpoint. */
export function allowedDistance(calibration: readonly Tried[], set: string): number {
  const like = {
    clinical: 'clinical',
    noise: 'noise',
    scansAndClinical: 'both',
    scans: 'simulated',
  };
  const { mean, sd } = lossOf(calibration, like[knownTo(set)]);
  return mean + 2 * sd;
}
