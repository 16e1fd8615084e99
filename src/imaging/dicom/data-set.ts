import dicomParser, { type DataSet, type Element } from 'dicom-parser';
import { NacreError } from '../../runtime/errors.ts';
import { largestVolume } from '../declared-size.ts';
import { Attributes } from './attributes.ts';
import { inflateBeginning, inflateBounded } from './inflate.ts';
import { isDicom } from './is-dicom.ts';
import { tags } from './tags.ts';
import { refusedSyntaxes, type TransferSyntax, transferSyntaxes } from './transfer-syntaxes.ts';

/** A parsed file: its attributes, how it is encoded, and the bytes that the attributes point into. */
export interface DicomDataSet {
  attributes: Attributes;
  syntax: TransferSyntax;
  /** The file, or what its deflated part unpacks to. */
  bytes: Uint8Array;
  file: string;
  /** True where the whole file was parsed, pixels included. */
  complete: boolean;
}

export interface DataSetOptions {
  /** Stop before the pixels. Default false. */
  headerOnly?: boolean;
}

/**
 * How many 16-bit numbers the parser may read: each attribute, at any depth, takes two or three. This bounds time and
 * memory; an enhanced file of 10,000 frames needs about 1.5 million.
 */
const mostReads = 6_000_000;

/** The parser reads two 16-bit numbers for each tag: counting them bounds the number of attributes at all depths. */
class BoundedStream extends dicomParser.ByteStream {
  #reads = 0;

  constructor(littleEndian: boolean, bytes: Uint8Array, position: number) {
    const { littleEndianByteArrayParser: little, bigEndianByteArrayParser: big } = dicomParser;
    super(littleEndian ? little : big, bytes, position);
    const read = this.readUint16;
    this.readUint16 = () => {
      if (++this.#reads > mostReads) throw new RangeError('too many attributes');
      return read.call(this);
    };
  }
}

/**
 * Parses a DICOM file (PS3.10): any byte order, implicit or explicit, deflated. The number of attributes, the nesting
 * and what a deflated file unpacks to are bounded.
 *
 * @throws NacreError `not-dicom`, `transfer-syntax`, `bad-dicom`, `too-large`. No message quotes the file's content.
 */
export function parseDataSet(
  given: Uint8Array,
  file: string,
  { headerOnly = false }: DataSetOptions = {},
): DicomDataSet {
  // A Buffer's `slice` shares memory where that of a typed array copies: only plain arrays go further.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (!isDicom(bytes)) {
    throw new NacreError('not-dicom', 'the file is not DICOM', {
      file,
      found: bytes.length < 132 ? `${bytes.length} bytes` : 'no DICM at byte 128',
      expected: 'a DICOM file (PS3.10)',
    });
  }
  try {
    const { syntax, end } = readMeta(bytes, file);
    const body = syntax.deflated ? inflate(bytes.subarray(end), syntax, file) : bytes;
    const start = syntax.deflated ? 0 : end;
    const { elements, complete } = readElements(body, start, syntax, headerOnly);
    const { littleEndianByteArrayParser: little, bigEndianByteArrayParser: big } = dicomParser;
    const parsed: Pick<DataSet, 'elements' | 'byteArray' | 'byteArrayParser'> = {
      elements,
      byteArray: body,
      byteArrayParser: syntax.littleEndian ? little : big,
    };
    return { attributes: new Attributes(parsed, file), syntax, bytes: body, file, complete };
  } catch (cause) {
    if (cause instanceof NacreError) throw cause;
    // The parser throws strings, errors and, where sequences are nested beyond the stack, a RangeError.
    throw damaged(file, cause);
  }
}

/** The file meta information is always explicit little endian. */
function readMeta(bytes: Uint8Array, file: string): { syntax: TransferSyntax; end: number } {
  const stream = new BoundedStream(true, bytes, 132);
  let uid: string | undefined;
  while (stream.position + 8 <= bytes.length && bytes[stream.position] === 2) {
    if (bytes[stream.position + 1] !== 0) break;
    const element = dicomParser.readDicomElementExplicit(stream, []);
    if (element.tag !== tags.transferSyntax || element.length > 128) continue;
    uid = dicomParser.readFixedString(bytes, element.dataOffset, element.length).trim();
  }
  if (uid === undefined) {
    throw new NacreError('bad-dicom', 'the file names no transfer syntax', {
      file,
      expected: 'file meta information with (0002,0010)',
      todo: 'export the file again',
    });
  }
  const syntax = Object.hasOwn(transferSyntaxes, uid) ? transferSyntaxes[uid] : undefined;
  if (syntax === undefined) {
    const shown = /^[0-9.]{1,64}$/.test(uid) ? uid : 'no UID';
    throw new NacreError('transfer-syntax', 'nacre does not read this transfer syntax', {
      file,
      found: Object.hasOwn(refusedSyntaxes, uid) ? refusedSyntaxes[uid] : shown,
      expected: Object.values(transferSyntaxes)
        .map(({ name }) => name)
        .join(', '),
      todo: 'export the series uncompressed',
    });
  }
  return { syntax, end: stream.position };
}

/** Largest unpacked size of a deflated file whose first bytes do not reach the pixels and so do not declare a size. */
const mostUnpacked = 2 ** 28;

/** Unpacks no more than the header declares, with room for the attributes after the pixels. */
function inflate(packed: Uint8Array, syntax: TransferSyntax, file: string): Uint8Array {
  const beginning = inflateBeginning(packed, file);
  let limit = mostUnpacked;
  try {
    const { elements, complete } = readElements(beginning, 0, syntax, true);
    if (!complete)
      limit = beginning.length + declaredPixelBytes(elements, beginning, file) + 2 ** 20;
  } catch (error) {
    if (error instanceof NacreError) throw error;
    // The header goes on beyond the beginning.
  }
  return inflateBounded(packed, limit, file);
}

function declaredPixelBytes(
  elements: Record<string, Element>,
  byteArray: Uint8Array,
  file: string,
): number {
  const byteArrayParser = dicomParser.littleEndianByteArrayParser;
  const a = new Attributes({ elements, byteArray, byteArrayParser }, file);
  const frames = Math.min(a.decimal('numberOfFrames') ?? 1, 100_000);
  const samples = (a.unsigned('rows') ?? 0) * (a.unsigned('columns') ?? 0) * frames;
  const bytes =
    (samples * (a.unsigned('samplesPerPixel') ?? 1) * (a.unsigned('bitsAllocated') ?? 16)) / 8;
  return Math.min(Math.ceil(Math.max(0, bytes)), largestVolume);
}

/** VRs with a 32-bit length that dicom-parser takes for 16-bit ones; the extended offset table has one of them. */
const longForms = ['OV', 'SV', 'UV'];

function readElements(
  bytes: Uint8Array,
  start: number,
  { explicit, littleEndian }: TransferSyntax,
  headerOnly: boolean,
): { elements: Record<string, Element>; complete: boolean } {
  const stream = new BoundedStream(littleEndian, bytes, start);
  const elements: Record<string, Element> = Object.create(null);
  const group = (at: number) =>
    littleEndian ? bytes[at] | (bytes[at + 1] << 8) : (bytes[at] << 8) | bytes[at + 1];
  while (stream.position + 8 <= bytes.length) {
    const at = stream.position;
    if (headerOnly && group(at) === 0x7fe0) return { elements, complete: false };
    const vr = explicit ? String.fromCharCode(bytes[at + 4], bytes[at + 5]) : '';
    const element = longForms.includes(vr)
      ? readLongForm(stream, vr)
      : explicit
        ? dicomParser.readDicomElementExplicit(stream, [])
        : dicomParser.readDicomElementImplicit(stream);
    elements[element.tag] = element;
  }
  if (stream.position !== bytes.length) {
    // A few zero bytes after the last attribute are padding; anything else is a file cut off.
    if (bytes.subarray(stream.position).some((byte) => byte !== 0)) throw new Error('cut off');
  }
  return { elements, complete: true };
}

function readLongForm(stream: dicomParser.ByteStream, vr: string): Element {
  const tag = dicomParser.readTag(stream);
  stream.seek(4);
  const length = stream.readUint32();
  const dataOffset = stream.position;
  stream.seek(length);
  return { tag, vr, length, dataOffset };
}

function damaged(file: string, cause: unknown): NacreError {
  const tooMuch = cause instanceof RangeError;
  return new NacreError(
    'bad-dicom',
    tooMuch
      ? 'the file holds more attributes, or sequences nested deeper, than any scan does'
      : 'the file is damaged',
    {
      file,
      found: tooMuch ? undefined : 'an attribute that leads beyond the end of the file',
      expected: 'a whole DICOM file',
      todo: 'copy or export the file again',
      cause,
    },
  );
}
