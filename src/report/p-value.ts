/** A p-value as it is printed; a dash where there is no test (every partition differs by the same amount). */
export function pValueText(p: number | null | undefined): string {
  if (p === null || p === undefined) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
