import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { NacreError } from '../../runtime/errors.ts';
import { sha256OfFile } from '../../runtime/hash-file.ts';
import { brokenParquet } from '../../table/broken-parquet.ts';
import { parquetCodecs } from '../../table/parquet-codecs.ts';
import type { IdcArchive } from '../manifest-archives.ts';

/** Version 25 of IDC's index: `idc_index.parquet` of the PyPI package idc-index-data 25.0.5. */
export const idcIndex = {
  version: 25,
  package: 'idc-index-data==25.0.5',
  file: 'idc_index.parquet',
  bytes: 74_097_726,
  sha256: '559808236662799938cec1da99778164fd15bbf1f6ca8dea607f6ca791d7b54c',
} as const;

/** A series of the archive, as the index has it. */
export interface IdcSeries {
  collection: string;
  patient: string;
  modality: string;
  description: string;
  study: string;
  studyDate: string;
  series: string;
  /** Folder of its objects: s3://<bucket>/<uuid>/ */
  bucket: string;
  uuid: string;
  instances: number;
  bytes: number;
  licence: string;
  doi: string;
}

const columns = [
  'collection_id',
  'PatientID',
  'Modality',
  'SeriesDescription',
  'StudyInstanceUID',
  'StudyDate',
  'SeriesInstanceUID',
  'aws_bucket',
  'crdc_series_uuid',
  'instanceCount',
  'series_size_MB',
  'license_short_name',
  'source_DOI',
] as const;

type IndexRow = Record<(typeof columns)[number], unknown>;

/** A whole index with the series of the collections that were asked for. */
export interface IdcCollectionIndex {
  series: readonly IdcSeries[];
  sha256: string;
}

/**
 * Series of some collections from IDC's index. Memory: a million rows of 13 columns, about 1 GB for a moment.
 *
 * @throws NacreError `file-missing`, `bad-table`, `unknown-name` for a collection that the index lacks
 */
export async function readIdcIndex(
  file: string,
  collections: readonly string[],
): Promise<IdcCollectionIndex> {
  const wanted = new Set(collections);
  let rows: IndexRow[];
  try {
    const buffer = await asyncBufferFromFile(file);
    rows = (await parquetReadObjects({
      file: buffer,
      columns: [...columns],
      compressors: parquetCodecs,
    })) as IndexRow[];
  } catch (cause) {
    throw brokenParquet(file, cause);
  }
  const series = rows
    .filter((row) => wanted.has(String(row.collection_id)))
    .map((row) => seriesOf(row, file));
  const found = new Set(
    rows.flatMap(({ collection_id }) => (wanted.has(String(collection_id)) ? [collection_id] : [])),
  );
  for (const collection of collections) {
    if (found.has(collection)) continue;
    throw new NacreError('unknown-name', 'the index has no collection of that name', {
      file,
      found: collection,
      expected: 'a collection_id of the index of IDC',
      todo: `use the index that the rule was written for (pip download ${idcIndex.package})`,
    });
  }
  return { series, sha256: await sha256OfFile(file) };
}

function seriesOf(row: IndexRow, file: string): IdcSeries {
  const text = (name: keyof IndexRow) => String(row[name] ?? '');
  const one: IdcSeries = {
    collection: text('collection_id'),
    patient: text('PatientID'),
    modality: text('Modality'),
    description: text('SeriesDescription'),
    study: text('StudyInstanceUID'),
    studyDate: text('StudyDate'),
    series: text('SeriesInstanceUID'),
    bucket: text('aws_bucket'),
    uuid: text('crdc_series_uuid'),
    instances: Number(row.instanceCount),
    // The index gives Σ bytes / 1,000,000 without rounding.
    bytes: Math.round(Number(row.series_size_MB) * 1_000_000),
    licence: text('license_short_name'),
    doi: text('source_DOI'),
  };
  const sound =
    /^[0-9a-f-]{36}$/.test(one.uuid) &&
    /^[a-z0-9][a-z0-9.-]{2,62}$/.test(one.bucket) &&
    Number.isInteger(one.instances) &&
    one.instances > 0 &&
    one.bytes > 0;
  if (sound) return one;
  throw new NacreError('bad-table', 'the index has a series without an address or a size', {
    file,
    found: `${one.series || 'no SeriesInstanceUID'}: ${one.bucket}/${one.uuid}, ${one.instances} instances, ${one.bytes} bytes`,
    expected: 'aws_bucket, crdc_series_uuid, instanceCount, series_size_MB',
    todo: `use the index that the rule was written for (pip download ${idcIndex.package})`,
  });
}

/** The series of each patient that a rule finds, and who has several where one is wanted. */
export interface ChosenSeries {
  byPatient: ReadonlyMap<string, readonly IdcSeries[]>;
  /** Patients for whom the rule finds several series although it must find one. */
  ambiguous: ReadonlyMap<string, readonly IdcSeries[]>;
}

/** Applies the rule of an archive: modality, description, first study, one or several series. */
export function chooseSeries(all: readonly IdcSeries[], rule: IdcArchive): ChosenSeries {
  const { modality, description, study, several, patient } = rule;
  const described =
    description === undefined ? undefined : new RegExp(`^(?:${description})$`, 'iu');
  const named = new RegExp(`^(?:${patient.match})$`, 'u');
  const found = new Map<string, IdcSeries[]>();
  const firstDates = new Map<string, string>();
  for (const one of all) {
    if (one.collection !== rule.collection) continue;
    const group = named.exec(one.patient)?.[1];
    if (group === undefined) continue;
    const id = patient.as.replace('$1', () => group);
    const before = firstDates.get(id);
    if (before === undefined || one.studyDate < before) firstDates.set(id, one.studyDate);
    if (!modality.includes(one.modality)) continue;
    if (described !== undefined && !described.test(one.description)) continue;
    found.set(id, [...(found.get(id) ?? []), one]);
  }
  const byPatient = new Map<string, readonly IdcSeries[]>();
  const ambiguous = new Map<string, readonly IdcSeries[]>();
  for (const [id, series] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const first =
      study === 'first'
        ? firstDates.get(id)
        : study === 'first-with'
          ? series.reduce((a, b) => (b.studyDate < a.studyDate ? b : a)).studyDate
          : undefined;
    const kept = series
      .filter(({ studyDate }) => first === undefined || studyDate === first)
      .sort((a, b) => (a.series < b.series ? -1 : 1));
    if (kept.length === 0) continue;
    if (kept.length === 1 || several === 'all') byPatient.set(id, kept);
    else if (several === 'largest') byPatient.set(id, [largest(kept)]);
    else ambiguous.set(id, kept);
  }
  return { byPatient, ambiguous };
}

function largest(series: readonly IdcSeries[]): IdcSeries {
  return series.reduce((a, b) => (b.bytes > a.bytes ? b : a));
}
