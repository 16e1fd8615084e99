import { NacreError } from '../runtime/errors.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { boxOf, growBox, sizeOfBox } from './crop.ts';
import { squaredDistance } from './distance-transform.ts';
import { requireSameGeometry } from './same-geometry.ts';
import { geometryOf, type Mask, type Vector3 } from './volume.ts';

export interface PeritumoralRingOptions {
  /** Millimetres from the region at which the ring begins; that distance itself is left out. Default 0: at the region. */
  inner?: number;
  /** Millimetres from the region at which the ring ends; that distance itself is in. Default 5. */
  outer?: number;
  /** The ring is cut to this mask, such as `bodyMask(image)`. Default: to the image alone. */
  body?: Mask | undefined;
}

/**
 * The ring around a region: voxels outside it whose exact Euclidean distance to it, centre to centre, is more than `inner`
 * and at most `outer` millimetres, whatever the voxels' shape; cut to the body and to the image.
 *
 * @throws NacreError `bad-option`, `empty-mask`, `empty-ring`, `geometry-mismatch`
 */
export function peritumoralRing(mask: Mask, options: PeritumoralRingOptions = {}): Mask {
  const { inner = 0, outer = 5, body } = options;
  if (!(inner >= 0 && outer > inner && Number.isFinite(outer))) {
    throw new NacreError('bad-option', 'the ring margins are invalid', {
      found: `inner ${inner} mm, outer ${outer} mm`,
      expected: '0 ≤ inner < outer',
    });
  }
  if (body !== undefined) requireSameGeometry(mask, body);
  const box = boxOf(mask);
  if (box === undefined) {
    throw new NacreError('empty-mask', 'there is no region to draw a ring around', {
      found: '0 voxels',
      expected: 'a region of at least one voxel',
    });
  }
  const reach = mask.spacing.map((s) => Math.ceil(outer / s));
  const around = growBox(box, [reach[0], reach[1], reach[2]] as Vector3, mask);
  const distance = squaredDistance(mask, { within: around });
  const [nx, ny, nz] = sizeOfBox(around);
  const ring = new Uint8Array(mask.data.length);
  // Margins are meant as millimetres: 5 × 1.0000001 mm must not lose the fifth voxel.
  const least = (inner + 1e-6) ** 2;
  const most = (outer + 1e-6) ** 2;
  let count = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const to =
        around.low[0] + mask.size[0] * (around.low[1] + j + mask.size[1] * (around.low[2] + k));
      const from = nx * (j + ny * k);
      for (let i = 0; i < nx; i++) {
        const d = distance[from + i];
        if (d <= least || d > most) continue;
        if (body !== undefined && body.data[to + i] === 0) continue;
        ring[to + i] = 1;
        count++;
      }
    }
  }
  if (count === 0) {
    throw new NacreError('empty-ring', 'the ring around the region has no voxel', {
      found: `0 voxels between ${inner} and ${outer} mm at ${mask.spacing.join('×')} mm`,
      expected: 'at least one',
      todo: 'choose a wider margin, or check that the image reaches beyond the region',
    });
  }
  return withDisplay({ ...geometryOf(mask), data: ring });
}
