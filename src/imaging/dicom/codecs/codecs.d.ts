/** The part of the codecs that nacre calls: their packages bring no types. */
interface CornerstoneDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned?: boolean;
  };
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

interface CornerstoneSettings {
  print?: (text: string) => void;
  printErr?: (text: string) => void;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const load: (
    settings?: CornerstoneSettings,
  ) => Promise<{ J2KDecoder: new () => CornerstoneDecoder }>;
  export default load;
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const load: (
    settings?: CornerstoneSettings,
  ) => Promise<{ JpegLSDecoder: new () => CornerstoneDecoder }>;
  export default load;
}

declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    /** Size in the frame header, and how many whole rows were decoded. */
    readonly yDim: number;
    readonly yLoc: number;
    /** How far the packed bytes were read. */
    readonly stream: { readonly index: number };
    decode(
      buffer: ArrayBufferLike,
      offset: number,
      length: number,
    ): Uint8Array | Uint16Array | null;
  }
}
