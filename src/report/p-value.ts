/** A p-value as it is printed; a dash where there is no test (every partition differs by the same amount). */
export function pValueText(p: number | null | undefined): string {
  if (p === null || p === undefined) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** The same within a sentence: `p = 0.042`, `p < 0.001`, or that there is no test. */
export function pValueClause(p: number | null | undefined): string {
  if (p === null || p === undefined) return 'no test: the same difference in every partition';
  const text = pValueText(p);
  return text.startsWith('<') ? `p ${text}` : `p = ${text}`;
}
