import { voxelVolume } from '../../imaging/volume.ts';
import { type FeatureClass, featureValues } from '../feature-class.ts';
import { shapeFeatures } from '../feature-names.ts';
import type { RegionOfInterest } from '../region-of-interest.ts';
import { diameters } from './diameters.ts';
import { surfaceMesh } from './marching-cubes.ts';
import { principalVariances } from './principal-axes.ts';

/** Size and form of the region in 3D, from its surface mesh and the principal axes of its voxels. */
export const shape: FeatureClass<RegionOfInterest> = {
  name: 'shape',
  title: 'Shape (3D)',
  needs: 'region',
  features: shapeFeatures,
  compute(region, options = {}) {
    const { volume, area } = surfaceMesh(region);
    const { largest, slice, column, row } = diameters(region);
    const n = region.voxels;
    // PyRadiomics divides the covariance by N; IBSI's reference values were made with N - 1.
    const sample = options.conventions === 'ibsi' ? n / (n - 1) : 1;
    const [major, minor, least] = principalVariances(region).map((variance) => variance * sample);
    const ofSphere = Math.cbrt(36 * Math.PI * volume * volume);
    return featureValues(
      shapeFeatures,
      {
        MeshVolume: volume,
        VoxelVolume: n * voxelVolume(region),
        SurfaceArea: area,
        SurfaceVolumeRatio: area / volume,
        Sphericity: ofSphere / area,
        Compactness1: volume / (area ** 1.5 * Math.sqrt(Math.PI)),
        Compactness2: (36 * Math.PI * volume * volume) / area ** 3,
        SphericalDisproportion: area / ofSphere,
        Maximum3DDiameter: largest,
        Maximum2DDiameterSlice: slice,
        Maximum2DDiameterColumn: column,
        Maximum2DDiameterRow: row,
        MajorAxisLength: 4 * Math.sqrt(major),
        MinorAxisLength: 4 * Math.sqrt(minor),
        LeastAxisLength: 4 * Math.sqrt(least),
        Elongation: Math.sqrt(minor / major),
        Flatness: Math.sqrt(least / major),
      },
      options,
      'the region is one voxel: it has no axes',
    );
  },
};
