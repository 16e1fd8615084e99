import { constants, deflateRawSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';

const type = 'http://schemas.openxmlformats.org';

/** The parts of the smallest workbook beside its sheets. */
export function workbookParts(names: readonly string[], more: Record<string, string> = {}) {
  return {
    '[Content_Types].xml': `<Types xmlns="${type}/package/2006/content-types"/>`,
    'xl/workbook.xml': `<workbook xmlns="${type}/spreadsheetml/2006/main" xmlns:r="${type}/officeDocument/2006/relationships"><sheets>${names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${type}/package/2006/relationships">${names.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${type}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}<Relationship Id="rId99" Type="${type}/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${type}/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ...more,
  };
}

const sheetXml = (rows: string) =>
  `<worksheet xmlns="${type}/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`;

/** The smallest Excel workbook: sheets of inline strings, numbers, truth values and one style for dates. */
export function workbook(
  sheets: Record<string, string>,
  more: Record<string, string> = {},
): Uint8Array {
  const names = Object.keys(sheets);
  const parts: Record<string, string> = workbookParts(names, more);
  names.forEach((name, i) => {
    parts[`xl/worksheets/sheet${i + 1}.xml`] = sheetXml(sheets[name]);
  });
  return zipSync(
    Object.fromEntries(Object.entries(parts).map(([path, xml]) => [path, strToU8(xml)])),
  );
}

export const textCell = (at: string, value: string) =>
  `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;

/**
 * A workbook of some hundred kilobytes whose part unpacks to `megabytes` of one piece repeated. Packed a block at a time, so that making
 * it takes little memory.
 */
export function workbookBomb(part: string, piece: string, megabytes: number): Uint8Array {
  const block = Buffer.from(piece.repeat(Math.ceil(1e6 / piece.length)));
  const opening = part.endsWith('sharedStrings.xml') ? '<sst>' : '<worksheet><sheetData>';
  // Deflate streams can be put one after the other where each ends on a full flush.
  const packedBlock = deflateRawSync(block, { finishFlush: constants.Z_FULL_FLUSH });
  const packed = Buffer.concat([
    deflateRawSync(opening, { finishFlush: constants.Z_FULL_FLUSH }),
    ...new Array<Buffer>(megabytes).fill(packedBlock),
    deflateRawSync(' '),
  ]);
  const size = opening.length + megabytes * block.length + 1;
  // A zip made of the small parts, and of one that is stored; its entry is then turned into the packed one.
  const small = workbookParts(['A']);
  const entries: Entry[] = Object.entries(small).map(([name, xml]) => {
    const raw = Buffer.from(xml);
    return [name, raw.length, raw, 0];
  });
  if (part !== 'xl/worksheets/sheet1.xml') {
    const xml = Buffer.from(sheetXml(`<row r="1">${textCell('A1', 'id')}</row>`));
    entries.push(['xl/worksheets/sheet1.xml', xml.length, xml, 0]);
  }
  entries.push([part, size, packed, 8]);
  return zipOf(entries);
}

/** Name, bytes unpacked, packed bytes, method. */
type Entry = [string, number, Buffer, number];

function zipOf(entries: readonly Entry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, unpacked, packed, method] of entries) {
    const header = (signature: number, size: number, at: number) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUInt32LE(signature);
      bytes.writeUInt16LE(20, at);
      bytes.writeUInt16LE(method, at + 4);
      bytes.writeUInt32LE(packed.length, at + 14);
      bytes.writeUInt32LE(unpacked, at + 18);
      bytes.writeUInt16LE(name.length, at + 22);
      return bytes;
    };
    const first = header(0x04034b50, 30, 4);
    const entry = header(0x02014b50, 46, 6);
    entry.writeUInt32LE(offset, 42);
    local.push(first, Buffer.from(name), packed);
    central.push(entry, Buffer.from(name));
    offset += first.length + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
