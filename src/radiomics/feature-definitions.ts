import type { FeatureDefinition } from './feature-class.ts';
import { classNames, featureClass } from './feature-classes.ts';

/** Name, IBSI code and LaTeX formula of every feature, by class. */
export function featureDefinitions(): Record<string, readonly FeatureDefinition[]> {
  return Object.fromEntries(classNames().map((name) => [name, featureClass(name).features]));
}
