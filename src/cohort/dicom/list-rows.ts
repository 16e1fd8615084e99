import type { DicomCatalogue } from './catalogue.ts';

/** A row of `nacre dicom list`: an image series, a contour set or a segmentation. */
export interface ListRow {
  patient: string;
  /** Days after the patient's first study. */
  day: number | null;
  series: string;
  number: number | null;
  modality: string;
  description: string;
  slices: number | null;
  matrix: string;
  spacing: string;
  phases: number | null;
  contrast: boolean | null;
  /** For an image: ids of the contour sets and segmentations that refer to it. For those: names of their regions. */
  regions: string;
  /** Ids of the series that a contour set or a segmentation refers to. */
  refersTo: string;
  note: string;
}

export const listColumns = [
  'patient',
  'day',
  'series',
  'number',
  'modality',
  'description',
  'slices',
  'matrix',
  'spacing',
  'phases',
  'contrast',
  'regions',
  'refersTo',
  'note',
] as const satisfies readonly (keyof ListRow)[];

/** The catalogue as rows: the series of each patient, then the regions drawn on them. */
export function listRows({ series, regions }: DicomCatalogue): ListRow[] {
  const rows: ListRow[] = series.map((one) => ({
    patient: one.patient,
    day: one.day ?? null,
    series: one.id,
    number: one.number ?? null,
    modality: one.modality,
    description: one.description || one.protocol,
    slices: one.slices,
    matrix: one.matrix.join('×'),
    spacing: one.spacing.map((mm) => (mm === undefined ? '?' : Number(mm.toFixed(3)))).join('×'),
    phases: one.phases ?? null,
    contrast: one.contrast,
    regions: regions
      .filter(({ imageSeries }) => imageSeries.includes(one.id))
      .map(({ id, modality }) => `${modality} ${id}`)
      .join(', '),
    refersTo: '',
    note: one.problem === undefined ? '' : `${one.problem.code}: ${one.problem.what}`,
  }));
  for (const one of regions) {
    rows.push({
      ...{ patient: one.patient, day: one.day ?? null, series: one.id, number: null },
      ...{ modality: one.modality, description: one.description, slices: null, matrix: '' },
      ...{ spacing: '', phases: null, contrast: null },
      regions: one.regions.map(({ number, name }) => name || String(number)).join(', '),
      refersTo: one.imageSeries.join(', '),
      note: one.imageSeries.length === 0 ? 'refers to no series that is here' : '',
    });
  }
  const order = new Map(rows.map((row, i) => [row, i]));
  return rows.sort((a, b) =>
    a.patient === b.patient
      ? (order.get(a) as number) - (order.get(b) as number)
      : a.patient < b.patient
        ? -1
        : 1,
  );
}
