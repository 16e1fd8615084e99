import type { ColumnMetaData, FieldRepetitionType, PageHeader } from 'hyparquet';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { parquetCodecs } from './parquet-codecs.ts';

/**
 * Refuses a data page whose runs (levels, numbers into a dictionary) hold more values than the page: hyparquet writes a run out
 * before it compares, and a run of five bytes may claim a thousand million values.
 *
 * @param packed bytes of the page as they lie in the file
 * @param repetition of the column: a REQUIRED one has no levels
 * @throws Error in words
 */
export function requireRuns(
  packed: Uint8Array,
  header: PageHeader,
  { codec, type }: Pick<ColumnMetaData, 'codec' | 'type'>,
  repetition: FieldRepetitionType | undefined,
): void {
  const levels = (repetition === 'REPEATED' ? 1 : 0) + (repetition === 'REQUIRED' ? 0 : 1);
  const { data_page_header: first, data_page_header_v2: second } = header;
  const page = first ?? second;
  if (page === undefined) return;
  const numbered = /DICTIONARY|^RLE$/.test(page.encoding);
  if (levels === 0 && !numbered) return;
  const unpack = (bytes: Uint8Array, size: number, as: typeof codec) =>
    decompressPage(bytes, size, as, parquetCodecs);
  if (first !== undefined) {
    const bytes = unpack(packed, header.uncompressed_page_size, codec);
    let at = 0;
    for (let level = 0; level < levels; level++) {
      const length = bytes.length < at + 4 ? 0 : viewOf(bytes).getUint32(at, true);
      walkRuns(bytes.subarray(at + 4), 1, first.num_values);
      at += 4 + length;
    }
    if (numbered) requireNumbers(bytes.subarray(at), type, first.num_values);
    return;
  }
  if (second === undefined) return;
  const repeats = second.repetition_levels_byte_length;
  const defined = second.definition_levels_byte_length;
  if (repeats > 0) walkRuns(packed, 1, second.num_values);
  if (defined > 0) walkRuns(packed.subarray(repeats), 1, second.num_values);
  if (!numbered) return;
  const begins = repeats + defined;
  const size = header.uncompressed_page_size - begins;
  const plain = second.is_compressed === false || packed.length === begins;
  const bytes = unpack(packed.subarray(begins), size, plain ? 'UNCOMPRESSED' : codec);
  requireNumbers(bytes, type, second.num_values - second.num_nulls);
}

/** Numbers into a dictionary after their width; booleans after their length. Missing values are not counted here. */
function requireNumbers(bytes: Uint8Array, type: ColumnMetaData['type'], values: number): void {
  if (type === 'BOOLEAN') walkRuns(bytes.subarray(4), 1, values);
  else if (bytes.length > 0 && bytes[0] > 0) walkRuns(bytes.subarray(1), bytes[0], values);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Values that a run may have too many: a writer fills bit-packed groups of eight. */
const padding = 8;

/** Walks runs up to `values`, as hyparquet does whatever their length in bytes; where the bytes end first, it reports that. */
function walkRuns(bytes: Uint8Array, width: number, values: number): void {
  let at = 0;
  for (let seen = 0; seen < values && at < bytes.length; ) {
    let run = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at++];
      run |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const packed = (run & 1) === 1;
    // As hyparquet counts: the number is shifted as one without, or with, its sign.
    const count = packed ? (run >> 1) << 3 : run >>> 1;
    if (count < 0 || (!packed && count > values - seen + padding)) {
      throw new Error(`a run of ${count} values in a page of ${values}`);
    }
    at += packed ? (count / 8) * width : (width + 7) >> 3;
    seen += count;
  }
}
