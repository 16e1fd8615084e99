import { exp } from '../../runtime/elementary.ts';
import {
  correlation,
  loadings,
  type OutcomeName,
  outcomes,
  subtypeShares,
  subtypes,
} from './latent-response.ts';

/** Balanced accuracy of the Bayes rule, by its inputs. */
export interface BestReachable {
  /** The subtype: all the information in the clinical variables. */
  clinical: number;
  /** The three traits, without error: all the information in the scans. */
  scans: number;
  /** Both. No model that sees scans and clinical variables can be better in the long run. */
  scansAndClinical: number;
  /** r itself, which nobody sees. */
  latent: number;
}

/** Points of the integrals over r and over the evidence of the traits on it; each spans 6 standard deviations either side. */
const points = 361;
const span = 6;

/**
 * The best balanced accuracy that any model can reach on an endless phantom cohort, from the formula of `drawLatent`: the
 * rule that answers yes where P(x | yes) > P(x | no) has balanced accuracy ½ ∫ max(f(x | yes), f(x | no)) dx.
 *
 * v = Σ w t / (1 - w²) is a sufficient statistic of the three traits for r, v ~ N(c r, c) given r with c = Σ w² / (1 - w²). The integrals
 * over r and v are sums on a grid (error below 1e-4). Missing values and blur in the scans can only lower it.
 */
export function bestReachable(endpoint: OutcomeName, signal: number): BestReachable {
  const rho = correlation(endpoint, signal);
  const { threshold } = outcomes[endpoint];
  const c = Object.values(loadings).reduce((sum, w) => sum + (w * w) / (1 - w * w), 0);
  const spread = Math.sqrt(c + c * c);
  const step = (2 * span) / (points - 1);
  const latent = Array.from({ length: points }, () => new Both());
  const clinical = subtypes.map(() => new Both());
  const scans = Array.from({ length: points }, () => new Both());
  const all = Array.from({ length: points * subtypes.length }, () => new Both());
  for (let i = 0; i < points; i++) {
    const r = -span + i * step;
    const weight = step * density(r);
    const yes = normalTail((threshold - rho * r) / Math.sqrt(1 - rho * rho));
    latent[i].add(weight, yes);
    const shares = subtypeShares(r);
    shares.forEach((share, j) => {
      clinical[j].add(weight * share, yes);
    });
    for (let k = 0; k < points; k++) {
      const v = spread * (-span + k * step);
      const seen = weight * spread * step * (density((v - c * r) / Math.sqrt(c)) / Math.sqrt(c));
      scans[k].add(seen, yes);
      shares.forEach((share, j) => {
        all[subtypes.length * k + j].add(seen * share, yes);
      });
    }
  }
  return {
    clinical: balanced(clinical),
    scans: balanced(scans),
    scansAndClinical: balanced(all),
    latent: balanced(latent),
  };
}

/** Probability of an observation together with yes and with no, summed over r. */
class Both {
  yes = 0;
  no = 0;

  add(weight: number, yes: number): void {
    this.yes += weight * yes;
    this.no += weight * (1 - yes);
  }
}

/** ½ Σ max(f(x | yes), f(x | no)) */
function balanced(cells: readonly Both[]): number {
  let yes = 0;
  let no = 0;
  for (const cell of cells) {
    yes += cell.yes;
    no += cell.no;
  }
  let sum = 0;
  for (const cell of cells) sum += Math.max(cell.yes / yes, cell.no / no);
  return sum / 2;
}

function density(x: number): number {
  return exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** P(X > x) of a standard normal: erfc of W. J. Cody's kind by its continued form, error below 1.2e-7 (Numerical Recipes). */
function normalTail(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const poly =
    -1.26551223 +
    t *
      (1.00002368 +
        t *
          (0.37409196 +
            t *
              (0.09678418 +
                t *
                  (-0.18628806 +
                    t *
                      (0.27886807 +
                        t *
                          (-1.13520398 +
                            t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  const tail = (t * exp(-z * z + poly)) / 2;
  return x >= 0 ? tail : 1 - tail;
}
