import type { DataSet, Element } from 'dicom-parser';
import { type DicomKeyword, tags } from './tags.ts';

/** Character sets of PS3.3, C.12.1.1.2 by the name that `TextDecoder` knows; those of one byte a character and UTF-8. */
const characterSets: Readonly<Record<string, string>> = {
  'ISO_IR 192': 'utf-8',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO 2022 IR 87': 'iso-2022-jp',
  'ISO 2022 IR 149': 'euc-kr',
  'ISO 2022 IR 58': 'gb18030',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** The longest text that is decoded; descriptions and names are at most 64 characters, contour data are read as numbers. */
const longestText = 16_384;

type Decoder = InstanceType<typeof TextDecoder>;
const latin1 = new TextDecoder('latin1');

type Parsed = Pick<DataSet, 'elements' | 'byteArray' | 'byteArrayParser'>;

/**
 * The attributes of a data set or of an item of a sequence, by keyword. A missing or empty attribute is undefined, and
 * so is one whose value has another form than the standard gives it.
 */
export class Attributes {
  readonly #parsed: Parsed;
  readonly #decoder: Decoder;
  readonly file: string;

  constructor(parsed: Parsed, file: string, decoder?: Decoder) {
    this.#parsed = parsed;
    this.file = file;
    this.#decoder = decoder ?? this.#decoderOf();
  }

  #decoderOf(): Decoder {
    const names = this.#ascii('specificCharacterSet')?.split('\\') ?? [];
    const known = names
      .map((name) => characterSets[name.trim()])
      .find((label) => label !== undefined);
    return new TextDecoder(known ?? 'latin1');
  }

  #bytes(keyword: DicomKeyword): Uint8Array | undefined {
    const element = this.element(keyword);
    if (element === undefined || element.length === 0) return undefined;
    const { dataOffset, length } = element;
    if (dataOffset + length > this.#parsed.byteArray.length) return undefined;
    return this.#parsed.byteArray.subarray(dataOffset, dataOffset + length);
  }

  #ascii(keyword: DicomKeyword): string | undefined {
    const bytes = this.#bytes(keyword);
    if (bytes === undefined || bytes.length > longestText) return undefined;
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return trimmed(text);
  }

  /** The element as the parser found it. */
  element(keyword: DicomKeyword): Element | undefined {
    return this.#parsed.elements[tags[keyword]];
  }

  has(keyword: DicomKeyword): boolean {
    return this.element(keyword) !== undefined;
  }

  /** Bytes of a value. */
  bytes(keyword: DicomKeyword): Uint8Array | undefined {
    return this.#bytes(keyword);
  }

  /** A text in the file's character set, without padding. */
  text(keyword: DicomKeyword): string | undefined {
    const bytes = this.#bytes(keyword);
    if (bytes === undefined || bytes.length > longestText) return undefined;
    return trimmed(this.#decoder.decode(bytes)) || undefined;
  }

  /** The values of a text of several (backslash between them). */
  texts(keyword: DicomKeyword): string[] {
    return this.text(keyword)?.split('\\').map(trimmed) ?? [];
  }

  /** All numbers of a decimal or integer string (DS, IS); undefined where one of them is not a number. */
  decimals(keyword: DicomKeyword): number[] | undefined {
    const numbers = this.#ascii(keyword)?.split('\\').map(decimal);
    return numbers?.every(Number.isFinite) ? numbers : undefined;
  }

  /** All numbers of a long decimal string (contour data); undefined where one of them is not a number. */
  longDecimals(keyword: DicomKeyword): Float64Array | undefined {
    const bytes = this.#bytes(keyword);
    if (bytes === undefined) return undefined;
    const texts = latin1.decode(bytes).split('\\');
    const numbers = Float64Array.from(texts, decimal);
    return numbers.every(Number.isFinite) ? numbers : undefined;
  }

  /** The first of them. */
  decimal(keyword: DicomKeyword): number | undefined {
    return this.decimals(keyword)?.[0];
  }

  /** An unsigned 16-bit number (US). */
  unsigned(keyword: DicomKeyword): number | undefined {
    const bytes = this.#bytes(keyword);
    if (bytes === undefined || bytes.length < 2) return undefined;
    return this.#parsed.byteArrayParser.readUint16(bytes, 0);
  }

  /** The unsigned 16-bit or 32-bit numbers of a value (US, UL). */
  unsignedList(keyword: DicomKeyword, bytesEach: 2 | 4): number[] {
    const bytes = this.#bytes(keyword) ?? new Uint8Array();
    const { readUint16, readUint32 } = this.#parsed.byteArrayParser;
    const read = bytesEach === 2 ? readUint16 : readUint32;
    return Array.from({ length: Math.floor(bytes.length / bytesEach) }, (_, i) =>
      read(bytes, i * bytesEach),
    );
  }

  /** A 64-bit number (FD). */
  double(keyword: DicomKeyword): number | undefined {
    const bytes = this.#bytes(keyword);
    if (bytes?.length !== 8) return undefined;
    return this.#parsed.byteArrayParser.readDouble(bytes, 0);
  }

  /** A 32-bit number (FL). */
  float(keyword: DicomKeyword): number | undefined {
    const bytes = this.#bytes(keyword);
    if (bytes === undefined || bytes.length < 4) return undefined;
    return this.#parsed.byteArrayParser.readFloat(bytes, 0);
  }

  /** The items of a sequence; none where it is missing or empty. */
  items(keyword: DicomKeyword): Attributes[] {
    const items = this.element(keyword)?.items ?? [];
    return items.flatMap(({ dataSet }) =>
      dataSet === undefined ? [] : [new Attributes(dataSet, this.file, this.#decoder)],
    );
  }

  /** The only or first item of a sequence. */
  item(keyword: DicomKeyword): Attributes | undefined {
    return this.items(keyword)[0];
  }
}

function trimmed(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: DICOM pads with spaces and zero bytes
  return text.replace(/^[ \u0000]+|[ \u0000]+$/g, '');
}

function decimal(text: string): number {
  const bare = trimmed(text);
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(bare) ? Number(bare) : Number.NaN;
}
