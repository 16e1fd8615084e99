import { parseDicomHeader } from '../../../src/imaging/dicom/header.ts';
import {
  type DicomVolumes,
  type ReadSeriesOptions,
  readImageSeries,
} from '../../../src/imaging/dicom/read-series.ts';
import { groupSeries } from '../../../src/imaging/dicom/series.ts';

/** Reads files made by code as one series. Their names are `made-0`, `made-1` and so on. */
export async function seriesOf(
  files: readonly Uint8Array[],
  options: Omit<ReadSeriesOptions, 'file' | 'readFile'> = {},
): Promise<DicomVolumes> {
  const byName = new Map(files.map((bytes, i) => [`made-${i}`, bytes]));
  const headers = [...byName].map(([name, bytes]) => parseDicomHeader(bytes, name));
  const { images } = groupSeries(headers);
  if (images.length !== 1) throw new Error(`${images.length} series`);
  const readFile = (name: string) => byName.get(name) as Uint8Array;
  return readImageSeries(images[0], { ...options, file: 'made-series', readFile });
}
