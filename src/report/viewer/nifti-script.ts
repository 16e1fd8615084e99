/**
 * Reads, in the page, the NIfTI files that nacre wrote into it (little-endian, gzip, base64). For scripts of pages: plain
 * JavaScript that defines `unpacked` and `readNifti`.
 */
export const niftiScript = `
  const unpacked = async (base64) => {
    const packed = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const voxelTypes = { 2: Uint8Array, 4: Int16Array, 8: Int32Array, 16: Float32Array, 64: Float64Array, 256: Int8Array, 512: Uint16Array, 768: Uint32Array };
  /** Size, affine (RAS millimetres) and voxels. */
  const readNifti = (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const size = [1, 2, 3].map((i) => view.getInt16(40 + 2 * i, true));
    const affine = [0, 1, 2].map((r) => [0, 1, 2, 3].map((c) => view.getFloat32(280 + 16 * r + 4 * c, true)));
    const Voxels = voxelTypes[view.getInt16(70, true)];
    const count = size[0] * size[1] * size[2];
    return { size, affine, data: new Voxels(bytes.slice(352, 352 + count * Voxels.BYTES_PER_ELEMENT).buffer) };
  };
`;
