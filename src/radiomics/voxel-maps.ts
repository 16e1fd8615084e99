import { type Box, crop, geometryOfBox, growBox, sizeOfBox } from '../imaging/crop.ts';
import { maskOfLabel, requireNotExchanged } from '../imaging/mask-labels.ts';
import type { Geometry, Mask, Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import { glcmOfKernels } from './classes/glcm-kernel.ts';
import { featureClass } from './feature-classes.ts';
import { featureOptions, levelsOf, movedBox, rangeOfImage } from './features-of-image.ts';
import { imageNames } from './image-names.ts';
import type { ImageType } from './image-type-names.ts';
import { imagesOf, type MadeImage } from './image-types.ts';
import { kernelBoxes, kernelRegions } from './kernel-region.ts';
import { normaliseImage } from './normalise-image.ts';
import type { RadiomicsSettings } from './parameter-file.ts';
import { type PreparedRegion, prepareRegion } from './prepare-region.ts';
import { type DiscretisedRegion, regionOfInterest } from './region-of-interest.ts';
import type { Settings } from './settings.ts';
import { defaultVoxelSettings, type VoxelSettings } from './voxel-settings.ts';

/** A class that can be measured in a kernel: shape is that of the whole region, local intensity looks beyond the kernel. */
export function hasVoxelMaps(name: string): boolean {
  const { once, also } = featureClass(name);
  return once !== true && also !== 'surroundings';
}

/**
 * Feature maps of one region (PyRadiomics' voxel-based extraction): each feature in a cube around each voxel of the region. The maps
 * lie on the region's box and the kernel's radius around it, cut at the image's border, as PyRadiomics has them.
 *
 * Grey levels are those of the whole region (with `maskedKernel`) or of the whole box. Work is done in pieces: `measure` gives the
 * values of some voxels, so that pieces can be spread over threads and kept.
 */
export class VoxelMaps {
  /** Grid of the maps. */
  readonly grid: Geometry;
  /** Voxels of the region: those that get a value. */
  readonly voxels: number;
  /** Names of the images, in the order of the settings. */
  readonly images: readonly string[];
  readonly #settings: RadiomicsSettings;
  readonly #voxel: VoxelSettings;
  readonly #prepared: PreparedRegion;
  readonly #box: Box;
  /** Places of the region's voxels on `grid`, ascending. */
  readonly #places: Int32Array;
  #made: { type: ImageType; images: MadeImage[] } | undefined;
  #levels: { image: string; levels: DiscretisedRegion } | undefined;

  /** @throws NacreError where the region cannot be measured */
  constructor(
    image: Volume,
    labels: Volume | Mask,
    settings: RadiomicsSettings,
    { label = settings.setting.label }: { label?: number } = {},
  ) {
    requireNotExchanged(image, labels);
    const { setting, imageType } = settings;
    const scan = setting.normalize ? normaliseImage(image, setting) : image;
    this.#settings = settings;
    this.#voxel = settings.voxelSetting ?? defaultVoxelSettings;
    this.#prepared = prepareRegion(scan, maskOfLabel(labels, { label }), setting);
    const { image: prepared, mask, box } = this.#prepared;
    this.#box = growBox(box, this.#voxel.kernelRadius, prepared);
    this.grid = geometryOfBox(prepared, this.#box);
    const inside = crop(mask, this.#box).data;
    const places: number[] = [];
    for (let at = 0; at < inside.length; at++) if (inside[at] !== 0) places.push(at);
    this.#places = Int32Array.from(places);
    this.voxels = places.length;
    this.images = Object.entries(imageType).flatMap(([type, custom]) =>
      imageNames(type as ImageType, { ...setting, ...custom }),
    );
  }

  /** Names of the features of an image, `glcm_JointEntropy`, in the order of the values. */
  get features(): string[] {
    return Object.entries(this.#settings.featureClass)
      .filter(([name]) => hasVoxelMaps(name))
      .flatMap(([name, features]) => features.map((feature) => `${name}_${feature}`));
  }

  /**
   * Values of the voxels `from` to `to` (not included) of the region, in scan order.
   *
   * @param image one of `images`
   * @returns feature after feature: value f of voxel v at `f · (to - from) + v - from`; NaN where a feature is not defined
   * @throws NacreError `no-image` where the filter cannot be applied
   */
  measure(image: string, from = 0, to = this.voxels): Float64Array {
    const { setting, levels } = this.#ofImage(image);
    const classes = Object.entries(this.#settings.featureClass).filter(([name]) =>
      hasVoxelMaps(name),
    );
    const count = to - from;
    const out = new Float64Array(this.features.length * count).fill(Number.NaN);
    const shape = {
      radius: this.#voxel.kernelRadius,
      flatAxis: setting.force2D ? 2 - setting.force2Ddimension : undefined,
    };
    const most = (2 * shape.radius + 1) * (2 * shape.radius + 1) * (2 * shape.radius + 1);
    const regions = kernelRegions(levels, shape);
    const boxes = kernelBoxes(levels, shape);
    let first = 0;
    const prepared = classes.map(([name, enabled]) => {
      const options = featureOptions(setting, enabled);
      const quick = name === 'glcm' ? glcmOfKernels(levels, options, enabled, most) : undefined;
      const start = first * count;
      first += enabled.length;
      const values = new Float64Array(enabled.length);
      return { one: featureClass(name), options, enabled, quick, values, start };
    });
    const slow = prepared.some(({ quick }) => quick === undefined);
    const [sx, sy] = this.grid.size;
    const low = this.#stepsTo(levels);
    for (let v = 0; v < count; v++) {
      const place = this.#places[from + v];
      const row = Math.floor(place / sx);
      const [i, j] = [(place % sx) - low[0], (row % sy) - low[1]];
      const k = Math.floor(row / sy) - low[2];
      const region = slow ? regions(i, j, k) : levels;
      for (const { one, options, enabled, quick, values, start } of prepared) {
        if (quick !== undefined) {
          quick(boxes(i, j, k), values);
          for (let f = 0; f < values.length; f++) out[start + f * count + v] = values[f];
        } else if (one.needs !== 'form') {
          // Values come in the order of the definitions, maps in that of the settings.
          for (const { name, value } of one.compute(region, options)) {
            out[start + enabled.indexOf(name) * count + v] = value;
          }
        }
      }
    }
    return out;
  }

  /** Maps from all values of an image, one after the other, `initValue` outside the region. */
  *maps(image: string, values: Float64Array): Generator<{ name: string; volume: Volume }> {
    for (const [f, feature] of this.features.entries()) {
      const [sx, sy, sz] = this.grid.size;
      const data = new Float64Array(sx * sy * sz).fill(this.#voxel.initValue);
      for (let v = 0; v < this.voxels; v++) data[this.#places[v]] = values[f * this.voxels + v];
      yield { name: `${image}_${feature}`, volume: { ...this.grid, data } };
    }
  }

  /** Steps from the first voxel of the maps to that of the region whose levels are measured. */
  #stepsTo(levels: DiscretisedRegion): readonly [number, number, number] {
    if (!this.#voxel.maskedKernel) return [0, 0, 0];
    const { box } = this.#prepared;
    const step = (axis: number) => box.low[axis] - this.#box.low[axis];
    // The region lies in its own box; both boxes are on one grid.
    if (levels.size.some((n, axis) => n !== sizeOfBox(box)[axis])) throw new Error('another box');
    return [step(0), step(1), step(2)];
  }

  #ofImage(name: string): { setting: Settings; levels: DiscretisedRegion } {
    const { setting: shared, imageType } = this.#settings;
    const { image, mask, bounds } = this.#prepared;
    const [type, custom] = Object.entries(imageType).find(([one, particular]) =>
      imageNames(one as ImageType, { ...shared, ...particular }).includes(name),
    ) as [ImageType, Partial<Settings>];
    const setting = { ...shared, ...custom };
    if (this.#levels?.image === name) return { setting, levels: this.#levels.levels };
    if (this.#made?.type !== type) {
      this.#made = { type, images: [...imagesOf(type, image, setting, this.#box, [mask])] };
    }
    const response = this.#made.images.find((one) => one.name === name) as MadeImage;
    if ('reason' in response) throw new NacreError('no-image', `${name}: ${response.reason}`);
    const volume = crop(response.volume, movedBox(this.#box, response.low));
    const inside = crop(mask, this.#box);
    const whole = { ...inside, data: new Uint8Array(inside.data.length).fill(1) };
    const region = regionOfInterest(volume, this.#voxel.maskedKernel ? inside : whole);
    const levels = levelsOf(region, setting, rangeOfImage(name, bounds, setting));
    this.#levels = { image: name, levels };
    return { setting, levels };
  }
}
