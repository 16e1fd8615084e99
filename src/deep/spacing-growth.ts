const start = 'spacing grew by ';

/** Warning of a crop that is larger than the input of fixed size and spacing: `tooLarge: shrink` sees it coarser. */
export function spacingGrew(extentMm: readonly number[], factor: number): string {
  return `the crop is ${extentMm.map((mm) => mm.toFixed(0)).join('×')} mm: ${start}${factor.toFixed(2)}`;
}

/** The factor of such a warning; undefined for any other. Kept units hold their warnings as text. */
export function growthIn(warning: string): number | undefined {
  const at = warning.indexOf(start);
  return at < 0 ? undefined : Number(warning.slice(at + start.length));
}
