import { deflateRawSync } from 'node:zlib';

/** An attribute: `tag` as 0xggggeeee; a sequence has items. */
export interface MadeElement {
  tag: number;
  vr: string;
  value: string | readonly number[] | Uint8Array | readonly MadeElement[][];
}

export type MadeSyntax = 'implicit' | 'explicit' | 'big' | 'deflated';

const syntaxUids: Readonly<Record<MadeSyntax, string>> = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  big: '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
};

const longForms = ['OB', 'OW', 'OF', 'OD', 'SQ', 'UN', 'UT'];
const numberBytes: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 };

export interface MadeFile {
  syntax?: MadeSyntax;
  /** Another transfer syntax UID than that of `syntax`, for packed pixels. */
  uid?: string;
  elements: readonly MadeElement[];
}

/** A DICOM file made by code: preamble, meta information and data set. */
export function madeDicom({ syntax = 'explicit', uid, elements }: MadeFile): Uint8Array {
  const meta = encode(
    [{ tag: 0x00020010, vr: 'UI', value: uid ?? syntaxUids[syntax] }],
    true,
    true,
  );
  const sorted = [...elements].sort((a, b) => a.tag - b.tag);
  const body = encode(sorted, syntax !== 'implicit', syntax !== 'big');
  return Buffer.concat([
    new Uint8Array(128),
    Buffer.from('DICM'),
    meta,
    syntax === 'deflated' ? deflateRawSync(body) : body,
  ]);
}

function encode(elements: readonly MadeElement[], explicit: boolean, little: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { tag, vr, value } of elements) {
    const bytes = valueBytes(vr, value, explicit, little);
    const head = new DataView(new ArrayBuffer(explicit && longForms.includes(vr) ? 12 : 8));
    head.setUint16(0, tag >>> 16, little);
    head.setUint16(2, tag & 0xffff, little);
    if (!explicit) {
      head.setUint32(4, bytes.length, little);
    } else {
      head.setUint8(4, vr.charCodeAt(0));
      head.setUint8(5, vr.charCodeAt(1));
      if (longForms.includes(vr)) head.setUint32(8, bytes.length, little);
      else head.setUint16(6, bytes.length, little);
    }
    parts.push(new Uint8Array(head.buffer), bytes);
  }
  return Buffer.concat(parts);
}

function valueBytes(
  vr: string,
  value: MadeElement['value'],
  explicit: boolean,
  little: boolean,
): Uint8Array {
  if (typeof value === 'string') {
    const padded = value.length % 2 === 0 ? value : value + (vr === 'UI' ? '\0' : ' ');
    return Buffer.from(padded, 'latin1');
  }
  if (value instanceof Uint8Array) return value;
  if (vr === 'SQ') {
    return Buffer.concat(
      (value as readonly MadeElement[][]).map((item) => {
        const bytes = encode(item, explicit, little);
        const head = new DataView(new ArrayBuffer(8));
        head.setUint16(0, 0xfffe, little);
        head.setUint16(2, 0xe000, little);
        head.setUint32(4, bytes.length, little);
        return Buffer.concat([new Uint8Array(head.buffer), bytes]);
      }),
    );
  }
  const numbers = value as readonly number[];
  const each = numberBytes[vr];
  const view = new DataView(new ArrayBuffer(numbers.length * each));
  numbers.forEach((number, i) => {
    if (vr === 'FD') view.setFloat64(i * each, number, little);
    else if (vr === 'FL') view.setFloat32(i * each, number, little);
    else if (each === 4) view.setUint32(i * each, number, little);
    else view.setUint16(i * each, number & 0xffff, little);
  });
  return new Uint8Array(view.buffer);
}

/** Stored values as the bytes of a file. */
export function pixelBytes(
  values: readonly number[],
  bits: 8 | 16 | 32,
  little = true,
): Uint8Array {
  const view = new DataView(new ArrayBuffer((values.length * bits) / 8));
  values.forEach((value, i) => {
    // Bytes in big-endian words (OW) stand in pairs, the second first.
    if (bits === 8) view.setUint8(little ? i : i ^ 1, value & 0xff);
    else if (bits === 16) view.setUint16(2 * i, value & 0xffff, little);
    else view.setUint32(4 * i, value >>> 0, little);
  });
  return new Uint8Array(view.buffer);
}

export interface MadeSlice {
  syntax?: MadeSyntax;
  position?: readonly [number, number, number];
  /** Row, then column. */
  orientation?: readonly number[];
  /** Stored values, row by row; `rows` × 3 of them. */
  values?: readonly number[];
  rows?: number;
  bits?: 8 | 16 | 32;
  stored?: number;
  highBit?: number;
  signed?: boolean;
  slope?: string;
  intercept?: string;
  number?: number;
  /** Replaces or adds attributes; an undefined value takes one away. */
  more?: readonly (MadeElement | { tag: number; value: undefined })[];
}

export const axial = [1, 0, 0, 0, 1, 0] as const;

/** One slice of a series: MR, 3 columns, 2 rows, 16 bits, 0.5 × 0.75 mm. */
export function madeSlice(slice: MadeSlice = {}): Uint8Array {
  const { syntax = 'explicit', position = [-10, 20, 30], orientation = axial } = slice;
  const { rows = 2, bits = 16, stored = bits, signed = false, number = 1, more = [] } = slice;
  const values = slice.values ?? Array.from({ length: rows * 3 }, (_, i) => i + 10 * number);
  const elements: MadeElement[] = [
    { tag: 0x00080008, vr: 'CS', value: 'ORIGINAL\\PRIMARY\\M' },
    { tag: 0x00080016, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.4' },
    { tag: 0x00080018, vr: 'UI', value: `1.2.3.4.${number}` },
    { tag: 0x00080060, vr: 'CS', value: 'MR' },
    { tag: 0x00100010, vr: 'PN', value: 'Secret^Name' },
    { tag: 0x00100020, vr: 'LO', value: 'P1' },
    { tag: 0x00180050, vr: 'DS', value: '3' },
    { tag: 0x0020000d, vr: 'UI', value: '1.2.3' },
    { tag: 0x0020000e, vr: 'UI', value: '1.2.3.4' },
    { tag: 0x00200013, vr: 'IS', value: String(number) },
    { tag: 0x00200032, vr: 'DS', value: position.join('\\') },
    { tag: 0x00200037, vr: 'DS', value: orientation.join('\\') },
    { tag: 0x00200052, vr: 'UI', value: '1.2.3.9' },
    { tag: 0x00280002, vr: 'US', value: [1] },
    { tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
    { tag: 0x00280010, vr: 'US', value: [rows] },
    { tag: 0x00280011, vr: 'US', value: [3] },
    { tag: 0x00280030, vr: 'DS', value: '0.75\\0.5' },
    { tag: 0x00280100, vr: 'US', value: [bits] },
    { tag: 0x00280101, vr: 'US', value: [stored] },
    { tag: 0x00280102, vr: 'US', value: [slice.highBit ?? stored - 1] },
    { tag: 0x00280103, vr: 'US', value: [signed ? 1 : 0] },
    ...(slice.slope === undefined ? [] : [{ tag: 0x00281053, vr: 'DS', value: slice.slope }]),
    ...(slice.intercept === undefined
      ? []
      : [{ tag: 0x00281052, vr: 'DS', value: slice.intercept }]),
    {
      tag: 0x7fe00010,
      vr: bits === 8 && syntax !== 'big' ? 'OB' : 'OW',
      value: pixelBytes(values, bits, syntax !== 'big'),
    },
  ];
  const replaced = more.map(({ tag }) => tag);
  const added = more.filter((one): one is MadeElement => one.value !== undefined);
  const kept = elements.filter(({ tag }) => !replaced.includes(tag));
  return madeDicom({ syntax, elements: [...kept, ...added] });
}

/** A functional group of an enhanced image: a sequence of one item. */
export function group(tag: number, ...item: MadeElement[]): MadeElement {
  return { tag, vr: 'SQ', value: [item] };
}
