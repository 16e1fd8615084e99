import type { PreprocessingChoice } from '../deep/preprocessing.ts';
import { type RegionChoice, regionNamed } from '../imaging/tumour-regions.ts';
import type { Mask, Volume } from '../imaging/volume.ts';
import { readRegions } from '../machine/read-regions.ts';
import { readImage } from '../machine/read-volume.ts';
import { CheckedExtractor } from '../radiomics/checked-extractor.ts';
import type { RadiomicsSettings } from '../radiomics/parameter-file.ts';
import { AssumptionLog, type NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { workerSetup } from '../runtime/worker-setup.ts';
import type { ExtractorName, RegionName } from './extraction.ts';
import type { ExtractionNetwork } from './extraction-networks.ts';
import { lostAssumption, lostFeatures } from './lost-features.ts';
import type { NetworkRegion, NetworkUnits } from './network-units.ts';
import { type Redraw, redrawn } from './perturbation.ts';
import { attempt, type CaseOutcome, type CaseTask, emptyOutcome } from './run-cases.ts';
import { placed, type UnitAssumption, UnitCache } from './unit-cache.ts';

/** Setup of every worker of an extraction. */
export interface ExtractionSetup {
  /** Folder of the unit cache. */
  units: string;
  /** How regions are drawn, by scan. */
  regions: Record<string, RegionChoice>;
  networks: ExtractionNetwork[];
  /** By scan. */
  radiomics: Record<string, RadiomicsSettings>;
  deep: Record<string, PreprocessingChoice>;
}

/** Task of a worker: one scan of one patient, with the units that the cache does not hold. */
export interface ExtractionTask extends CaseTask {
  patient: string;
  scan: string;
  /** SHA-256 of the files when the units' keys were computed. */
  sha256: { image: string; mask: string };
  units: { region: RegionName; extractor: ExtractorName; key: string }[];
  /** Scans that are channels of one input, the first of them `image`; undefined for one scan. */
  channels?: { scan: string; image: string; sha256: string }[] | undefined;
  /** The redraw to measure in place of the outline as it was read. */
  redraw?: Redraw | undefined;
}

let extractors: Promise<ScanExtractors> | undefined;

/** Worker thread of `extractCohort`: settings and networks come once with the thread, then a scan at a time. */
export default async function work(task: ExtractionTask): Promise<CaseOutcome> {
  extractors ??= ScanExtractors.open(workerSetup<ExtractionSetup>());
  return (await extractors).extract(task);
}

/** The extractors of one worker. What networks need is loaded where there are some. */
export class ScanExtractors {
  private readonly setup: ExtractionSetup;
  private readonly cache: UnitCache;
  private readonly radiomics = new Map<string, CheckedExtractor>();
  private readonly networks: NetworkUnits | undefined;

  private constructor(setup: ExtractionSetup, networks: NetworkUnits | undefined) {
    this.setup = setup;
    this.networks = networks;
    this.cache = new UnitCache(setup.units);
    for (const [scan, settings] of Object.entries(setup.radiomics)) {
      this.radiomics.set(scan, new CheckedExtractor(settings));
    }
  }

  static async open(setup: ExtractionSetup): Promise<ScanExtractors> {
    if (setup.networks.length === 0) return new ScanExtractors(setup, undefined);
    const { NetworkUnits } = await import('./network-units.ts');
    return new ScanExtractors(setup, await NetworkUnits.open(setup.networks));
  }

  /**
   * Reads a scan and its mask once and computes all units asked for. The rows go to the cache, with their assumptions; the
   * outcome has the assumptions of all units of the task, also of those that failed.
   */
  async extract(task: ExtractionTask): Promise<CaseOutcome> {
    const outcome = emptyOutcome();
    const { image, mask } = task;
    // An assumption on the scan belongs to each of its units, one on a region to each unit of that region.
    const ofScan = new AssumptionLog();
    const ofParts = new AssumptionLog();
    await attempt(outcome, task, {}, async () => {
      const read = await readRegions(
        { image, mask },
        {
          ...this.setup.regions[task.channels?.[0].scan ?? task.scan],
          sha256: task.sha256,
          note: ofScan.note,
        },
      );
      const scans = [read.scan, ...(await readChannels(task, ofScan.note))];
      const { volumes, regions } =
        task.redraw === undefined
          ? { volumes: scans, regions: read.regions }
          : redrawn(scans, read.regions, task.redraw, {
              ...this.setup.regions[task.channels?.[0].scan ?? task.scan],
              file: mask,
            });
      const [volume] = volumes;
      for (const region of new Set(task.units.map((unit) => unit.region))) {
        const ofRegion = new AssumptionLog();
        await attempt(outcome, task, { region }, async () => {
          const mask = regionNamed(regions, region);
          const units = task.units.filter((unit) => unit.region === region);
          const deep = this.setup.deep[task.channels?.[0].scan ?? task.scan];
          const seen: NetworkRegion = { volumes, mask, deep };
          for (const { extractor, key } of units) {
            const ofUnit = new AssumptionLog();
            const assumptions = () => unitAssumptions([ofScan, ofRegion, ofUnit], task);
            await attempt(outcome, task, { region, extractor }, async () => {
              if (extractor === 'radiomics') {
                const values = this.measure(task.scan, region, { volume, mask, note: ofUnit.note });
                this.cache.write(key, { values, warnings: [], assumptions: assumptions() });
                return;
              }
              const networks = this.networks as NetworkUnits;
              const row = await networks.encode(extractor, seen);
              this.cache.write(key, { ...row, assumptions: assumptions() });
            });
            ofParts.noteAll(ofUnit.list());
          }
        });
        ofParts.noteAll(ofRegion.list());
      }
    });
    return { ...outcome, assumptions: placed(unitAssumptions([ofScan, ofParts], task), task) };
  }

  /** Frees the networks' memory. */
  async dispose(): Promise<void> {
    await this.networks?.dispose();
  }

  private measure(
    scan: string,
    region: RegionName,
    { volume, mask, note }: { volume: Volume; mask: Mask; note: NoteAssumption },
  ): Float64Array {
    const extractor = this.radiomics.get(scan) as CheckedExtractor;
    const { features, reasons } = extractor.execute(volume, mask, { label: 1 });
    const names = extractor.featureColumns;
    const values = Float64Array.from(names, (name) => features[name]);
    const lost = lostFeatures(values, names, reasons);
    if (lost !== undefined) note(lostAssumption(region, lost));
    return values;
  }
}

/** The further channels of a task. @throws NacreError `file-changed`, of the readers */
async function readChannels({ channels = [] }: ExtractionTask, note: NoteAssumption) {
  const volumes: Volume[] = [];
  for (const { image, sha256 } of channels.slice(1)) {
    const read = await readImage(image, { note });
    if (read.sha256 !== sha256) {
      throw new NacreError('file-changed', 'the file changed during the run', {
        file: image,
        found: `sha256 ${read.sha256} when it was read`,
        expected: `sha256 ${sha256}, as when the run began`,
        todo: 'run it again when nothing writes to the file: finished results are kept',
      });
    }
    volumes.push(read.volume);
  }
  return volumes;
}

/** The assumptions of a unit as the cache keeps them: files by their role, nothing of the patient. */
function unitAssumptions(
  logs: readonly AssumptionLog[],
  { image, mask }: ExtractionTask,
): UnitAssumption[] {
  const all = new AssumptionLog();
  for (const log of logs) {
    for (const { patient: _, scan: __, file, ...rest } of log.list()) {
      all.note({ ...rest, file: file === image ? 'image' : file === mask ? 'mask' : undefined });
    }
  }
  return all.list() as UnitAssumption[];
}
