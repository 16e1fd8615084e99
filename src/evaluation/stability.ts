import { normal975 } from './normal-distribution.ts';

export interface Stability {
  /** 1: the same features in every partition; 0: as if drawn by chance; can be slightly negative. */
  value: number;
  /** 95% interval. */
  low: number;
  high: number;
}

/**
 * Stability of feature selection over M partitions (Nogueira, Sechidis and Brown, JMLR 18, 2018, eq. 4):
 *
 *   Φ = 1 − mean_f( M/(M−1) · p_f (1 − p_f) ) / ( k̄/d · (1 − k̄/d) )
 *
 * with p_f the share of partitions that kept feature f, k̄ the mean number kept and d the candidates.
 * The interval is the asymptotic one of their theorem 10.
 *
 * @param selections names kept, a partition each
 * @param candidates d, the number of features there were to choose from
 * @returns NaN where every or no candidate was kept in all partitions: then there was no choice to be stable in
 */
export function selectionStability(
  selections: readonly (readonly string[])[],
  candidates: number,
): Stability {
  const partitions = selections.length;
  const share = new Map<string, number>();
  let kept = 0;
  for (const selection of selections) {
    kept += selection.length;
    for (const name of selection) share.set(name, (share.get(name) ?? 0) + 1 / partitions);
  }
  const meanShare = kept / partitions / candidates;
  const spread = meanShare * (1 - meanShare);
  if (partitions < 2 || !(spread > 1e-15))
    return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  let variance = 0;
  for (const p of share.values()) variance += (partitions / (partitions - 1)) * p * (1 - p);
  const value = 1 - variance / candidates / spread;

  // Theorem 10: φ_i = 1/spread · [ 1/d Σ_f z_if p_f − k_i k̄/d² + Φ/2 ( 2 k_i k̄/d² − k_i/d − k̄/d + 1 ) ].
  const k = kept / partitions;
  const phi = selections.map((selection) => {
    let agreement = 0;
    for (const name of selection) agreement += share.get(name) ?? 0;
    const ki = selection.length;
    const product = (ki * k) / candidates ** 2;
    return (
      (agreement / candidates -
        product +
        (value / 2) * (2 * product - ki / candidates - k / candidates + 1)) /
      spread
    );
  });
  const mean = phi.reduce((a, b) => a + b, 0) / partitions;
  const squares = phi.reduce((a, b) => a + (b - mean) ** 2, 0);
  const error = Math.sqrt((4 / partitions ** 2) * squares);
  return { value, low: value - normal975 * error, high: value + normal975 * error };
}
