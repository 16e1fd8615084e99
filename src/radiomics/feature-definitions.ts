import {
  aggregationCodes,
  aggregationOf,
  directionClasses,
  textureClasses,
} from './aggregation.ts';
import type { FeatureDefinition } from './feature-class.ts';
import { classNames, featureClass } from './feature-classes.ts';
import type { Settings } from './settings.ts';

/**
 * Name, IBSI code and LaTeX formula of every feature, by class.
 *
 * @param settings where given, features of texture matrices carry the IBSI code of their aggregation (`ITBB`, `KOBO`, …) under these
 *   settings; weights by distance (`weightingNorm: euclidean` and such) have none
 * @example
 * featureDefinitions({ aggregation: '2D-slice-merged' }).glcm[0].aggregation;
 */
export function featureDefinitions(
  settings?: Partial<Pick<Settings, 'aggregation' | 'force2D' | 'weightingNorm'>>,
): Record<string, readonly FeatureDefinition[]> {
  return Object.fromEntries(
    classNames().map((name) => [name, withAggregation(name, settings)] as const),
  );
}

function withAggregation(
  name: string,
  settings: Parameters<typeof featureDefinitions>[0],
): readonly FeatureDefinition[] {
  const { features } = featureClass(name);
  if (settings === undefined || !textureClasses.includes(name)) return features;
  const aggregation = aggregationOf(
    // Only matrices per direction are weighted.
    directionClasses.includes(name) ? settings : { ...settings, weightingNorm: null },
  );
  if (aggregation === undefined) return features;
  const codes = aggregationCodes[aggregation];
  const code = directionClasses.includes(name) ? codes.directions : codes.others;
  return features.map((feature) => ({ ...feature, aggregation: code }));
}
