import type { Geometry, Mask, Volume, VoxelArray } from '../../imaging/volume.ts';
import { decodeVoxels, type VoxelType } from '../../imaging/voxel-types.ts';
import { fromBase64 } from '../base64.ts';
import type { PackedScan } from '../protocol.ts';

/** A scan of the page with its masks, as they were packed (`packScan`). */
export async function unpackScan({
  geometry,
  type,
  voxels,
  mask,
  body,
}: PackedScan): Promise<{ image: Volume; labels: Mask; body: Mask | undefined }> {
  return {
    image: { ...geometry, data: await unpackedVoxels(type, voxels) },
    labels: await unpackedMask(geometry, mask),
    body: body === undefined ? undefined : await unpackedMask(geometry, body),
  };
}

/** Packed in the byte order of the machine that made the page: little-endian, as all that Node runs on. */
async function unpackedVoxels(type: VoxelType, text: string): Promise<VoxelArray> {
  const bytes = new Uint8Array(await unpacked(text));
  return decodeVoxels(bytes, type, true, { file: 'the page', unshared: true });
}

async function unpackedMask(geometry: Geometry, text: string): Promise<Mask> {
  return { ...geometry, data: new Uint8Array(await unpacked(text)) };
}

function unpacked(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([fromBase64(text)]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}
