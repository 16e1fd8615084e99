/**
 * Why a feature lies outside the tolerance of PyRadiomics' value; undefined where there is no known reason, and then
 * the suite fails.
 */
export function missReason(
  item: string,
  ours: number,
  reference: number,
  reason: string | undefined,
): string | undefined {
  if (Number.isNaN(ours)) return `not defined: ${reason}`;
  const size = Math.max(Math.abs(ours), Math.abs(reference));
  if (size < 1e-9) return 'both are zero but for rounding';
  if (/^(log-sigma|gradient)/.test(item)) return "the peer's filter works in float32";
  return undefined;
}
