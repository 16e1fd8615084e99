import erfc from '@stdlib/math-base-special-erfc';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { type Cell, labelsOf, type ScoreKind } from './cell.ts';
import { knownScore, type LinearScore, learn } from './linear-score.ts';

/** What a score reaches on new patients, exactly, since the classes are normal. */
export interface Reached {
  auc: number;
  balancedAccuracy: number;
}

/** Distance of the class means along the first feature, and what the procedure reaches with it on average. */
export interface Truth extends Reached {
  distance: number;
}

const trainingSamples = 3000;

/**
 * The distance between the classes at which the procedure (learn on 80% of the patients) reaches the AUC of the cell on new
 * patients, averaged over training samples, and the balanced accuracy that goes with it. These averages are what an interval has
 * to cover: the performance of the procedure, not that of one fitted model.
 */
export function truthOf(cell: Cell, score: ScoreKind, training: readonly number[]): Truth {
  const labels = labelsOf(cell);
  const average = (distance: number): Reached => {
    if (score === 'known') return reachedBy(knownScore(distance), distance);
    const stream = RandomStream.of(1, 'truth', cell.patients, cell.imbalance, score);
    let auc = 0;
    let balancedAccuracy = 0;
    for (let sample = 0; sample < trainingSamples; sample++) {
      const values = drawValues(labels, { distance, features: score, rows: training }, stream);
      const reached = reachedBy(learn(values, labels, training), distance);
      auc += reached.auc / trainingSamples;
      balancedAccuracy += reached.balancedAccuracy / trainingSamples;
    }
    return { auc, balancedAccuracy };
  };
  let [low, high] = [0, 6];
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (average(middle).auc < cell.auc) low = middle;
    else high = middle;
  }
  const distance = (low + high) / 2;
  return { distance, ...average(distance) };
}

/** Values of some rows: normal with variance 1, independent; class 1 is shifted along the first feature. */
export function drawValues(
  labels: Uint8Array,
  {
    distance,
    features,
    rows = Array.from(labels.keys()),
  }: { distance: number; features: number; rows?: readonly number[] },
  stream: RandomStream,
): Float64Array {
  const values = new Float64Array(labels.length * features);
  for (const row of rows) {
    for (let f = 0; f < features; f++) values[row * features + f] = stream.normal();
    values[row * features] += labels[row] * distance;
  }
  return values;
}

function reachedBy({ weights, threshold }: LinearScore, distance: number): Reached {
  const norm = Math.hypot(...weights);
  const shift = weights[0] * distance;
  return {
    auc: normalCdf(shift / (norm * Math.SQRT2)),
    balancedAccuracy: (normalCdf((shift - threshold) / norm) + normalCdf(threshold / norm)) / 2,
  };
}

function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}
