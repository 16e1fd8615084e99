import { z } from 'zod';
import { type PreprocessingChoice, preprocessingChoiceSchema } from '../deep/preprocessing.ts';
import { type RegionChoice, regionNames } from '../imaging/tumour-regions.ts';
import { type ParameterFile, parameterGroups } from '../radiomics/parameter-file.ts';
import { isListedOnce, listedOnce } from '../runtime/listed-once.ts';
import { parseWithSchema } from '../runtime/parse-with-schema.ts';
import { requirePackages } from '../runtime/require-packages.ts';
import { asWritten } from '../runtime/schema-fault.ts';
import { extractorNames, extractorsOf, extractorsSchema } from './extractor-choice.ts';

export { type RegionName, regionNames } from '../imaging/tumour-regions.ts';
export { type BuiltInExtractor, type ExtractorName, extractorNames } from './extractor-choice.ts';

/** Checked as they are written, and completed with defaults where they are used: `radiomicsSettings`, `preprocessing`. */
const radiomicsGroups = asWritten(parameterGroups);
const deepChoice = asWritten(preprocessingChoiceSchema);

/** The group `extraction` of a study file: how scans become feature tables, one per extractor. */
export const extractionSchema = z.strictObject({
  /** Modalities of the manifest's `images`, in the order in which their columns stand. */
  scans: z.array(z.string().min(1)).min(1).refine(isListedOnce, listedOnce),
  /** `intra`: the tumour; `peri`: the ring around it. */
  regions: z
    .array(z.enum(regionNames))
    .min(1)
    .refine(isListedOnce, listedOnce)
    .default([...regionNames]),
  /**
   * A list of built-in ones, or a map from names to what they are: `{ radiomics: {}, resnet34: {}, tuned: { checkpoint:
   * tuned.pth, sha256: … } }`. Weights that are not the published ones carry a label in columns, tables and figures.
   */
  extractors: extractorsSchema.default([...extractorNames]),
  /** Width of the ring, mm. */
  ringMm: z.number().gt(0).max(100).default(5),
  /** `body` cuts the ring at the skin (`imaging/body.ts`), `scan` at the edge of the scan only. */
  ringWithin: z.enum(['body', 'scan']).default('body'),
  /** Value of the tumour in the masks. */
  label: z.int().min(1).default(1),
  /**
   * For masks of probabilities or shares: the tumour is every voxel of at least this value. Absent: masks hold labels.
   * `maskThreshold` under `images` of the manifest does the same for one modality.
   */
  maskThreshold: z.number().gt(0).optional(),
  /** Resample a mask on another grid onto its scan, nearest neighbour. Absent: a mask on another grid is refused. */
  resampleMask: z.boolean().optional(),
  /**
   * A patient without one of the scans. `impute`: stays, its columns of that scan are missing and the pipeline's imputer
   * fills them from training rows; `drop`: is left out. A patient without any of the scans is always left out.
   */
  missingScan: z.enum(['impute', 'drop']).default('impute'),
  /**
   * `random-where-missing`: a network whose MedicalNet checkpoint is not in the model store gets seeded random weights,
   * which columns, notices and report name; `installed`: such a network is refused; `random`: random whatever is installed.
   */
  weights: z.enum(['random-where-missing', 'installed', 'random']).default('random-where-missing'),
  /** Seed of random weights. */
  weightsSeed: z.int().min(0).default(0),
  /** As in a PyRadiomics parameter file: `imageType`, `featureClass`, `setting`. */
  radiomics: radiomicsGroups.default({}),
  /** As `preprocessing` takes it: `preset`, `size`, `spacing` and so on. */
  deep: deepChoice.default({}),
  /** By modality, laid over the two above: `setting` key by key, all other groups whole. */
  byScan: z
    .record(
      z.string(),
      z.strictObject({
        radiomics: radiomicsGroups.default({}),
        deep: deepChoice.default({}),
        maskThreshold: z.number().gt(0).optional(),
      }),
    )
    .default({}),
});

export type Extraction = z.output<typeof extractionSchema>;
export type ExtractionChoice = z.input<typeof extractionSchema>;

/**
 * Completed with the defaults.
 * @throws NacreError `unknown-key`, `bad-config`
 */
export function extraction(choice: ExtractionChoice): Extraction {
  return parseWithSchema(extractionSchema, choice, 'the extraction');
}

/** How the regions of one scan are drawn. `maskThresholds`: those of the manifest, by scan; the study's own win. */
export function regionsOf(
  { label, maskThreshold, resampleMask, ringMm, ringWithin, byScan }: Extraction,
  scan: string,
  maskThresholds: Readonly<Record<string, number>> = {},
): RegionChoice {
  const threshold = byScan[scan]?.maskThreshold ?? maskThreshold ?? maskThresholds[scan];
  return { label, maskThreshold: threshold, resampleMask, ringMm, ringWithin };
}

/** The extraction with the thresholds of a manifest written into it, for a recipe that travels without the manifest. */
export function withMaskThresholds(
  extraction: Extraction,
  maskThresholds: Readonly<Record<string, number>> = {},
): Extraction {
  const byScan = { ...extraction.byScan };
  for (const scan of extraction.scans) {
    if (maskThresholds[scan] === undefined) continue;
    const { maskThreshold } = regionsOf(extraction, scan, maskThresholds);
    byScan[scan] = { ...(byScan[scan] ?? { radiomics: {}, deep: {} }), maskThreshold };
  }
  return { ...extraction, byScan };
}

/** Settings of the handcrafted features for one scan. */
export function radiomicsOf({ radiomics, byScan }: Extraction, scan: string): ParameterFile {
  const scanSettings = byScan[scan]?.radiomics ?? {};
  const setting = { ...radiomics.setting, ...scanSettings.setting };
  return { ...radiomics, ...scanSettings, setting } as ParameterFile;
}

/** Preprocessing of the networks' input for one scan. */
export function deepOf({ deep, byScan }: Extraction, scan: string): PreprocessingChoice {
  return { ...deep, ...byScan[scan]?.deep };
}

/**
 * Asked before scans are made or fetched, which can take long.
 *
 * @throws NacreError `package-missing` where networks are among the extractors and nothing installed can run them
 */
export function requireNetworkPackage(
  extraction: Pick<Extraction, 'extractors'> | undefined,
): void {
  const names = extraction === undefined ? [] : extractorsOf(extraction.extractors);
  if (names.some((name) => name !== 'radiomics')) {
    requirePackages('onnxruntime-node');
  }
}
