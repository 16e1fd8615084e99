import type { FileSource } from '../file-source.ts';

/** True where the bytes hold the DICOM prefix at byte 128. */
export function isDicom(bytes: Uint8Array): boolean {
  if (bytes.length < 132) return false;
  return bytes[128] === 0x44 && bytes[129] === 0x49 && bytes[130] === 0x43 && bytes[131] === 0x4d;
}

/** True where a file holds the DICOM prefix. */
export function beginsLikeDicom(files: FileSource, path: string): boolean {
  const beginning = files.read(path, 132);
  return beginning.length === 132 && isDicom(beginning);
}
