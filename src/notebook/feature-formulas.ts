import type { ExtractedFeatures } from '../radiomics/checked-extractor.ts';
import { featureDefinitions } from '../radiomics/feature-definitions.ts';
import { NacreError } from '../runtime/errors.ts';
import { formatCell } from './frame-html.ts';

/**
 * One class of features of a region as a Markdown table: PyRadiomics' name, IBSI code, formula (LaTeX), value.
 *
 * @param className as in column names: `glcm`
 * @param only these features, by PyRadiomics' name; default all that were computed
 * @throws NacreError `no-features` where the region has none of them
 */
export function featureFormulas(
  { features }: ExtractedFeatures,
  className: string,
  only: readonly string[] = [],
): string {
  const definitions = featureDefinitions()[className] ?? [];
  const rows = definitions.flatMap(({ name, ibsi, formula }) => {
    const value = features[`original_${className}_${name}`];
    if (value === undefined || (only.length > 0 && !only.includes(name))) return [];
    return [`| ${name} | ${ibsi ?? '–'} | $${formula}$ | ${formatCell(value, 4)} |`];
  });
  if (rows.length === 0) {
    throw new NacreError('no-features', 'the region has no such features', {
      column: className,
      expected: `original_${className}_… among the features`,
      todo: 'name the class in featureClass of the extractor',
    });
  }
  return ['| feature | IBSI | formula | value |', '|:--|:--|:--|--:|', ...rows].join('\n');
}
