import { featureDefinitions } from '../radiomics/feature-definitions.ts';
import type { FeatureFormula } from './explore-data.ts';

/**
 * The formula of every feature, by class and name.
 *
 * @param draw LaTeX to MathML
 */
export function drawnFormulas(
  draw: (latex: string) => string,
): Record<string, Record<string, FeatureFormula>> {
  return Object.fromEntries(
    Object.entries(featureDefinitions()).map(([className, features]) => [
      className,
      Object.fromEntries(
        features.map(({ name, ibsi, ibsiName, formula }) => [
          name,
          { ibsi, ibsiName, markup: draw(formula) },
        ]),
      ),
    ]),
  );
}
