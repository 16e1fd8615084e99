/**
 * Unpacks a frame of RLE Lossless (PS3.5, annex G): for each byte of a sample, most significant first, a segment of
 * PackBits. The result is little endian.
 *
 * @param bytesEach bytes for each sample
 * @throws Error where the segments do not hold exactly the frame
 */
export function decodeRle(packed: Uint8Array, samples: number, bytesEach: number): Uint8Array {
  if (packed.length < 64) throw new Error('no RLE header');
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (view.getUint32(0, true) !== bytesEach) throw new Error('another number of segments');
  // PackBits makes at most 128 bytes of two.
  if (samples * bytesEach > packed.length * 64) throw new Error('too few bytes for the frame');
  const out = new Uint8Array(samples * bytesEach);
  for (let segment = 0; segment < bytesEach; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < bytesEach ? view.getUint32(8 + 4 * segment, true) : packed.length;
    if (start < 64 || end < start || end > packed.length) throw new Error('segment out of bounds');
    unpackBits(packed, start, end, out, bytesEach - 1 - segment, bytesEach);
  }
  return out;
}

/** PackBits from `start` to `end` into every `stride`-th byte of `out`. */
function unpackBits(
  packed: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  first: number,
  stride: number,
): void {
  let from = start;
  let to = first;
  while (to < out.length) {
    if (from >= end) throw new Error('segment ends early');
    const code = packed[from++];
    if (code < 128) {
      if (from + code + 1 > end) throw new Error('segment ends early');
      for (let i = 0; i <= code && to < out.length; i++, to += stride) out[to] = packed[from + i];
      from += code + 1;
    } else if (code > 128) {
      if (from >= end) throw new Error('segment ends early');
      const value = packed[from++];
      for (let i = 0; i < 257 - code && to < out.length; i++, to += stride) out[to] = value;
    }
  }
}
