import { firstOrder } from './classes/first-order.ts';
import { glcm } from './classes/glcm.ts';
import { gldm } from './classes/gldm.ts';
import { gldzm } from './classes/gldzm.ts';
import { glrlm } from './classes/glrlm.ts';
import { glszm } from './classes/glszm.ts';
import { intensityHistogram } from './classes/intensity-histogram.ts';
import { intensityStatistics } from './classes/intensity-statistics.ts';
import { intensityVolumeHistogram } from './classes/intensity-volume-histogram.ts';
import { localIntensity } from './classes/local-intensity.ts';
import { morphology } from './classes/morphology.ts';
import { ngldm } from './classes/ngldm.ts';
import { ngtdm } from './classes/ngtdm.ts';
import { shape2D } from './classes/shape-2d.ts';
import { shape } from './classes/shape-3d.ts';
import type { FeatureClass } from './feature-class.ts';
import type { RegionOfInterest } from './region-of-interest.ts';

/** Every feature class there is, by its name in parameter files and columns. */
const classes: ReadonlyMap<string, FeatureClass> = new Map(
  [
    shape as FeatureClass<RegionOfInterest>,
    shape2D as FeatureClass<RegionOfInterest>,
    firstOrder,
    glcm,
    gldm,
    glrlm,
    glszm,
    ngtdm,
    gldzm,
    ngldm,
    intensityHistogram,
    intensityVolumeHistogram as FeatureClass<RegionOfInterest>,
    intensityStatistics as FeatureClass<RegionOfInterest>,
    localIntensity as FeatureClass<RegionOfInterest>,
    morphology as FeatureClass<RegionOfInterest>,
  ].map((one) => [one.name, one as FeatureClass]),
);

/** What PyRadiomics computes when no class is named, in its order. */
export const defaultClasses: readonly string[] = [
  'shape',
  'firstorder',
  'glcm',
  'gldm',
  'glrlm',
  'glszm',
  'ngtdm',
];

/** Names of all classes. */
export function classNames(): string[] {
  return [...classes.keys()];
}

/** The class of a name that the settings have checked. */
export function featureClass(name: string): FeatureClass {
  const found = classes.get(name);
  if (found === undefined) throw new Error(`no feature class ${name}`);
  return found;
}

/**
 * True for what is measured once, on the region in the image as it is: shape and morphology. IBSI 2 does not define
 * them on response maps.
 */
export function measuredOnce(name: string): boolean {
  return name.startsWith('shape') || name === 'morphology';
}

/** Names of a class's features: all, and those computed when none is named; undefined for an unknown class. */
export function featureNames(
  name: string,
): { all: readonly string[]; standard: readonly string[] } | undefined {
  const found = classes.get(name);
  if (found === undefined) return undefined;
  return {
    all: found.features.map((feature) => feature.name),
    standard: found.features.filter(({ deprecated }) => !deprecated).map((feature) => feature.name),
  };
}
