import { identityDirection, type Mask, type Vector3, type Volume } from '../imaging/volume.ts';
import { atan2, sin } from '../runtime/elementary.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { RandomStream } from '../runtime/random-stream.ts';

export interface SyntheticScan {
  volume: Volume<Float32Array>;
  /** The lesion: a lobed ellipsoid near the centre. */
  tumour: Mask;
  /** Unit of the grey values. */
  unit: string;
  synthetic: true;
}

/**
 * A small SYNTHETIC scan made by code, where no real one is at hand: an elliptic body in air with one bright lesion.
 * No anatomy; never data for a result.
 *
 * @param modality `ct`: HU, voxels 1 × 1 × 3 mm; `mri`: arbitrary units, voxels 1.2 × 1.2 × 2 mm
 */
export function syntheticScan(
  modality: 'ct' | 'mri',
  options: { seed?: number } = {},
): SyntheticScan {
  const ct = modality === 'ct';
  const size: Vector3 = ct ? [96, 80, 28] : [80, 68, 42];
  const spacing: Vector3 = ct ? [1, 1, 3] : [1.2, 1.2, 2];
  const origin: Vector3 = [-48, -40, -42];
  const grid = {
    size,
    spacing,
    origin,
    direction: identityDirection,
    synthetic: true,
  } as const;
  const unit = ct ? 'HU' : 'a.u.';
  const count = size[0] * size[1] * size[2];
  const data = new Float32Array(count);
  const region = new Uint8Array(count);
  const noise = RandomStream.of(options.seed ?? 1, 'synthetic-scan', modality);
  const [air, tissue, lesion, sd] = ct ? [-1000, 20, 70, 12] : [2, 120, 260, 9];
  for (let k = 0, at = 0; k < size[2]; k++) {
    const z = origin[2] + spacing[2] * k;
    for (let j = 0; j < size[1]; j++) {
      const y = origin[1] + spacing[1] * j;
      for (let i = 0; i < size[0]; i++, at++) {
        const x = origin[0] + spacing[0] * i;
        const inBody = (x / 42) ** 2 + (y / 35) ** 2 < 1;
        const lobes = 1 + 0.18 * sin(3 * atan2(y + 4, x - 18) + z / 9);
        const inTumour =
          inBody && ((x - 18) / 14) ** 2 + ((y + 4) / 11) ** 2 + (z / 16) ** 2 < lobes;
        region[at] = inTumour ? 1 : 0;
        const mean = inTumour ? lesion : inBody ? tissue : air;
        data[at] = mean + sd * noise.normal();
      }
    }
  }
  return {
    volume: withDisplay({ ...grid, unit, data }),
    tumour: withDisplay({ ...grid, data: region }),
    unit,
    synthetic: true,
  };
}
