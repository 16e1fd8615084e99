import { NacreError } from '../../runtime/errors.ts';
import { diameters } from '../algorithms/diameters.ts';
import { outline } from '../algorithms/marching-squares.ts';
import { principalVariances } from '../algorithms/principal-axes.ts';
import { type FormClass, featureValues, type NeighbourOptions } from '../feature-class.ts';
import { shape2DFeatures } from '../feature-names.ts';
import type { RegionOfInterest } from '../region-of-interest.ts';

/**
 * Size and form of a region of one slice, from its outline and the principal axes of its pixels. As in PyRadiomics it
 * must be asked for: `force2D`, and the axis across the slice in `force2Ddimension`. IBSI has no such features, so both
 * conventions give PyRadiomics' values.
 */
export const shape2D: FormClass<NeighbourOptions> = {
  name: 'shape2D',
  title: 'Shape (2D)',
  needs: 'form',
  once: true,
  features: shape2DFeatures,
  compute(region, options = {}) {
    const { force2D = false, force2Ddimension = 0 } = options;
    const across = 2 - force2Ddimension;
    requireOneSlice(region, force2D, across);
    const { size, spacing, mask, voxels } = region;
    const [u, v] = [0, 1, 2].filter((axis) => axis !== across);
    const steps = [1, size[0], size[0] * size[1]];
    const count = [size[u], size[v]] as const;
    const plane = { mask, start: 0, count, step: [steps[u], steps[v]] as const };
    const { area, perimeter } = outline(plane, spacing[u], spacing[v]);
    const pixel = spacing[u] * spacing[v];
    const surface = area * pixel;
    // The third variance is that across the one slice: exactly 0.
    const [major, minor] = principalVariances(region);
    const { slice, column, row } = diameters(region);
    const ofDisc = 2 * Math.sqrt(Math.PI * surface);
    return featureValues(
      shape2DFeatures,
      {
        MeshSurface: surface,
        PixelSurface: voxels * pixel,
        Perimeter: perimeter,
        PerimeterSurfaceRatio: perimeter / surface,
        Sphericity: ofDisc / perimeter,
        SphericalDisproportion: perimeter / ofDisc,
        MaximumDiameter: [row, column, slice][across],
        MajorAxisLength: 4 * Math.sqrt(major),
        MinorAxisLength: 4 * Math.sqrt(minor),
        Elongation: Math.sqrt(minor / major),
      },
      options,
      'the region is one pixel: it has no axes',
    );
  },
};

function requireOneSlice({ size }: RegionOfInterest, force2D: boolean, across: number): void {
  if (!force2D) {
    throw new NacreError('not-flat', '2D shape is measured on one slice only', {
      found: 'force2D: false',
      expected: 'force2D: true and the axis across the slice in force2Ddimension (0 is z)',
      todo: 'set force2D, or take the class shape',
    });
  }
  if (size[across] === 1) return;
  throw new NacreError('not-flat', '2D shape is measured on one slice only', {
    found: `${size[across]} slices along ${'xyz'[across]} (force2Ddimension ${2 - across})`,
    expected: '1 slice',
    todo: 'take a mask of one slice, another force2Ddimension, or the class shape',
  });
}
