import { gzipSync } from 'node:zlib';
import { bodyMask } from '../imaging/body.ts';
import { boxOf, crop, growBox } from '../imaging/crop.ts';
import type { RegionChoice } from '../imaging/tumour-regions.ts';
import {
  geometryOf,
  type Mask,
  type Vector3,
  type Volume,
  type VoxelArray,
  voxelCount,
} from '../imaging/volume.ts';
import { voxelTypeOf } from '../imaging/voxel-types.ts';
import { readRegions } from '../machine/read-regions.ts';
import { NacreError } from '../runtime/errors.ts';
import type { PackedScan } from './protocol.ts';

/** Voxels above which a scan is cut to the tumour's surroundings, as in the viewer. */
const mostVoxels = 8_000_000;
/** Millimetres kept around the tumour then. */
const kept = 60;

/**
 * Reads a scan and its mask and packs them for the page, without changing a value.
 *
 * @throws NacreError of the readers, `geometry-mismatch`, `empty-mask`
 */
export async function packedScan(
  files: { image: string; mask: string },
  choice: RegionChoice = {},
): Promise<PackedScan> {
  const { scan, regions } = await readRegions(files, choice);
  return packScan(scan, regions.intratumoral);
}

/** The same from voxels in memory. */
export function packScan(scan: Volume, tumour: Mask): PackedScan {
  const box = boxOf(tumour);
  if (box === undefined) {
    throw new NacreError('empty-mask', 'there is no tumour to show', { found: '0 voxels' });
  }
  const cropped = voxelCount(scan) > mostVoxels;
  const pad = scan.spacing.map((mm) => Math.ceil(kept / mm)) as unknown as Vector3;
  const near = growBox(box, pad, scan);
  const part = <V extends Volume>(volume: V): V => (cropped ? crop(volume, near) : volume);
  const { data } = part(scan);
  const narrow = narrowest(data);
  const body = bodyOf(scan);
  return {
    geometry: geometryOf(part(scan)),
    type: voxelTypeOf(narrow),
    voxels: packed(narrow),
    mask: packed(part<Volume<Uint8Array>>(tumour).data),
    ...(body !== undefined && { body: packed(part<Volume<Uint8Array>>(body).data) }),
    cropped,
  };
}

/** Undefined where no voxel is finite: the page then reports that itself, when a ring is asked for. */
function bodyOf(scan: Volume): Mask | undefined {
  try {
    return bodyMask(scan);
  } catch (error) {
    if (error instanceof NacreError) return undefined;
    throw error;
  }
}

/** The same values in the smallest type that holds each of them exactly. */
function narrowest(data: VoxelArray): VoxelArray {
  if (data.BYTES_PER_ELEMENT <= 2) return data;
  let whole = true;
  let single = true;
  for (let i = 0; i < data.length && (whole || single); i++) {
    const value = data[i];
    whole &&= Number.isInteger(value) && value >= -32768 && value <= 32767 && !Object.is(value, -0);
    single &&= Object.is(Math.fround(value), value);
  }
  if (whole) return Int16Array.from(data);
  return single ? Float32Array.from(data) : data;
}

function packed({ buffer, byteOffset, byteLength }: VoxelArray): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return gzipSync(bytes, { level: 9 }).toString('base64');
}
