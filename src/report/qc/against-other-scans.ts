import type { MaskShape } from '../../imaging/mask-shape.ts';
import { exp, hypot, log } from '../../runtime/elementary.ts';
import { fewestForOutliers, medianOf, outlierLimit } from './cohort-outliers.ts';
import { groupBy } from './group-by.ts';
import type { FlagAt } from './quality-flag.ts';
import type { ScanQuality } from './scan-quality.ts';

/**
 * Place and volume against the same patient's other scans, pair by pair (`ceT1` with `T2`), beside what is usual for that pair
 * in the cohort: the scans of different scanners share no frame of reference. A scan is as odd as its best pair: where one
 * scan of three is wrong, the other two still agree; of two, both are flagged.
 */
export function againstOtherScans(scans: readonly ScanQuality[]): FlagAt[] {
  const pairs: Pair[] = [];
  for (const rows of groupBy(scans, ({ patient }) => patient).values()) {
    const shown = rows.filter((at) => scans[at].shape !== undefined);
    for (const at of shown) {
      for (const other of shown) {
        if (other === at) continue;
        const [a, b] = [scans[at].shape as MaskShape, scans[other].shape as MaskShape];
        const apart = hypot(...a.centroid.map((mm, axis) => mm - b.centroid[axis]));
        const names = `${scans[at].scan} ${scans[other].scan}`;
        pairs.push({ at, other, names, apart, ratio: log(a.volume / b.volume) });
      }
    }
  }
  const usual = new Map<string, { apart: Usual; ratio: Usual }>();
  for (const [names, rows] of groupBy(pairs, ({ names }) => names)) {
    const apart = usualOf(rows.map((i) => pairs[i].apart));
    const ratio = usualOf(rows.map((i) => pairs[i].ratio));
    usual.set(names, { apart, ratio });
  }
  const found: FlagAt[] = [];
  for (const rows of groupBy(pairs, ({ at }) => String(at)).values()) {
    const compared = rows.map((i) => {
      const pair = pairs[i];
      const { apart, ratio } = usual.get(pair.names) as { apart: Usual; ratio: Usual };
      const excess = Math.abs(pair.ratio - ratio.median);
      return {
        ...pair,
        usualApart: apart.median,
        tooFar: pair.apart / Math.max(5, apart.median + outlierLimit * apart.deviation),
        excess,
        tooDifferent: excess / Math.max(log(1.3), outlierLimit * ratio.deviation),
        times: exp(pair.ratio - ratio.median),
      };
    });
    const near = compared.reduce((best, one) => (one.tooFar < best.tooFar ? one : best));
    if (near.tooFar > 1) {
      const text = `its centre lies ${near.apart.toFixed(1)} mm from that of the patient's ${scans[near.other].scan}; usual here: ${near.usualApart.toFixed(1)} mm`;
      const score = 20 + Math.min(50, 1.5 * near.apart);
      found.push({ at: near.at, flag: { kind: 'centroid-differs', text, score } });
    }
    const like = compared.reduce((best, one) =>
      one.tooDifferent < best.tooDifferent ? one : best,
    );
    if (like.tooDifferent > 1) {
      const text = `its volume is ${like.times.toFixed(2)} times what is expected from the patient's ${scans[like.other].scan}`;
      const score = 20 + Math.min(50, 40 * like.excess);
      found.push({ at: like.at, flag: { kind: 'volume-differs', text, score } });
    }
  }
  return found;
}

/** Two scans of one patient, seen from the first. */
interface Pair {
  at: number;
  other: number;
  /** Of both scans. */
  names: string;
  /** Millimetres between the centres of mass. */
  apart: number;
  /** Logarithm of the ratio of the volumes. */
  ratio: number;
}

interface Usual {
  median: number;
  /** Robust standard deviation. */
  deviation: number;
}

/** Median and deviation in the cohort; zero if too few patients have the pair. */
function usualOf(values: readonly number[]): Usual {
  if (values.length < fewestForOutliers) return { median: 0, deviation: 0 };
  const median = medianOf(values);
  return { median, deviation: 1.4826 * medianOf(values.map((value) => Math.abs(value - median))) };
}
