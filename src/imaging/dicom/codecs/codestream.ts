/** Properties in the header of a packed frame, read before its decoder allocates anything. */
export interface Codestream {
  columns: number;
  rows: number;
  components: number;
  bits: number;
  /** Point transform of a lossless JPEG: low bits that were thrown away. */
  shift?: number;
}

/** The size in a JPEG 2000 codestream (SIZ, ISO 15444-1 A.5.1), also within a JP2 file. */
export function jpeg2000Size(bytes: Uint8Array): Codestream | undefined {
  let start = -1;
  // A bare codestream begins with FF4F FF51; in a JP2 file it follows the boxes.
  for (let i = 0; i + 4 <= Math.min(bytes.length, 4096); i++) {
    const found =
      bytes[i] === 0xff && bytes[i + 1] === 0x4f && bytes[i + 2] === 0xff && bytes[i + 3] === 0x51;
    if (!found) continue;
    start = i + 4;
    break;
  }
  if (start < 0 || start + 40 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  const [width, height, left, top] = [4, 8, 12, 16].map((at) => view.getUint32(at));
  return {
    columns: width - left,
    rows: height - top,
    components: view.getUint16(36),
    bits: (view.getUint8(38) & 0x7f) + 1,
  };
}

/** The size in a JPEG or JPEG-LS stream: its frame header (SOF), and the point transform of its first scan. */
export function jpegSize(bytes: Uint8Array): Codestream | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  let size: Codestream | undefined;
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return undefined;
    const frame =
      marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
    if (frame && length >= 8) {
      size = {
        bits: bytes[at + 4],
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: bytes[at + 9],
      };
    }
    if (marker === 0xda) return size && { ...size, shift: bytes[at + 1 + length] & 0x0f };
    at += 2 + length;
  }
  return undefined;
}
