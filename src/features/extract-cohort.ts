import { join } from 'node:path';
import type { Cohort, ScanFiles } from '../cohort/cohort.ts';
import { hashOfImage } from '../machine/read-volume.ts';
import { idleAssumption, settingsWithoutEffect } from '../radiomics/settings-without-effect.ts';
import { type Assumption, AssumptionLog } from '../runtime/assumptions.ts';
import { cacheFolder } from '../runtime/cache-folder.ts';
import { NacreError, unknownName } from '../runtime/errors.ts';
import { canonicalJson, sha256 as hashOfText } from '../runtime/hash.ts';
import type { Progress } from '../runtime/progress.ts';
import { defaultWorkers } from '../runtime/worker-pool.ts';
import { workerModule } from '../runtime/worker-thread.ts';
import { sweepParts } from '../runtime/write-whole.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import type { CaseFailure } from './case-failure.ts';
import type { Extraction, ExtractorName, RegionName } from './extraction.ts';
import { type ExtractionNetwork, extractionNetworks } from './extraction-networks.ts';
import { ExtractionPlan, type PlannedUnit } from './extraction-plan.ts';
import { type ExtractionTask, ScanExtractors } from './extraction-worker.ts';
import { extractorsOf, jointScan } from './extractor-choice.ts';
import { withoutPaths } from './hide-paths.ts';
import { emptyAssumption, emptyColumns } from './lost-features.ts';
import { type Redraw, redrawFailed, redrawsOf } from './perturbation.ts';
import type { Perturbation } from './perturbation-settings.ts';
import { runCases } from './run-cases.ts';
import { scanSettings } from './scan-settings.ts';
import { placed, RowsAhead, shownPath, UnitCache } from './unit-cache.ts';

export interface ExtractCohortOptions {
  /** Folder in which units, and random networks, are kept. Default: `$NACRE_CACHE`, else `.cache/nacre`. */
  cache?: string | undefined;
  /** Folder of the model store. Default: `$NACRE_MODELS`, else `models/`. */
  models?: string | undefined;
  /** Base folder of relative paths in the study (the user's weights). Default: the working folder. */
  folder?: string | undefined;
  /** Worker threads. Default: the machine's cores. No number depends on it. */
  workers?: number | undefined;
  /** Old-generation heap of a worker, MiB. Default: Node's own. A worker that needs more ends the run; what was done is kept. */
  heapMiB?: number | undefined;
  /** Redraws each outline as well, and measures it again. */
  perturb?: Perturbation | undefined;
  /** Makes the progress display, given how many units there are and how many the cache holds. */
  progress?: ((total: number, already: number) => Progress) | undefined;
  /** Aborting keeps all finished units; the same call resumes. */
  signal?: AbortSignal | undefined;
}

/** A scan, region or extractor that failed, with the reason; its patient is left out. */
export type ExtractionFailure = CaseFailure & { patient: string; scan: string };

/** A file that was read. */
export interface ExtractionInput {
  /** Folder and name; of a network its name. */
  file: string;
  sha256: string;
  patient?: string | undefined;
  scan?: string | undefined;
  role: 'image' | 'mask' | 'network';
}

/** Result of the extraction of a cohort. */
export interface ExtractedFeatures {
  /** Rows of every table, in the order of the cohort: those without a failure, less those that lack a scan where so ruled. */
  patients: readonly string[];
  /**
   * One table per extractor asked for; `block` of its columns is the extractor's name, `modality` the scan, `region` intra
   * or peri. Names: `ceT1.peri.original_glcm_Contrast`, `ceT1.intra.resnet34_127`; of a random network
   * `ceT1.intra.resnet34-random0_127`, so that the label goes wherever the column goes.
   */
  blocks: Readonly<Record<ExtractorName, FeatureTable>>;
  /** The same tables under each redraw of the outlines, in the order of the redraws; a redraw that failed is NaN. */
  redraws?: readonly Readonly<Record<ExtractorName, FeatureTable>>[] | undefined;
  failures: readonly ExtractionFailure[];
  /** Patients who lack scans, with the rule that was applied. */
  missingScans: readonly { patient: string; scans: readonly string[]; left: 'imputed' | 'out' }[];
  networks: readonly Omit<ExtractionNetwork, 'path' | 'assumptions'>[];
  /** Warnings of the preprocessing (a crop that was too large), one line per patient, scan and region. */
  warnings: readonly { patient: string; scan: string; region: RegionName; warning: string }[];
  /** Assumptions made in reading and measuring, sorted; also those of rows from the cache. */
  assumptions: readonly Assumption[];
  /** Every scan, mask and network that was read, with its SHA-256. */
  inputs: readonly ExtractionInput[];
  /** Units (patient × scan × region × extractor) computed now, and taken from the cache. */
  unitsComputed: number;
  unitsReused: number;
}

/** The part of a cohort that extraction needs; a few of its patients suffice. */
export type PatientsWithScans = Pick<
  Cohort,
  'id' | 'patients' | 'images' | 'hidesPaths' | 'maskThresholds'
>;

/** Result of an extraction before its tables are read from the cache. */
export type ExtractedUnits = Omit<ExtractedFeatures, 'blocks' | 'warnings' | 'redraws'>;

/**
 * Extracts a cohort: for each patient, scan and region all extractors asked for, on worker threads, a unit at a time
 * from the cache where inputs, settings, weights and code are those of an earlier run.
 *
 * A patient with a fault (an unreadable file, another grid, an empty mask) does not stop the others: see `failures`.
 *
 * @throws NacreError `unknown-name` (a scan the manifest lacks), `model-missing` (`weights: installed`), settings that are
 *   wrong, `no-patients` where no patient is left
 */
export async function extractCohort(
  cohort: PatientsWithScans,
  extraction: Extraction,
  options: ExtractCohortOptions = {},
): Promise<ExtractedFeatures> {
  sweepParts(cacheFolder(options.cache));
  const units = new RowsAhead(cacheOf(options));
  const { plan, keys, redrawKeys, done } = await fillCache(cohort, extraction, options, units);
  if (done.patients.length === 0) {
    throw new NacreError('no-patients', 'no patient of the cohort could be extracted', {
      found: done.failures[0]?.message ?? 'no scans',
      expected: 'at least one patient with readable scans and masks',
      todo: 'check the patterns under images in the manifest, or fetch the scans (nacre cohort fetch --scans)',
    });
  }
  const { found, ...tables } = plan.tables(done.patients, keys, units);
  const log = new AssumptionLog();
  log.noteAll([...done.assumptions, ...found]);
  const columns = Object.values(tables.blocks).flatMap((table) =>
    table.columns.map(({ name, block, modality, region, values }) => ({
      name,
      group: [modality, region, block].join(' '),
      values,
    })),
  );
  for (const sentence of emptyColumns(columns)) log.note(emptyAssumption(sentence));
  const redraws = redrawKeys.map(
    (keysOfRedraw) => plan.tables(done.patients, keysOfRedraw, units, { gaps: true }).blocks,
  );
  return {
    ...done,
    ...tables,
    ...(redraws.length > 0 && { redraws }),
    assumptions: log.list(),
  };
}

/**
 * Runs `extractCohort` without building its tables, for cluster jobs that share a cache: it leaves the rows in the cache,
 * under the keys that `extractCohort` looks up. A job whose patient fails still succeeds; see `failures`.
 *
 * @throws NacreError as `extractCohort`, without `no-patients`
 */
export async function extractUnits(
  cohort: PatientsWithScans,
  extraction: Extraction,
  options: ExtractCohortOptions = {},
): Promise<ExtractedUnits> {
  // The cache is not cleaned here: a walk through all of it would take most of each job's time.
  return (await fillCache(cohort, extraction, options, cacheOf(options))).done;
}

function cacheOf({ cache }: ExtractCohortOptions): UnitCache {
  return new UnitCache(join(cacheFolder(cache), 'units'));
}

/** @param units where rows are read: ahead for tables, otherwise only to see which are missing */
async function fillCache(
  cohort: PatientsWithScans,
  extraction: Extraction,
  options: ExtractCohortOptions,
  units: UnitCache | RowsAhead,
) {
  const { cache, models, workers = defaultWorkers(), heapMiB, perturb, progress, signal } = options;
  const scans = scansOf(cohort, extraction);
  const cached = cacheFolder(cache);
  const settings = scanSettings(cohort, extraction);
  const networks = await extractionNetworks(extraction, {
    cache: cached,
    models,
    workers,
    folder: options.folder,
  });
  const plan = new ExtractionPlan(extraction, { ...settings, networks });
  const inputs: ExtractionInput[] = networks.map(({ file, sha256 }) => ({
    file,
    sha256,
    role: 'network',
  }));
  const failures: ExtractionFailure[] = [];
  const missingScans: ExtractedFeatures['missingScans'][number][] = [];
  const tasks: ExtractionTask[] = [];
  /** The units of each task, as they were planned. */
  const unitsOfTasks: PlannedUnit[][] = [];
  const log = new AssumptionLog();
  for (const { assumptions = [] } of networks) log.noteAll(assumptions);
  if (extractorsOf(extraction.extractors).includes('radiomics')) {
    for (const [scan, setting] of Object.entries(settings.radiomics)) {
      for (const idle of settingsWithoutEffect(setting)) log.note(idleAssumption(idle, scan));
    }
  }
  /** Keys of all units by patient, scan and unit. */
  const keys = new Map<string, Map<string, PlannedUnit[]>>();
  /** The same of each redraw of the outlines. */
  const redrawKeys = Array.from(
    { length: perturb?.times ?? 0 },
    () => new Map<string, Map<string, PlannedUnit[]>>(),
  );
  let planned = 0;
  /** The outline as it is, then each redraw of it. */
  const drawsOf = (patient: string, scan: string): (Redraw | undefined)[] => [
    undefined,
    ...(perturb === undefined ? [] : redrawsOf(perturb, patient, scan)),
  ];
  for (const [row, patient] of cohort.patients.entries()) {
    const lacking = scans.filter(({ files }) => files[row] === undefined).map(({ scan }) => scan);
    if (lacking.length > 0) {
      const out = extraction.missingScan === 'drop' || lacking.length === scans.length;
      missingScans.push({ patient, scans: lacking, left: out ? 'out' : 'imputed' });
      if (out) continue;
    }
    const unitsByScan = new Map<string, PlannedUnit[]>();
    keys.set(patient, unitsByScan);
    for (const keysOfRedraw of redrawKeys) keysOfRedraw.set(patient, new Map());
    /** Units of a scan (or of several that are channels of one input) that the cache lacks become a task. */
    const planUnits = (all: PlannedUnit[], task: Omit<ExtractionTask, 'patient' | 'units'>) => {
      const { scan, image, mask, redraw } = task;
      const keysOfPatient =
        redraw === undefined ? unitsByScan : redrawKeys[redraw.index].get(patient);
      keysOfPatient?.set(scan, all);
      planned += all.length;
      const pending = all.filter(({ key, columns }) => {
        const row = units.read(key, columns);
        if (row !== undefined && redraw === undefined)
          log.noteAll(placed(row.assumptions, { patient, scan, image, mask }));
        return row === undefined;
      });
      if (pending.length === 0) return;
      unitsOfTasks.push(pending);
      const unitsOf = pending.map(({ region, extractor, key }) => ({ region, extractor, key }));
      tasks.push({ patient, ...task, units: unitsOf });
    };
    const read = new Map<string, { pair: ScanFiles; sha256: { image: string; mask: string } }>();
    for (const { scan, files } of scans) {
      const pair = files[row];
      if (pair === undefined) continue;
      try {
        const image = await inputOf(pair.image, { patient, scan, role: 'image' });
        const mask = await inputOf(pair.mask, { patient, scan, role: 'mask' });
        inputs.push(image, mask);
        const sha256 = { image: image.sha256, mask: mask.sha256 };
        read.set(scan, { pair, sha256 });
        for (const redraw of drawsOf(patient, scan)) {
          const all = plan.units(scan, sha256.image, sha256.mask, { redraw });
          if (all.length > 0) planUnits(all, { scan, ...pair, sha256, redraw });
        }
      } catch (error) {
        if (!(error instanceof NacreError)) throw error;
        failures.push({ patient, scan, code: error.code, message: error.message });
      }
    }
    for (const channels of plan.joints()) {
      const found = channels.flatMap((scan) => read.get(scan) ?? []);
      // Without one of its channels the whole input is missing.
      if (found.length < channels.length) continue;
      const scan = jointScan(channels);
      const [{ pair, sha256 }] = found;
      const images = hashOfText(canonicalJson(found.map((one) => one.sha256.image)));
      for (const redraw of drawsOf(patient, channels[0])) {
        planUnits(plan.units(scan, images, sha256.mask, { regionScan: channels[0], redraw }), {
          scan,
          ...pair,
          sha256,
          redraw,
          channels: found.map((one, c) => ({
            scan: channels[c],
            image: one.pair.image,
            sha256: one.sha256.image,
          })),
        });
      }
    }
    signal?.throwIfAborted();
  }

  const unitsComputed = tasks.reduce((sum, task) => sum + task.units.length, 0);
  const setup = plan.setup(join(cached, 'units'));
  const outcomes = await runCases<ExtractionTask>(
    tasks,
    {
      module: workerModule(import.meta.url, './extraction-worker'),
      setup,
      here: async () => {
        const extractors = await ScanExtractors.open(setup);
        return { work: extractors.extract.bind(extractors), dispose: () => extractors.dispose() };
      },
    },
    {
      ...{ workers, heapMiB, signal, progress },
      keep: (index) => {
        if (units instanceof UnitCache) return;
        for (const { key, columns } of unitsOfTasks[index]) units.read(key, columns);
      },
      unitsOf: (task) => task.units.length,
      finished: planned - unitsComputed,
    },
  );
  outcomes.forEach(({ assumptions, failures: failed }, i) => {
    const { patient, scan, redraw } = tasks[i];
    if (redraw !== undefined) {
      for (const failure of failed) log.note(redrawFailed(redraw, failure));
      return;
    }
    log.noteAll(assumptions);
    for (const failure of failed) failures.push({ ...failure, patient, scan });
  });

  // Files that cannot be read were found before the tasks began: all are sorted by the order of the cohort.
  const order = new Map(cohort.patients.map((patient, row) => [patient, row]));
  failures.sort((a, b) => (order.get(a.patient) as number) - (order.get(b.patient) as number));
  const faulty = new Set(failures.map(({ patient }) => patient));
  const done: ExtractedUnits = {
    patients: [...keys.keys()].filter((patient) => !faulty.has(patient)),
    failures,
    missingScans,
    assumptions: log.list(),
    networks: networks.map(({ path: _, assumptions: __, ...network }) => network),
    inputs,
    unitsComputed,
    unitsReused: planned - unitsComputed,
  };
  return { plan, keys, redrawKeys, done: cohort.hidesPaths ? withoutPaths(done) : done };
}

/** The scans asked for with the files of each patient. @throws NacreError `unknown-name` */
function scansOf({ id, images = {} }: PatientsWithScans, { scans }: Extraction) {
  return [...new Set(scans)].map((scan) => {
    if (Object.hasOwn(images, scan)) return { scan, files: images[scan] };
    throw unknownName(`the cohort ${id} has no scan of that name`, scan, Object.keys(images), {
      column: 'extraction.scans',
    });
  });
}

async function inputOf(
  path: string,
  source: { patient: string; scan: string; role: 'image' | 'mask' },
): Promise<ExtractionInput> {
  try {
    return { file: shownPath(path), sha256: await hashOfImage(path, source.role), ...source };
  } catch (cause) {
    if (!(cause instanceof NacreError) || cause.code !== 'file-missing') throw cause;
    throw new NacreError('file-missing', `cannot read the ${source.role} of ${source.scan}`, {
      patient: source.patient,
      file: path,
      found: cause.facts.found,
      expected: 'a readable file',
      todo: 'put it there, or leave the patient out',
      cause,
    });
  }
}
