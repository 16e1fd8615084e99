import { type FirstOrderOptions, firstOrder } from './classes/first-order.ts';
import { type GlcmOptions, glcm } from './classes/glcm.ts';
import { type GldmOptions, gldm } from './classes/gldm.ts';
import { type GldzmOptions, gldzm } from './classes/gldzm.ts';
import { glrlm } from './classes/glrlm.ts';
import { glszm } from './classes/glszm.ts';
import { intensityHistogram } from './classes/intensity-histogram.ts';
import { intensityStatistics } from './classes/intensity-statistics.ts';
import {
  type IntensityVolumeHistogramOptions,
  intensityVolumeHistogram,
} from './classes/intensity-volume-histogram.ts';
import { type LocalIntensityOptions, localIntensity } from './classes/local-intensity.ts';
import { type MorphologyOptions, morphology } from './classes/morphology.ts';
import { ngldm } from './classes/ngldm.ts';
import { ngtdm } from './classes/ngtdm.ts';
import { shape2D } from './classes/shape-2d.ts';
import { shape } from './classes/shape-3d.ts';
import type { FeatureClass } from './feature-class.ts';

/** Options of all classes together: each reads its own. */
export interface ClassOptions
  extends FirstOrderOptions,
    GlcmOptions,
    GldmOptions,
    GldzmOptions,
    IntensityVolumeHistogramOptions,
    LocalIntensityOptions,
    MorphologyOptions {}

/** Every feature class there is, by its name in parameter files and columns. */
const classes: ReadonlyMap<string, FeatureClass<ClassOptions>> = new Map(
  [
    shape,
    shape2D,
    firstOrder,
    glcm,
    gldm,
    glrlm,
    glszm,
    ngtdm,
    gldzm,
    ngldm,
    intensityHistogram,
    intensityVolumeHistogram,
    intensityStatistics,
    localIntensity,
    morphology,
  ].map((one: FeatureClass<ClassOptions>) => [one.name, one]),
);

/** Classes that PyRadiomics computes when none is named, in its order. */
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
export function featureClass(name: string): FeatureClass<ClassOptions> {
  const found = classes.get(name);
  if (found === undefined) throw new Error(`no feature class ${name}`);
  return found;
}

/** True for what is measured once, on the region in the image as it is (`FeatureClass.once`). */
export function measuredOnce(name: string): boolean {
  return featureClass(name).once === true;
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
