import { optionalPackage } from '../../../runtime/optional-package.ts';
import type { FrameDecoder } from './cornerstone.ts';

/** JPEG lossless (process 14), loaded on first use. */
export async function jpegLosslessDecoder(): Promise<FrameDecoder> {
  const { Decoder } = await optionalPackage(
    'jpeg-lossless-decoder-js',
    () => import('jpeg-lossless-decoder-js'),
  );
  return (packed) => {
    const frame = packed.slice(0, endOfImage(packed));
    const decoder = new Decoder();
    const decoded = decoder.decode(frame.buffer, 0, frame.length);
    // Where the data end early, the library leaves the rest of the frame at zero, or reads on behind them.
    const whole = decoder.yLoc === decoder.yDim && decoder.stream.index <= frame.length;
    if (decoded === null || !whole) throw new Error('the frame ends early');
    return new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength);
  };
}

/** The library decodes an early end-of-image marker as data: it gets the bytes before the first marker, then this one. */
function endOfImage(packed: Uint8Array): number {
  const start = packed.findIndex((byte, i) => byte === 0xff && packed[i + 1] === 0xda);
  let at = start + 2;
  // In the data, FF stands before 00, before a restart (D0 to D7) or before another FF.
  while (at + 1 < packed.length) {
    const next = packed[at + 1];
    const marker = packed[at] === 0xff && next !== 0 && next !== 0xff;
    if (marker && (next < 0xd0 || next > 0xd7)) break;
    at++;
  }
  const ends = packed[at] === 0xff && packed[at + 1] === 0xd9;
  if (start < 0 || !ends || packed.subarray(at + 2).some((byte) => byte !== 0)) {
    throw new Error('the frame does not end with its data');
  }
  return at + 2;
}
