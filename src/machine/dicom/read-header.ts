import type { DicomHeader } from '../../imaging/dicom/header.ts';
import { readHeaderFrom } from '../../imaging/dicom/read-header.ts';
import { diskFiles } from '../disk-files.ts';

/** Reads the header of a DICOM file (see `readHeaderFrom`). */
export function readDicomHeader(path: string): DicomHeader {
  return readHeaderFrom(diskFiles, path);
}
