/** How the pixels of a file are packed; `none` where they lie as they are. */
export type PixelCodec = 'none' | 'rle' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000';

export interface TransferSyntax {
  name: string;
  codec: PixelCodec;
  explicit: boolean;
  littleEndian: boolean;
  deflated: boolean;
  /** True where the codec loses information. */
  lossy: boolean;
}

const plain = {
  codec: 'none',
  explicit: true,
  littleEndian: true,
  deflated: false,
  lossy: false,
} as const;

/** The transfer syntaxes that nacre reads, by UID (PS3.6, annex A). */
export const transferSyntaxes: Readonly<Record<string, TransferSyntax>> = {
  '1.2.840.10008.1.2': { ...plain, name: 'Implicit VR Little Endian', explicit: false },
  '1.2.840.10008.1.2.1': { ...plain, name: 'Explicit VR Little Endian' },
  '1.2.840.10008.1.2.1.99': { ...plain, name: 'Deflated Explicit VR', deflated: true },
  '1.2.840.10008.1.2.2': { ...plain, name: 'Explicit VR Big Endian', littleEndian: false },
  '1.2.840.10008.1.2.5': { ...plain, name: 'RLE Lossless', codec: 'rle' },
  '1.2.840.10008.1.2.4.57': { ...plain, name: 'JPEG Lossless', codec: 'jpeg-lossless' },
  '1.2.840.10008.1.2.4.70': { ...plain, name: 'JPEG Lossless SV1', codec: 'jpeg-lossless' },
  '1.2.840.10008.1.2.4.80': { ...plain, name: 'JPEG-LS Lossless', codec: 'jpeg-ls' },
  '1.2.840.10008.1.2.4.81': {
    ...plain,
    name: 'JPEG-LS Near-lossless',
    codec: 'jpeg-ls',
    lossy: true,
  },
  '1.2.840.10008.1.2.4.90': { ...plain, name: 'JPEG 2000 Lossless', codec: 'jpeg-2000' },
  '1.2.840.10008.1.2.4.91': { ...plain, name: 'JPEG 2000', codec: 'jpeg-2000' },
};

/** Names of syntaxes that are met in practice and refused, for the message. */
export const refusedSyntaxes: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.50': 'JPEG Baseline (lossy, 8 bit)',
  '1.2.840.10008.1.2.4.51': 'JPEG Extended (lossy, 12 bit)',
  '1.2.840.10008.1.2.4.92': 'JPEG 2000 Part 2 Multi-component Lossless',
  '1.2.840.10008.1.2.4.93': 'JPEG 2000 Part 2 Multi-component',
  '1.2.840.10008.1.2.4.100': 'MPEG2',
  '1.2.840.10008.1.2.4.102': 'MPEG-4',
  '1.2.840.10008.1.2.4.110': 'JPEG XL Lossless',
  '1.2.840.10008.1.2.4.112': 'JPEG XL',
  '1.2.840.10008.1.2.4.201': 'High-Throughput JPEG 2000 Lossless',
  '1.2.840.10008.1.2.4.202': 'High-Throughput JPEG 2000 RPCL Lossless',
  '1.2.840.10008.1.2.4.203': 'High-Throughput JPEG 2000',
};
