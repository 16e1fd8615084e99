import { unzipSync, zipSync } from 'fflate';

/** Bytes that all parts of a workbook together may unpack to. */
const largestWorkbook = 400e6;

/**
 * An Excel file (a zip archive of XML) with its parts unpacked, for a reader that would unpack without a bound. The size that
 * each part declares is what it may unpack to: the buffers are made to it, and a part that holds more is cut there.
 *
 * @throws Error in words, for the caller who knows the file's name
 */
export function boundedWorkbook(bytes: Uint8Array): Buffer {
  let total = 0;
  const parts = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      total += originalSize;
      if (total > largestWorkbook) {
        throw new Error(`parts that unpack to more than ${largestWorkbook} bytes`);
      }
      return /\.(?:xml|rels)$/.test(name);
    },
  });
  return Buffer.from(zipSync(parts, { level: 0 }));
}
