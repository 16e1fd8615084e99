import { isFeatureName } from './suspect-columns.ts';

/** Columns that PyRadiomics' command line writes beside the features: those of the batch file, and notes on each case. */
const beside = /^(image|mask|label|label_channel|reader|testset|diagnostics_.*|general_info_.*)$/i;

/**
 * Numbers of the columns of a PyRadiomics table that are no features: `Image`, `Mask`, `Label`, `diagnostics_*`,
 * `general_info_*`. None where the table is not PyRadiomics' (no column of its names, or nothing written beside them).
 */
export function pyradiomicsColumns(header: readonly string[]): number[] {
  const written = header.some((title) => /^(diagnostics_|general_info_)/i.test(title));
  const batch = header.includes('Image') && header.includes('Mask');
  if (!(written || batch) || !header.some(isFeatureName)) return [];
  return [...header.keys()].filter((at) => beside.test(header[at]));
}
