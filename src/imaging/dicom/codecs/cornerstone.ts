/** Unpacks one frame. The bytes are those of little-endian samples. */
export type FrameDecoder = (packed: Uint8Array) => Uint8Array;

/** OpenJPEG prints to stdout, where nacre writes tables: both streams of the codecs go nowhere. */
const silent = { print: () => {}, printErr: () => {} };

let jpeg2000: Promise<() => CornerstoneDecoder> | undefined;
let jpegLs: Promise<() => CornerstoneDecoder> | undefined;

/** OpenJPEG (the decoding build, WebAssembly), loaded on first use. After a failure it is loaded again: its memory may be in disorder. */
export async function jpeg2000Decoder(): Promise<FrameDecoder> {
  jpeg2000 ??= import('@cornerstonejs/codec-openjpeg/decodewasmjs').then(
    async ({ default: load }) => {
      const { J2KDecoder } = await load(silent);
      return () => new J2KDecoder();
    },
  );
  return decoderOf(await jpeg2000, () => {
    jpeg2000 = undefined;
  });
}

/** CharLS (the decoding build, WebAssembly), loaded on first use. */
export async function jpegLsDecoder(): Promise<FrameDecoder> {
  jpegLs ??= import('@cornerstonejs/codec-charls/decodewasmjs').then(async ({ default: load }) => {
    const { JpegLSDecoder } = await load(silent);
    return () => new JpegLSDecoder();
  });
  return decoderOf(await jpegLs, () => {
    jpegLs = undefined;
  });
}

function decoderOf(create: () => CornerstoneDecoder, discard: () => void): FrameDecoder {
  return (packed) => {
    try {
      const decoder = create();
      decoder.getEncodedBuffer(packed.length).set(packed);
      decoder.decode();
      const decoded = decoder.getDecodedBuffer().slice();
      decoder.delete();
      return decoded;
    } catch (error) {
      discard();
      throw error;
    }
  };
}
