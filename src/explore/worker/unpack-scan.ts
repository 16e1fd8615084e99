import type { Geometry, Mask, Volume, VoxelArray } from '../../imaging/volume.ts';
import { fromBase64 } from '../base64.ts';
import type { PackedScan, VoxelTypeName } from '../protocol.ts';

const arrays: Record<VoxelTypeName, new (buffer: ArrayBuffer) => VoxelArray> = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};

/** A scan of the page with its masks, as they were packed (`packScan`). */
export async function unpackScan({
  geometry,
  type,
  voxels,
  mask,
  body,
}: PackedScan): Promise<{ image: Volume; labels: Mask; body: Mask | undefined }> {
  return {
    image: { ...geometry, data: new arrays[type](await unpacked(voxels)) },
    labels: await unpackedMask(geometry, mask),
    body: body === undefined ? undefined : await unpackedMask(geometry, body),
  };
}

async function unpackedMask(geometry: Geometry, text: string): Promise<Mask> {
  return { ...geometry, data: new Uint8Array(await unpacked(text)) };
}

function unpacked(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([fromBase64(text)]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}
