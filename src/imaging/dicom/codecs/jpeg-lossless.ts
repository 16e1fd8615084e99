import { optionalPackage } from '../../../runtime/optional-package.ts';
import type { FrameDecoder } from './cornerstone.ts';

/** JPEG lossless (process 14), loaded on first use. */
export async function jpegLosslessDecoder(): Promise<FrameDecoder> {
  const { Decoder } = await optionalPackage(
    'jpeg-lossless-decoder-js',
    () => import('jpeg-lossless-decoder-js'),
  );
  return (packed) => {
    const decoder = new Decoder();
    const own = Uint8Array.from(packed);
    const decoded = decoder.decode(own.buffer, 0, own.length);
    // Where the data end early, the library leaves the rest of the frame at zero.
    if (decoded === null || decoder.yLoc !== decoder.yDim) throw new Error('the frame ends early');
    return new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength);
  };
}
