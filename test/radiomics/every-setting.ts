import { classNames, featureClass } from '../../src/radiomics/feature-classes.ts';
import { imageTypes } from '../../src/radiomics/image-type-names.ts';

/** Every image type, without settings of its own. */
export const everyImage = Object.fromEntries(imageTypes.map((name) => [name, {}]));

/** Every feature of every class; shape in 2D needs a region of one slice. */
export const everyClass = Object.fromEntries(
  classNames()
    .filter((name) => name !== 'shape2D')
    .map((name) => [name, featureClass(name).features.map((feature) => feature.name)]),
);
