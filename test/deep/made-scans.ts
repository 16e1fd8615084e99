import type { Geometry, Mask, Volume } from '../../src/imaging/volume.ts';
import { identityDirection } from '../../src/imaging/volume.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

/** A ball of tissue in air with a brighter ball, the region, off its centre; made by code, no patient. */
export function madeScan(options: Partial<Geometry> & { seed?: number } = {}): {
  volume: Volume<Float32Array>;
  mask: Mask;
} {
  const {
    size = [40, 36, 20],
    spacing = [2, 2, 4],
    origin = [-10, 5, 30],
    direction = identityDirection,
    seed = 1,
  } = options;
  const noise = RandomStream.of(seed, 'made-scan');
  const data = new Float32Array(size[0] * size[1] * size[2]);
  const inside = new Uint8Array(data.length);
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const x = (i - (size[0] - 1) / 2) * spacing[0];
        const y = (j - (size[1] - 1) / 2) * spacing[1];
        const z = (k - (size[2] - 1) / 2) * spacing[2];
        const body = Math.hypot(x, y, z) < 34;
        const tumour = Math.hypot(x - 8, y, z + 4) < 11;
        inside[at] = tumour ? 1 : 0;
        data[at] = (tumour ? 600 : body ? 300 : 0) + (body ? 20 : 2) * Math.abs(noise.normal());
      }
    }
  }
  const geometry = { size, spacing, origin, direction };
  return { volume: { ...geometry, data }, mask: { ...geometry, data: inside } };
}
