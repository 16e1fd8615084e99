import { fitsPattern } from '../../imaging/dicom/named-region.ts';
import type { Mask } from '../../imaging/volume.ts';
import { isNacreError } from '../../runtime/errors.ts';
import { sha256 } from '../../runtime/hash.ts';
import {
  type CatalogueRegions,
  type CatalogueSeries,
  type DicomCatalogue,
  withoutFile,
} from './catalogue.ts';
import {
  countPhases,
  type ReadCataloguedOptions,
  readCataloguedMask,
  readCataloguedVolume,
} from './read-catalogued.ts';
import { sequenceKind } from './sequence-kind.ts';
import { type PlannedScan, type SeriesPlan, undecided } from './series-file.ts';

export interface PlanOptions extends ReadCataloguedOptions {
  /** Names of regions that are tumours, `*` standing for any characters. Default: those that look like it. */
  roi?: readonly string[] | undefined;
  /** Adds a scan `<name>-sub` to each with a phase before contrast: their difference. Default false. */
  subtract?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** A region that may be the tumour of a series. */
interface MaskChoice {
  /** True where it refers to the series itself. */
  direct: boolean;
  regions: CatalogueRegions;
  region: { number: number; name: string };
  /** How it belongs to the series. */
  link: string;
}

interface Candidate {
  series: CatalogueSeries;
  scan: string;
  why: string;
  phases: number;
  masks: MaskChoice[];
}

/** Common names of tumours in contour sets, used without a pattern from the user. */
const tumourName = /gtv|tumou?r|lesion|mass|cancer|carcinoma|target|index|primary|^roi/i;

/**
 * Chooses, per patient and kind of scan, the series with a tumour drawn on it, in the earliest study that has the kind.
 * Ambiguous cases stay undecided, with their candidates: several series of one kind, regions that differ, a mask in a
 * later study alone.
 */
export async function planImport(
  catalogue: DicomCatalogue,
  options: PlanOptions = {},
): Promise<SeriesPlan> {
  const plan: SeriesPlan = { format: 'nacre-dicom-import-1', patients: {}, left: {} };
  const patients = [...new Set(catalogue.series.map(({ patient }) => patient))];
  for (const patient of patients) {
    const left: string[] = [];
    const seriesOfPatient = catalogue.series.filter((series) => series.patient === patient);
    const candidates = new Map<string, Candidate[]>();
    for (const series of seriesOfPatient) {
      options.signal?.throwIfAborted();
      const candidate = await candidateOf(series, seriesOfPatient, catalogue, options);
      if ('left' in candidate) left.push(`${title(series)}: ${candidate.left}`);
      else {
        const kind = candidates.get(candidate.scan) ?? [];
        candidates.set(candidate.scan, [...kind, candidate]);
      }
    }
    const scans: Record<string, PlannedScan> = {};
    for (const [scan, kind] of candidates) {
      const withMask = kind.filter(({ masks }) => masks.length > 0);
      if (withMask.length === 0) {
        for (const { series, why } of kind) {
          left.push(`${title(series)}: no contours or segmentation refer to it (${why})`);
        }
        continue;
      }
      const planned = await chooseAmong(scan, kind, withMask, options);
      scans[scan] = planned.scan;
      for (const { series, why } of planned.rest) left.push(`${title(series)}: ${why}`);
      const { subtract } = planned.scan;
      if (options.subtract === true && subtract === undefined) {
        const pre = beforeContrast(planned.chosen, seriesOfPatient);
        if (pre !== undefined) {
          scans[`${scan}-sub`] = {
            ...planned.scan,
            subtract: pre,
            why: `${scan} minus the volume before contrast, asked for`,
          };
        }
      }
    }
    if (Object.keys(scans).length > 0) plan.patients[patient] = scans;
    if (left.length > 0) (plan.left as Record<string, string[]>)[patient] = left;
  }
  return plan;
}

async function candidateOf(
  series: CatalogueSeries,
  seriesOfPatient: readonly CatalogueSeries[],
  catalogue: DicomCatalogue,
  options: PlanOptions,
): Promise<Candidate | { left: string }> {
  const masks = masksOf(series, seriesOfPatient, catalogue, options);
  let { phases } = series;
  if (phases === undefined) {
    const { problem } = series;
    const readable =
      problem?.code === 'ambiguous-slices' || (problem?.code === 'sheared' && options.deskew);
    if (!readable || masks.length === 0) {
      return { left: problem === undefined ? 'no volume' : `${problem.code}, ${problem.what}` };
    }
    try {
      // Copies of slices are distinguished from phases by their pixels.
      phases = await countPhases(series, options);
    } catch (error) {
      if (!isNacreError(error)) throw error;
      return { left: `${error.code}, ${withoutFile(error)}` };
    }
  }
  const { scan, why } = sequenceKind({ ...series, phases });
  if (scan === undefined) return { left: why };
  return { series, scan, why, phases, masks };
}

/** Regions that were drawn on the series, or on another T1 of the same study, frame of reference and grid: a phase of one dynamic scan. */
function masksOf(
  series: CatalogueSeries,
  seriesOfPatient: readonly CatalogueSeries[],
  { regions }: DicomCatalogue,
  { roi }: PlanOptions,
): MaskChoice[] {
  const referring = regions.filter(({ imageSeries }) => imageSeries.includes(series.id));
  const found = referring.map((one) => ({
    regions: one,
    link: 'refers to the series',
    direct: true,
  }));
  if (found.length === 0) {
    for (const one of regions) {
      const drawnOn = seriesOfPatient.find(
        (other) =>
          one.imageSeries.includes(other.id) &&
          sameGrid(other.source, series.source) &&
          [other, series].every(({ modality }) => modality === 'MR') &&
          [other, series].every((each) => /T1$/.test(sequenceKind(each).scan ?? '')),
      );
      if (drawnOn !== undefined) {
        const link = `was drawn on ${drawnOn.id}, which has the same grid`;
        found.push({ regions: one, link, direct: false });
      }
    }
  }
  return found.flatMap(({ regions: one, link, direct }) => {
    const fits =
      roi === undefined || roi.length === 0
        ? one.regions.length === 1
          ? one.regions
          : one.regions.filter(({ name }) => tumourName.test(name))
        : one.regions.filter(({ name }) => roi.some((pattern) => fitsPattern(name, pattern)));
    return fits.map((region) => ({ regions: one, region, link, direct }));
  });
}

function sameGrid(a: CatalogueSeries['source'], b: CatalogueSeries['source']): boolean {
  const close = (x: readonly number[] = [], y: readonly number[] = []) =>
    x.length === y.length && x.every((value, i) => Math.abs(value - y[i]) < 1e-3);
  const place = ({ slices }: CatalogueSeries['source']) => slices[0]?.frame.position;
  return (
    a.studyUid === b.studyUid &&
    a.header.frameOfReference !== undefined &&
    a.header.frameOfReference === b.header.frameOfReference &&
    close(a.orientation, b.orientation) &&
    close(a.matrix, b.matrix) &&
    close(a.spacing, b.spacing) &&
    close(place(a), place(b))
  );
}

interface Chosen {
  scan: PlannedScan;
  chosen: Candidate;
  rest: { series: CatalogueSeries; why: string }[];
}

async function chooseAmong(
  scan: string,
  all: readonly Candidate[],
  withMask: readonly Candidate[],
  options: PlanOptions,
): Promise<Chosen> {
  const first = Math.min(...all.map(({ series }) => series.day ?? 0));
  const inFirst = withMask.filter(({ series }) => (series.day ?? 0) === first);
  const drawnOn = inFirst.filter(({ masks }) => masks.some(({ direct }) => direct));
  // A region drawn on one phase of a dynamic scan belongs to all of them.
  const earliest = scan === 'ceT1' || drawnOn.length === 0 ? inFirst : drawnOn;
  const others = (chosen: Candidate, why: string) =>
    all.filter((one) => one !== chosen).map(({ series }) => ({ series, why }));
  if (earliest.length === 0) {
    const [later] = withMask;
    const why = `the first study has such a scan without a region; a later one${onDay(later.series)} has one`;
    return { ...open(withMask, why), chosen: later, rest: [] };
  }
  const [chosen, inTime] = inOrderOfTime(earliest);
  if (earliest.length > 1 && !(scan === 'ceT1' && inTime)) {
    const why = `${earliest.length} series of the first study are ${scan} and have a region`;
    return { ...open(earliest, why), chosen, rest: [] };
  }
  const rest = others(
    chosen,
    earliest.length > 1
      ? 'a later phase after contrast'
      : `another ${scan}, without a region or of a later study`,
  );
  const phase = phaseOf(chosen);
  const phaseWhy =
    phase === undefined
      ? earliest.length > 1
        ? `, first of ${earliest.length} series after contrast`
        : ''
      : `, phase ${phase} of ${chosen.phases}${scan === 'ceT1' ? ': the first after contrast, if phase 1 is before it' : ''}`;
  if (phase === undefined && chosen.phases > 1) {
    return {
      ...open([chosen], `${chosen.phases} volumes in the series: name the phase`),
      chosen,
      rest,
    };
  }
  const masks = await differentMasks(chosen, phase, options);
  if (masks.length > 1) {
    const why = `${masks.length} regions could be the tumour, and they differ`;
    return {
      ...open([{ ...chosen, masks: masks.map(({ choice }) => choice) }], why, phase, masks),
      chosen,
      rest,
    };
  }
  const [{ choice, same }] = masks;
  const equal = same > 0 ? `, ${same} more with the same voxels` : '';
  const why = `${chosen.why}${phaseWhy}; ${chosen.series.slices} slices; ${choice.regions.modality} ${choice.link}${equal}`;
  return {
    scan: {
      series: chosen.series.id,
      ...(phase === undefined ? {} : { phase }),
      mask: choice.regions.id,
      roi: choice.region.name || choice.region.number,
      why,
    },
    chosen,
    rest,
  };
}

function open(
  candidates: readonly Candidate[],
  why: string,
  phase?: number,
  masks?: readonly { choice: MaskChoice; voxels: string }[],
): { scan: PlannedScan } {
  return {
    scan: {
      series: undecided,
      mask: undecided,
      why,
      candidates: candidates.flatMap(({ series, masks: choices, phases, why: what }) =>
        choices.map((choice, i) => ({
          series: series.id,
          ...(phase === undefined ? {} : { phase }),
          mask: choice.regions.id,
          roi: choice.region.name || choice.region.number,
          what: `${what}${onDay(series)}, ${series.slices} slices${phases > 1 ? `, ${phases} phases` : ''}; ${choice.regions.modality}${choice.regions.description === '' ? '' : ` "${choice.regions.description}"`}${masks === undefined ? '' : `, ${masks[i].voxels}`}`,
        })),
      ),
    },
  };
}

/** The phase that is taken of a series with several: the first after contrast. */
function phaseOf({ phases, scan }: Candidate): number | undefined {
  return phases > 1 && scan === 'ceT1' ? 2 : undefined;
}

/** Series of one grid in the order of their acquisition; false where the times do not give it. */
function inOrderOfTime(candidates: readonly Candidate[]): [first: Candidate, inTime: boolean] {
  const seconds = ({ series: { source } }: Candidate) => {
    const { acquisition, content } = source.slices[0]?.frame ?? {};
    const moment = acquisition ?? content ?? source.header.seriesTime;
    return moment === undefined ? Number.NaN : (moment.day ?? 0) * 86_400 + moment.second;
  };
  const sorted = [...candidates].sort((a, b) => seconds(a) - seconds(b));
  const times = sorted.map(seconds);
  const known = times.every(Number.isFinite) && new Set(times).size === times.length;
  const grid = sorted.every(({ series }) => sameGrid(series.source, sorted[0].series.source));
  return [known ? sorted[0] : candidates[0], known && grid];
}

/** The volume before contrast: phase 1 of the series, else a T1 of the same grid without contrast. */
function beforeContrast(
  { series, phases, scan }: Candidate,
  seriesOfPatient: readonly CatalogueSeries[],
): PlannedScan['subtract'] {
  if (scan !== 'ceT1') return undefined;
  if (phases > 1) return { series: series.id, phase: 1 };
  const pre = seriesOfPatient.find(
    (other) => sequenceKind(other).scan === 'T1' && sameGrid(other.source, series.source),
  );
  return pre === undefined ? undefined : { series: pre.id };
}

/** The masks of a series that differ in a voxel, each with how many more are equal to it; read only where there are several. */
async function differentMasks(
  { series, masks }: Candidate,
  phase: number | undefined,
  options: PlanOptions,
): Promise<{ choice: MaskChoice; same: number; voxels: string }[]> {
  if (masks.length === 1) return [{ choice: masks[0], same: 0, voxels: '' }];
  const image = await readCataloguedVolume(series, phase, options);
  const byVoxels = new Map<string, { choice: MaskChoice; same: number; voxels: string }>();
  // Contours first: they are what a person drew.
  const sorted = [...masks].sort(
    (a, b) => Number(a.regions.modality === 'SEG') - Number(b.regions.modality === 'SEG'),
  );
  for (const choice of sorted) {
    let key: string;
    let voxels: string;
    try {
      const mask = await readCataloguedMask(image, choice.regions, choice.region.number);
      key = sha256(mask.data);
      voxels = `${insideOf(mask)} voxels`;
    } catch (error) {
      if (!isNacreError(error)) throw error;
      key = `${choice.regions.id} ${choice.region.number}`;
      voxels = `cannot be read (${error.code})`;
    }
    const known = byVoxels.get(key);
    if (known === undefined) byVoxels.set(key, { choice, same: 0, voxels });
    else known.same++;
  }
  return [...byVoxels.values()];
}

function insideOf({ data }: Mask): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) count++;
  return count;
}

function title({ id, modality, description, protocol, day, slices }: CatalogueSeries): string {
  return `${id} ${modality} "${description || protocol}"${onDay({ day })}, ${slices} slices`;
}

/** Nothing where the files give no date. */
function onDay({ day }: Pick<CatalogueSeries, 'day'>): string {
  return day === undefined ? '' : `, day ${day}`;
}
