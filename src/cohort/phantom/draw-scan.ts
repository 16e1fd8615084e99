import type { Mask, Vector3, Volume } from '../../imaging/volume.ts';
import { cbrt, exp } from '../../runtime/elementary.ts';
import type { RandomStream } from '../../runtime/random-stream.ts';
import type { Anatomy } from './anatomy.ts';
import type { LatentPatient } from './latent-response.ts';
import type { ScanKind } from './scans.ts';

/** A scanner: what it does to all scans made on it. */
export interface Scanner {
  /** Factor of MRI intensities. */
  gain: number;
  /** Factor of the noise. */
  noise: number;
  /** Added to HU, in units of the kind's `shift`. */
  offset: number;
}

/** Amplitudes grow with their trait as exp(0.6 t). */
const growth = 0.6;

/**
 * Draws one scan of one SYNTHETIC patient, with the mask of the tumour on its grid. The patient lies a little differently in
 * each scan (some 1.5 mm); mask and scan agree.
 */
export function drawScan(
  { breast, tumour, grain }: Anatomy,
  traits: LatentPatient['traits'],
  kind: ScanKind,
  scanner: Scanner,
  stream: RandomStream,
): { scan: Volume<Int16Array>; mask: Mask } {
  const { size, spacing, direction: d } = kind;
  const mri = kind.bias > 0;
  const shift = [0, 1, 2].map(() => 1.5 * stream.normal());
  // The middle of the grid lies at the middle of the patient but for the shift.
  const origin = [0, 4, 8].map(
    (diagonal, axis) => (-d[diagonal] * spacing[axis] * (size[axis] - 1)) / 2 + shift[axis],
  ) as unknown as Vector3;
  const gain = mri ? scanner.gain * (1 + 0.05 * stream.normal()) : 1;
  const offset = mri ? 0 : kind.shift * (scanner.offset + 0.3 * stream.normal());
  const slope = [0, 1, 2].map(() => kind.bias * (2 * stream.next() - 1));
  const bend = [0, 1, 2].map(() => kind.bias * (2 * stream.next() - 1));
  const noise = kind.noise * scanner.noise;
  const texture = kind.texture * exp(growth * traits.texture);
  const rim = kind.rim * exp(growth * traits.rim);
  const halo = kind.halo * exp(growth * traits.halo);
  const half = 0.5 / cbrt(spacing[0] * spacing[1] * spacing[2]);
  const far = tumour.extent + 20;

  const count = size[0] * size[1] * size[2];
  const data = new Int16Array(count);
  const inside = new Uint8Array(count);
  for (let k = 0, at = 0; k < size[2]; k++) {
    // Where the patient's tissue is: the shift moves the patient, not the anatomy.
    const z = origin[2] + d[8] * spacing[2] * k - shift[2];
    for (let j = 0; j < size[1]; j++) {
      const y = origin[1] + d[4] * spacing[1] * j - shift[1];
      for (let i = 0; i < size[0]; i++, at++) {
        const x = origin[0] + d[0] * spacing[0] * i - shift[0];
        let value = tissue(x, y, z);
        const away = Math.sqrt(
          (x - tumour.centre[0]) ** 2 + (y - tumour.centre[1]) ** 2 + (z - tumour.centre[2]) ** 2,
        );
        if (away < far && value !== kind.air) {
          const distance = tumour.distance(x, y, z);
          // A voxel that the surface cuts shows both sides in part.
          const share = Math.min(1, Math.max(0, 0.5 - half * distance));
          if (share > 0) {
            const depth = Math.min(0, distance) / 3;
            const lesion = kind.tumour + texture * grain(x, y, z) + rim * exp(-depth * depth);
            value += share * (lesion - value);
          }
          if (share < 1) value += (1 - share) * halo * exp(-Math.max(0, distance) / 4);
          if (distance <= 0) inside[at] = 1;
        }
        if (mri) {
          const [u, v, w] = [x / 36, y / 36, z / 32];
          const bias =
            1 +
            slope[0] * u +
            slope[1] * v +
            slope[2] * w +
            bend[0] * u * u +
            bend[1] * v * v +
            bend[2] * w * w;
          const real = gain * (bias * value + noise * stream.normal());
          const imaginary = gain * noise * stream.normal();
          data[at] = Math.round(Math.sqrt(real * real + imaginary * imaginary));
        } else {
          data[at] = Math.max(-1024, Math.round(value + offset + noise * stream.normal()));
        }
      }
    }
  }
  const grid = { size, spacing, origin, direction: d };
  return { scan: { ...grid, data }, mask: { ...grid, data: inside } };

  function tissue(x: number, y: number, z: number): number {
    if (y >= breast.wall) return kind.muscle;
    const depth = breast.depth(x, y, z);
    if (depth >= 1) return kind.air;
    if (depth > 0.95) return kind.skin;
    if (depth > 0.8) return kind.fat;
    return breast.gland(x, y, z) > breast.glandAbove ? kind.gland : kind.fat;
  }
}
