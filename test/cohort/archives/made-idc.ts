import { join } from 'node:path';
import { writeColumns } from '../../../src/machine/parquet.ts';
import type { MadeServer } from './made-server.ts';

/** A series that the made archive has. */
export interface MadeSeries {
  collection?: string;
  patient: string;
  modality?: string;
  description: string;
  date?: string;
  /** Names and bytes of its objects. */
  objects: Record<string, Buffer>;
}

/** Address of the made bucket, for NACRE_IDC_ADDRESS. */
export const bucketPattern = (server: MadeServer) => `${server.origin}/{bucket}/`;

/**
 * Puts series onto a server that behaves like the public bucket of IDC (listing in pages of two, objects by key) and writes an index
 * of them with the columns of the real one. Gives the path of the index.
 */
export function publishSeries(
  server: MadeServer,
  folder: string,
  series: readonly MadeSeries[],
): string {
  const bucket = 'idc-open-data';
  const uuids = series.map((_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`);
  series.forEach(({ objects }, i) => {
    for (const [name, bytes] of Object.entries(objects)) {
      server.files.set(`${bucket}/${uuids[i]}/${name}`, bytes);
    }
  });
  const text = (name: string, of: (one: MadeSeries, i: number) => string) => ({
    name,
    type: 'STRING' as const,
    data: series.map(of),
  });
  const sizeOf = ({ objects }: MadeSeries) =>
    Object.values(objects).reduce((sum, bytes) => sum + bytes.length, 0);
  const index = join(folder, 'idc_index.parquet');
  writeColumns(index, [
    text('collection_id', ({ collection = 'made' }) => collection),
    text('PatientID', ({ patient }) => patient),
    text('Modality', ({ modality = 'MR' }) => modality),
    text('SeriesDescription', ({ description }) => description),
    text('StudyInstanceUID', ({ patient, date = '2000-01-01' }) => `1.2.${patient}.${date}`),
    text('StudyDate', ({ date = '2000-01-01' }) => date),
    text('SeriesInstanceUID', (_, i) => `1.2.3.${i}`),
    text('aws_bucket', () => bucket),
    text('crdc_series_uuid', (_, i) => uuids[i]),
    {
      name: 'instanceCount',
      type: 'INT32',
      data: series.map(({ objects }) => Object.keys(objects).length),
    },
    { name: 'series_size_MB', type: 'DOUBLE', data: series.map((one) => sizeOf(one) / 1e6) },
    text('license_short_name', () => 'CC BY 4.0'),
    text('source_DOI', () => '10.7937/made'),
  ]);
  const before = server.service;
  server.service = (request, body) => {
    const url = new URL(request.url ?? '/', server.origin);
    if (url.searchParams.get('list-type') !== '2') return before(request, body);
    return listing(server, url, bucket);
  };
  return index;
}

function listing(server: MadeServer, url: URL, bucket: string): string {
  const prefix = url.searchParams.get('prefix') ?? '';
  const from = Number(url.searchParams.get('continuation-token') ?? 0);
  const keys = [...server.files.keys()]
    .filter((key) => key.startsWith(`${bucket}/${prefix}`))
    .sort();
  const page = keys.slice(from, from + 2);
  const more = from + 2 < keys.length;
  const contents = page.map((key) => {
    const size = server.files.get(key)?.length;
    return `<Contents><Key>${key.slice(bucket.length + 1)}</Key><Size>${size}</Size></Contents>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>${bucket}</Name><IsTruncated>${more}</IsTruncated>${
    more ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : ''
  }${contents.join('')}</ListBucketResult>`;
}
