import { onnxruntimeVersion } from '../deep/onnxruntime.ts';
import { regionNames } from '../imaging/tumour-regions.ts';
import { RadiomicsExtractor } from '../radiomics/extractor.ts';
import type { Assumption } from '../runtime/assumptions.ts';
import { codeHash } from '../runtime/code-hash.ts';
import { NacreError } from '../runtime/errors.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import { type FeatureColumn, type FeatureTable, featureTable } from '../table/feature-table.ts';
import type { Extraction, RegionName } from './extraction.ts';
import { type ExtractionNetwork, networkColumns } from './extraction-networks.ts';
import type { ExtractionSetup } from './extraction-worker.ts';
import { channelScans, type ExtractorName, extractorsOf, jointScan } from './extractor-choice.ts';
import type { Redraw } from './perturbation.ts';
import type { RowsAhead } from './unit-cache.ts';

/** One unit: one region of one scan of one patient, by one extractor. */
export interface PlannedUnit {
  region: RegionName;
  extractor: ExtractorName;
  /** Hash of all that decides its row: the bytes of scan and mask, settings, weights, code. Neither patient nor scan name. */
  key: string;
  /** Number of values in its row. */
  columns: number;
}

/** Computed once per process, since the loaded code runs even if its files change. */
const codeOf: { radiomics?: string; deep?: string; redraw?: string } = {};
const sharedCode = ['features/extraction-worker', 'imaging'];

function radiomicsCode(): string {
  codeOf.radiomics ??= codeHash([...sharedCode, 'radiomics', 'features/lost-features']);
  return codeOf.radiomics;
}

function deepCode(): string {
  const code = () => codeHash([...sharedCode, 'features/network-units', 'deep']);
  codeOf.deep ??= `${code()} onnxruntime ${onnxruntimeVersion()}`;
  return codeOf.deep;
}

/** The redraws of an outline; `imaging` is part of every unit's code already. */
function redrawCode(): string {
  codeOf.redraw ??= codeHash(['features/perturbation', 'runtime/random-stream']);
  return codeOf.redraw;
}

type PlanParts = Pick<ExtractionSetup, 'regions' | 'radiomics' | 'deep' | 'networks'>;

/** The units that an extraction computes for every scan, and their columns in the tables. */
export class ExtractionPlan {
  private readonly extraction: Extraction;
  private readonly parts: PlanParts;
  /** By scan and extractor: settings that determine a row besides files and region, and the names of its values. */
  private readonly recipes = new Map<string, { recipe: object; names: readonly string[] }>();

  constructor(extraction: Extraction, parts: PlanParts) {
    this.extraction = extraction;
    this.parts = parts;
    const byName = new Map<ExtractorName, ExtractionNetwork>(
      parts.networks.map((network) => [network.extractor, network]),
    );
    for (const extractor of extractorsOf(extraction.extractors)) {
      for (const scan of this.scansOf(extractor)) {
        const network = byName.get(extractor);
        const at = `${scan} ${extractor}`;
        if (network === undefined) {
          const settings = parts.radiomics[scan];
          const names = new RadiomicsExtractor(settings).featureColumns;
          this.recipes.set(at, { recipe: { settings, code: radiomicsCode() }, names });
        } else {
          const { checkpoint, sha256: weights } = network;
          const recipe = {
            settings: parts.deep[scan],
            weights,
            code: deepCode(),
            ...(checkpoint && { checkpoint }),
          };
          this.recipes.set(at, { recipe, names: networkColumns(network) });
        }
      }
    }
  }

  /** Setup of the workers. */
  setup(units: string): ExtractionSetup {
    return { units, ...this.parts };
  }

  /** Scans, or several of them as one, whose tables an extractor fills. */
  private scansOf(extractor: ExtractorName): readonly string[] {
    const channels = channelScans(this.extraction.extractors, extractor);
    return channels === undefined ? this.extraction.scans : [jointScan(channels)];
  }

  /** Scans that extractors take as channels of one input, each list once. */
  joints(): (readonly string[])[] {
    const { extractors } = this.extraction;
    const lists = extractorsOf(extractors).flatMap((name) => {
      const channels = channelScans(extractors, name);
      return channels === undefined ? [] : [channels];
    });
    return [...new Map(lists.map((channels) => [jointScan(channels), channels])).values()];
  }

  /**
   * The units of one scan of one patient, or of several that are channels of one input.
   *
   * @param image hash of the scan; of several, of the list of their hashes
   * @param regionScan scan whose settings draw the regions. Default: `scan`
   * @param redraw the outline is redrawn before it is measured
   */
  units(
    scan: string,
    image: string,
    mask: string,
    { regionScan = scan, redraw }: { regionScan?: string; redraw?: Redraw | undefined } = {},
  ): PlannedUnit[] {
    const { regions } = this.extraction;
    const extractors = extractorsOf(this.extraction.extractors).filter((name) =>
      this.scansOf(name).includes(scan),
    );
    const { ringMm, ringWithin, ...tumour } = this.parts.regions[regionScan];
    return regions.flatMap((region) =>
      extractors.map((extractor) => {
        const { recipe, names } = this.recipeOf(scan, extractor);
        const where = region === 'intra' ? { region } : { region, ringMm, ringWithin };
        const again = redraw && { redraw, code: redrawCode() };
        const key = sha256(
          canonicalJson({ image, mask, tumour, where, extractor, recipe, ...again }),
        );
        return { region, extractor, key, columns: names.length };
      }),
    );
  }

  /**
   * One table per extractor from the rows of the cache; a scan that a patient lacks is NaN in all its columns.
   *
   * @param gaps units that the cache lacks are NaN too: redraws that failed
   */
  tables(
    patients: readonly string[],
    keys: ReadonlyMap<string, ReadonlyMap<string, readonly PlannedUnit[]>>,
    units: RowsAhead,
    { gaps = false }: { gaps?: boolean } = {},
  ) {
    const blocks: Record<ExtractorName, FeatureTable> = {};
    const warnings = new Map<
      string,
      { patient: string; scan: string; region: RegionName; warning: string }
    >();
    for (const extractor of extractorsOf(this.extraction.extractors)) {
      const columns: FeatureColumn[] = [];
      for (const scan of this.scansOf(extractor)) {
        for (const region of this.extraction.regions) {
          const group = this.recipeOf(scan, extractor).names.map((name): FeatureColumn => {
            const values = new Float64Array(patients.length).fill(Number.NaN);
            return {
              name: `${scan}.${region}.${name}`,
              block: extractor,
              modality: scan,
              region,
              values,
            };
          });
          patients.forEach((patient, row) => {
            const unit = keys
              .get(patient)
              ?.get(scan)
              ?.find((one) => one.region === region && one.extractor === extractor);
            if (unit === undefined) return;
            const found = units.take(unit.key, group.length);
            if (found === undefined && gaps) return;
            if (found === undefined) throw lost(patient, scan, region, extractor);
            for (let c = 0; c < group.length; c++) group[c].values[row] = found.values[c];
            // The networks of a region share their crop, and with it its warnings.
            for (const warning of found.warnings) {
              warnings.set(`${patient} ${scan} ${region} ${warning}`, {
                patient,
                scan,
                region,
                warning,
              });
            }
          });
          columns.push(...group);
        }
      }
      blocks[extractor] = featureTable(patients, columns);
    }
    const found = extractorsOf(this.extraction.extractors).flatMap((extractor) =>
      this.scansOf(extractor).flatMap((scan) => {
        const columns = blocks[extractor].columns.filter(({ modality }) => modality === scan);
        const { names } = this.recipeOf(scan, extractor);
        return noteSameRegions(scan, extractor, patients, names.length, columns);
      }),
    );
    return { blocks, warnings: [...warnings.values()], found };
  }

  private recipeOf(scan: string, extractor: ExtractorName) {
    return this.recipes.get(`${scan} ${extractor}`) as { recipe: object; names: readonly string[] };
  }
}

/** Patients of whom two regions have the same features in every column: the second region is a copy of the first. */
function noteSameRegions(
  scan: string,
  extractor: ExtractorName,
  patients: readonly string[],
  width: number,
  columns: readonly FeatureColumn[],
): Assumption[] {
  const [intra, peri] = regionNames.map((region) =>
    columns.filter((column) => column.region === region),
  );
  if (intra.length !== width || peri.length !== width) return [];
  return patients.flatMap((patient, row) => {
    const same = intra.every(({ values }, at) => Object.is(values[row], peri[at].values[row]));
    if (!same || intra.every(({ values }) => Number.isNaN(values[row]))) return [];
    return [
      {
        kind: 'regions-same',
        level: 'warning' as const,
        patient,
        scan,
        found: `intratumoral and peritumoral features of ${extractor} are equal in ${width} of ${width} columns`,
        taken: 'both, so that each feature stands twice',
        why: 'the crop holds both regions and hides neither: take region: masked in extraction.deep, or one region',
      },
    ];
  });
}

function lost(patient: string, scan: string, region: string, extractor: string): NacreError {
  return new NacreError('unit-lost', 'a row disappeared from the cache during the run', {
    patient,
    found: `no row of ${scan}, ${region}, ${extractor}`,
    expected: 'a cache that no other process clears during the run',
    todo: 'run it again: what is missing is computed anew',
  });
}
