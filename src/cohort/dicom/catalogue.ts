import type { DicomHeader } from '../../imaging/dicom/header.ts';
import { groupSeries, type ImageSeries, type RegionSeries } from '../../imaging/dicom/series.ts';
import { type SeriesStack, stackOf } from '../../imaging/dicom/stack.ts';
import { NacreError } from '../../runtime/errors.ts';
import { sha256 } from '../../runtime/hash.ts';
import { pseudonymOf } from '../pseudonyms.ts';

/** A series of images of one patient. Outputs use the plain fields only; `source` never leaves memory. */
export interface CatalogueSeries {
  /** Name of the series in every output: eight hash digits of its UID, which they do not reveal. */
  id: string;
  patient: string;
  /** Days after the patient's first study; undefined where the files give no date. */
  day?: number | undefined;
  number?: number | undefined;
  modality: string;
  /** Description, protocol and sequence, without names and ids. */
  description: string;
  protocol: string;
  slices: number;
  /** Pixels along a row and along a column. */
  matrix: readonly [number, number];
  /** Millimetres between columns, rows and slices; of the slices undefined where they make no stack. */
  spacing: readonly (number | undefined)[];
  /** Volumes in the series; undefined where the headers do not give it. */
  phases?: number | undefined;
  contrast: boolean;
  /** Why it cannot become a volume, as far as the headers show. */
  problem?: { code: string; what: string } | undefined;
  source: ImageSeries;
}

/** A contour set (RTSTRUCT) or a segmentation (SEG). */
export interface CatalogueRegions {
  id: string;
  patient: string;
  day?: number | undefined;
  modality: 'RTSTRUCT' | 'SEG';
  description: string;
  regions: readonly { number: number; name: string }[];
  /** Ids of the image series in the catalogue that it refers to. */
  imageSeries: string[];
  source: RegionSeries;
}

export interface DicomCatalogue {
  /** By patient, day, series number. */
  series: CatalogueSeries[];
  regions: CatalogueRegions[];
  /** Patients whose files name no patient, or whose id is a name: they are numbered. */
  numbered: string[];
  /** Objects of other kinds: reports, presentation states. */
  others: number;
}

export interface CatalogueOptions {
  /** Key of the pseudonyms that stand for the patients. Default: their ids. */
  key?: Uint8Array | undefined;
}

/** Orders headers into patients, series and regions. Nothing but headers is looked at. */
export async function dicomCatalogue(
  headers: readonly DicomHeader[],
  { key }: CatalogueOptions = {},
): Promise<DicomCatalogue> {
  const { images, regions, others } = groupSeries(headers);
  const { nameOf, numbered } = patientNames(headers, key);
  const firstDay = new Map<string, number>();
  for (const header of headers) {
    if (header.studyDay === undefined) continue;
    const patient = nameOf(header);
    firstDay.set(patient, Math.min(firstDay.get(patient) ?? header.studyDay, header.studyDay));
  }
  const dayOf = (header: DicomHeader) =>
    header.studyDay === undefined
      ? undefined
      : header.studyDay - (firstDay.get(nameOf(header)) as number);
  const ids = new Map<string, string>();
  const series: CatalogueSeries[] = [];
  for (const source of images) {
    const { header, slices, matrix, spacing } = source;
    const stack = await stackIfAny(source);
    series.push({
      id: uniqueId(groupKey(source), ids),
      patient: nameOf(header),
      day: dayOf(header),
      number: header.seriesNumber,
      modality: header.modality,
      description: header.seriesDescription ?? '',
      protocol: [header.protocolName, header.sequenceName].filter(Boolean).join(' '),
      slices: slices.length,
      matrix,
      spacing: [spacing?.[0], spacing?.[1], 'phases' in stack ? stack.spacing : undefined],
      phases: 'phases' in stack ? stack.phases.length : undefined,
      contrast: header.contrast,
      problem: 'phases' in stack ? undefined : stack,
      source,
    });
  }
  const catalogued = regions.map(
    (source): CatalogueRegions => ({
      id: uniqueId(`${source.seriesUid} ${source.header.sopInstance}`, ids),
      patient: nameOf(source.header),
      day: dayOf(source.header),
      modality: source.kind === 'contours' ? 'RTSTRUCT' : 'SEG',
      description: source.header.seriesDescription ?? '',
      regions: source.header.regions.filter(
        ({ number, name }) => source.kind === 'contours' || number > 0 || !/background/i.test(name),
      ),
      imageSeries: referredSeries(source, series),
      source,
    }),
  );
  series.sort(
    (a, b) =>
      compareText(a.patient, b.patient) ||
      (a.day ?? 0) - (b.day ?? 0) ||
      (a.number ?? 0) - (b.number ?? 0) ||
      compareText(a.id, b.id),
  );
  catalogued.sort((a, b) => compareText(a.patient, b.patient) || compareText(a.id, b.id));
  return { series, regions: catalogued, numbered, others: others.length };
}

/** The stack of a series by its headers, or why it is none. */
export async function stackIfAny(
  source: ImageSeries,
): Promise<SeriesStack | { code: string; what: string }> {
  try {
    return await stackOf(source, { file: 'series' });
  } catch (error) {
    if (!(error instanceof NacreError)) throw error;
    return { code: error.code, what: withoutFile(error) };
  }
}

/** The error without file names, since these may contain names of patients. */
export function withoutFile({ facts, message, code }: NacreError): string {
  const parts = [
    facts.found && `found ${facts.found}`,
    facts.expected && `expected ${facts.expected}`,
  ];
  const shown = parts.filter(Boolean).join(', ');
  const plain = facts.file === 'series' ? message.replace('file series: ', '') : shown;
  return plain === '' ? code : plain;
}

/** How patients are called: by id or pseudonym; numbered where there is no id, or where the id is a name. */
function patientNames(headers: readonly DicomHeader[], key: Uint8Array | undefined) {
  const groupOf = ({ patientId, studyUid }: DicomHeader) => patientId || `study ${studyUid}`;
  const names = new Map<string, string>();
  const numbered: string[] = [];
  const unnamed = new Set<string>();
  const taken = new Set<string>();
  for (const header of headers) {
    const group = groupOf(header);
    if (key !== undefined && header.patientId !== '')
      names.set(group, pseudonymOf(header.patientId, key));
    else if (header.patientId === '' || header.patientIdIsName) unnamed.add(group);
    else if (!names.has(group)) {
      // The name of a folder: what no file name can hold is replaced.
      let name =
        header.patientId.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '') || 'patient';
      while (taken.has(name)) name += '_';
      taken.add(name);
      names.set(group, name);
    }
  }
  // Sorted by hash, so that the order reveals nothing about the patients.
  const sorted = [...unnamed].sort((a, b) => compareText(sha256(a), sha256(b)));
  for (const [i, group] of sorted.entries()) {
    let name = `patient-${String(i + 1).padStart(3, '0')}`;
    while (taken.has(name)) name += '_';
    names.set(group, name);
    numbered.push(name);
  }
  return { nameOf: (header: DicomHeader) => names.get(groupOf(header)) as string, numbered };
}

/** One series may hold several groups: a localiser in three planes, phases beside a plain volume. */
function groupKey({ seriesUid, orientation, matrix, spacing, slices }: ImageSeries): string {
  const rounded = orientation?.map((x) => x.toFixed(3)).join(' ');
  const timed = slices[0]?.frame.temporalPosition !== undefined;
  return [
    seriesUid,
    rounded,
    matrix.join('×'),
    spacing?.map((mm) => mm.toFixed(4)).join('×'),
    timed,
  ].join('|');
}

function uniqueId(key: string, ids: Map<string, string>): string {
  const hash = sha256(key);
  let length = 8;
  const taken = (id: string) => ids.has(id) && ids.get(id) !== key;
  while (taken(hash.slice(0, length))) length++;
  // Copies of one object have one key: they are numbered.
  let id = hash.slice(0, length);
  for (let i = 2; ids.has(id); i++) id = `${hash.slice(0, length)}-${i}`;
  ids.set(id, key);
  return id;
}

/** Ids of the series that a region refers to; of a series split into groups, the groups with most of the images. */
function referredSeries({ header }: RegionSeries, series: readonly CatalogueSeries[]): string[] {
  const instances = new Set(header.referencedInstances);
  return header.referencedSeries.flatMap((uid) => {
    const groups = series.filter(({ source }) => source.seriesUid === uid);
    const held = groups.map(
      ({ source }) =>
        new Set(
          source.slices
            .map((slice) => slice.header.sopInstance)
            .filter((instance) => instances.has(instance)),
        ).size,
    );
    const most = Math.max(0, ...held);
    const problem = groups.filter((group) => group.problem === undefined);
    if (most === 0) return (problem.length > 0 ? problem : groups).map(({ id }) => id);
    return groups.filter((_, i) => held[i] === most).map(({ id }) => id);
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
