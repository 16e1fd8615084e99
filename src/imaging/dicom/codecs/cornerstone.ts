/** Unpacks one frame. The bytes are those of little-endian samples. */
export type FrameDecoder = (packed: Uint8Array) => Uint8Array;

/** A decoder's factory, and the lines that the codec has printed since the last call. */
interface Codec {
  create: () => CornerstoneDecoder;
  printed: string[];
  failures: number;
}

let jpeg2000: Promise<Codec> | undefined;
let jpegLs: Promise<Codec> | undefined;

/**
 * OpenJPEG (the decoding build, WebAssembly), loaded on first use. After a failure it is loaded again: its memory may be
 * in disorder.
 */
export async function jpeg2000Decoder(): Promise<FrameDecoder> {
  jpeg2000 ??= import('@cornerstonejs/codec-openjpeg/decodewasmjs').then(({ default: load }) =>
    loaded(load, ({ J2KDecoder }) => new J2KDecoder()),
  );
  const decode = decoderOf(await jpeg2000, () => {
    jpeg2000 = undefined;
  });
  return (packed) => {
    // OpenJPEG makes a coarser image of a stream that is cut off; a whole one ends with EOC (and a byte of filling).
    const end = packed[packed.length - 1] === 0 ? packed.length - 1 : packed.length;
    if (packed[end - 2] !== 0xff || packed[end - 1] !== 0xd9)
      throw new Error('no end of codestream');
    return decode(packed);
  };
}

/** CharLS (the decoding build, WebAssembly), loaded on first use. */
export async function jpegLsDecoder(): Promise<FrameDecoder> {
  jpegLs ??= import('@cornerstonejs/codec-charls/decodewasmjs').then(({ default: load }) =>
    loaded(load, ({ JpegLSDecoder }) => new JpegLSDecoder()),
  );
  return decoderOf(await jpegLs, () => {
    jpegLs = undefined;
  });
}

/** OpenJPEG prints to stdout, where nacre writes tables: both streams are collected for error messages instead. */
async function loaded<M>(
  load: (settings: CornerstoneSettings) => Promise<M>,
  decoder: (module: M) => CornerstoneDecoder,
): Promise<Codec> {
  const printed: string[] = [];
  const keep = (text: string) => {
    if (printed.length < 100) printed.push(text);
  };
  const module = await load({ print: keep, printErr: keep });
  return { create: () => decoder(module), printed, failures: 0 };
}

/** A codec is loaded again after this many failures, since a failed frame may leave its memory allocated. */
const mostFailures = 50;

function decoderOf(codec: Codec, discard: () => void): FrameDecoder {
  return (packed) => {
    const { create, printed } = codec;
    printed.length = 0;
    const decoder = create();
    try {
      decoder.getEncodedBuffer(packed.length).set(packed);
      decoder.decode();
      const decoded = decoder.getDecodedBuffer().slice();
      const complaint = printed.find((text) => /warning|error/i.test(text));
      if (complaint !== undefined) throw new Error(complaint.trim());
      decoder.delete();
      return decoded;
    } catch (error) {
      // After a WebAssembly trap the module may be broken; after its own exceptions it still works.
      const trapped = error instanceof Error && error.name === 'RuntimeError';
      if (trapped || ++codec.failures > mostFailures) discard();
      else decoder.delete();
      throw error;
    }
  };
}
