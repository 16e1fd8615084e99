import { NacreError } from '../runtime/errors.ts';
import { requireSameGeometry } from './same-geometry.ts';
import { geometryOf, type Mask, unitOf, type Volume } from './volume.ts';

/** Windows for CT, Hounsfield units: lowest and highest value shown. */
const ctWindows = {
  'soft-tissue': [-160, 240],
  mediastinum: [-150, 250],
  lung: [-1350, 150],
  bone: [-500, 1500],
} as const satisfies Record<string, readonly [number, number]>;

export type CtWindow = keyof typeof ctWindows;

/**
 * Clamps intensities to a window; type and geometry stay.
 *
 * @param window bounds (HU for CT) or the name of a CT window
 */
export function clampToWindow(
  volume: Volume,
  window: CtWindow | readonly [low: number, high: number],
): Volume {
  const [low, high] = typeof window === 'string' ? ctWindows[window] : window;
  if (!(low < high)) {
    throw new NacreError('bad-option', 'the window is empty', {
      found: `${low} to ${high}`,
      expected: 'a lower and a higher bound',
    });
  }
  const data = volume.data.slice();
  for (let i = 0; i < data.length; i++) {
    if (data[i] < low) data[i] = low;
    else if (data[i] > high) data[i] = high;
  }
  return { ...geometryOf(volume), ...unitOf(volume), data };
}

export interface NormaliseToTissueOptions {
  /** New value of the tissue's median. Default 1. */
  to?: number;
}

/**
 * MRI intensities relative to a tissue (fat, muscle): divided by the tissue's median, which scanners and coils share
 * better than their units.
 *
 * @param tissue voxels of the reference tissue on the image's grid
 * @returns doubles
 * @throws NacreError `flat-image` where the tissue is empty or its median is not above 0, `geometry-mismatch`
 */
export function normaliseToTissue(
  volume: Volume,
  tissue: Mask,
  { to = 1 }: NormaliseToTissueOptions = {},
): Volume {
  requireSameGeometry(volume, tissue);
  const values: number[] = [];
  for (let i = 0; i < tissue.data.length; i++) {
    if (tissue.data[i] !== 0 && Number.isFinite(volume.data[i])) values.push(volume.data[i]);
  }
  values.sort((a, b) => a - b);
  const half = values.length >> 1;
  const median = values.length % 2 === 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  if (!(median > 0)) {
    throw new NacreError('flat-image', 'the reference tissue gives no scale', {
      found: values.length === 0 ? 'no voxel' : `median ${median} of ${values.length} voxels`,
      expected: 'a median above 0',
      todo: 'check the mask of the tissue',
    });
  }
  const scale = to / median;
  const data = new Float64Array(volume.data.length);
  for (let i = 0; i < data.length; i++) data[i] = volume.data[i] * scale;
  return { ...geometryOf(volume), data };
}
