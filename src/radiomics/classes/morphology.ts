import type { Vector3 } from '../../imaging/volume.ts';
import { cbrt, hypot } from '../../runtime/elementary.ts';
import { convexHull } from '../algorithms/convex-hull.ts';
import { hullCandidates } from '../algorithms/diameters.ts';
import { surfaceMesh } from '../algorithms/marching-cubes.ts';
import { principalVariances } from '../algorithms/principal-axes.ts';
import { spatialAutocorrelation } from '../algorithms/spatial-autocorrelation.ts';
import {
  type FeatureOptions,
  type FormOptions,
  featureValues,
  type IntensityClass,
} from '../feature-class.ts';
import { morphologyFeatures } from '../feature-names-ibsi.ts';
import { type RegionOfInterest, stepsInside } from '../region-of-interest.ts';

export interface MorphologyOptions extends FeatureOptions, FormOptions {}

/**
 * IBSI's morphological features (HCUG) that PyRadiomics' shape does not have. Formulas: IBSI 1 reference manual, 3.1.
 * Form is that of the morphological mask (`options.morphology`), intensities those of the region.
 */
export const morphology: IntensityClass<MorphologyOptions> = {
  name: 'morphology',
  title: 'Morphology (beyond shape)',
  needs: 'intensities',
  also: 'form',
  once: true,
  features: morphologyFeatures,
  compute(region, options = {}) {
    const { morphology: form = region } = options;
    const { volume, area } = surfaceMesh(form);
    const box = form.size.map((n, axis) => n * form.spacing[axis]) as unknown as Vector3;
    const hull = convexHull(
      hullCandidates(form),
      form.spacing.map((mm) => mm / 2) as unknown as Vector3,
    );
    const n = form.voxels;
    // As for the axis lengths, IBSI's reference values were made with a covariance over N - 1.
    const [a, b, c] = principalVariances(form).map((v) => 2 * Math.sqrt((v * n) / (n - 1)));
    const moments = intensityMoments(region);
    const from = stepsInside(form, region);
    const shift = geometricCentre(form).map(
      (centre, axis) => (moments.centre[axis] + from[axis] - centre) * form.spacing[axis],
    );
    const wanted = (name: string) => options.enabled === undefined || options.enabled.has(name);
    const { moranI, gearyC } =
      wanted('MoranI') || wanted('GearyC')
        ? spatialAutocorrelation(region)
        : { moranI: Number.NaN, gearyC: Number.NaN };
    return featureValues(
      morphologyFeatures,
      {
        Asphericity: cbrt((area * area * area) / (36 * Math.PI * volume * volume)) - 1,
        CenterOfMassShift: hypot(...shift),
        VolumeDensityAABB: volume / (box[0] * box[1] * box[2]),
        AreaDensityAABB: area / (2 * (box[0] * box[1] + box[1] * box[2] + box[2] * box[0])),
        VolumeDensityAEE: (3 * volume) / (4 * Math.PI * a * b * c),
        AreaDensityAEE: area / ellipsoidArea(a, b, c),
        VolumeDensityConvexHull: volume / hull.volume,
        AreaDensityConvexHull: area / hull.area,
        IntegratedIntensity: volume * moments.mean,
        MoranI: moranI,
        GearyC: gearyC,
      },
      options,
      'the region has no extent along an axis, or its intensities are all equal or sum to zero',
    );
  },
};

/** Terms of the series of `ellipsoidArea`: IBSI's reference values were made with these. */
const terms = 20;

/**
 * IBSI's area of an ellipsoid with half axes a ≥ b ≥ c: 4πab Σ_ν (αβ)^ν / (1 - 4ν²) P_ν((α² + β²) / 2αβ), with
 * α² = 1 - b²/a², β² = 1 - c²/a² as the manual prints it. The series gives the ellipsoid's area for α² = 1 - c²/a²,
 * β² = 1 - c²/b²; the manual's comes out lower but for a sphere (4% on the digital phantom, whose reference value follows
 * the manual). Legendre's recursion carries (αβ)^ν along, so that αβ = 0 is no exception.
 */
export function ellipsoidArea(a: number, b: number, c: number): number {
  const alpha2 = 1 - (b / a) ** 2;
  const beta2 = 1 - (c / a) ** 2;
  const [x, product] = [(alpha2 + beta2) / 2, alpha2 * beta2];
  let [before, term, sum] = [0, 1, 1];
  for (let v = 1; v <= terms; v++) {
    [before, term] = [term, ((2 * v - 1) * x * term - (v - 1) * product * before) / v];
    sum += term / (1 - 4 * v * v);
  }
  return 4 * Math.PI * a * b * sum;
}

/** Mean place of the region's voxels, in voxels. */
function geometricCentre({ size, mask, voxels }: RegionOfInterest): number[] {
  return weightedPlaces(size, mask).map((sum) => sum / voxels);
}

/** Mean intensity and the place it is centred on, in voxels. */
function intensityMoments({ size, mask, intensity, voxels }: RegionOfInterest) {
  const weights = new Float64Array(mask.length);
  let sum = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    weights[at] = intensity[at];
    sum += intensity[at];
  }
  return {
    mean: sum / voxels,
    centre: weightedPlaces(size, weights).map((place) => place / sum),
  };
}

/** Σ weight · (i, j, k). */
function weightedPlaces(
  [nx, ny, nz]: Vector3,
  weights: Uint8Array | Float64Array,
): [number, number, number] {
  let [x, y, z] = [0, 0, 0];
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        x += weights[at] * i;
        y += weights[at] * j;
        z += weights[at] * k;
      }
    }
  }
  return [x, y, z];
}
