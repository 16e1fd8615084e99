import { voxelVolume } from '../../imaging/volume.ts';
import { cbrt } from '../../runtime/elementary.ts';
import { diameters } from '../algorithms/diameters.ts';
import { surfaceMesh } from '../algorithms/marching-cubes.ts';
import { principalVariances } from '../algorithms/principal-axes.ts';
import { type FormClass, featureValues } from '../feature-class.ts';
import { shapeFeatures } from '../feature-names.ts';

/**
 * Size and form of the region in 3D, from its surface mesh and the principal axes of its voxels.
 *
 * Two things to know of the mesh, which is PyRadiomics' to the last digits. Its surface lies half-way between two voxels,
 * so that the area of a smooth body is 8 to 9% above the analytic one at every spacing (and Sphericity below). And where
 * voxels of a slice touch by an edge only, the table of cubes joins or parts them by their orientation: of the 256 cubes
 * the 120 with such a face are not the same when turned. Mesh volume, area and the features derived from them are then not quite
 * invariant to turning and mirroring (speckled 5×4×3 masks: up to 2.8 mm³ of some 48, PyRadiomics 3.0.1 the same); on
 * masks without such pairs they are.
 */
export const shape: FormClass = {
  name: 'shape',
  title: 'Shape (3D)',
  needs: 'form',
  once: true,
  features: shapeFeatures,
  compute(region, options = {}) {
    const { volume, area } = surfaceMesh(region);
    const { largest, slice, column, row } = diameters(region);
    const n = region.voxels;
    // PyRadiomics divides the covariance by N; IBSI's reference values were made with N - 1.
    const sample = options.conventions === 'ibsi' ? n / (n - 1) : 1;
    const [major, minor, least] = principalVariances(region).map((variance) => variance * sample);
    const ofSphere = cbrt(36 * Math.PI * volume * volume);
    return featureValues(
      shapeFeatures,
      {
        MeshVolume: volume,
        VoxelVolume: n * voxelVolume(region),
        SurfaceArea: area,
        SurfaceVolumeRatio: area / volume,
        Sphericity: ofSphere / area,
        Compactness1: volume / (area * Math.sqrt(area) * Math.sqrt(Math.PI)),
        Compactness2: (36 * Math.PI * volume * volume) / (area * area * area),
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
