import '../machine/xgboost/provide-native.ts';
import type { Cohort } from '../cohort/cohort.ts';
import { columnStem } from '../cohort/feature-block.ts';
import { hashOfPatients } from '../evaluation/partitions.ts';
import type { ExtractedFeatures } from '../features/extract-cohort.ts';
import { withMaskThresholds } from '../features/extraction.ts';
import { type Extractors, scansBehind } from '../features/extractor-choice.ts';
import { Pipeline } from '../learning/pipeline.ts';
import type { PipelineConfig } from '../learning/pipeline-config.ts';
import { portablePipeline } from '../learning/portable-pipeline.ts';
import { splitRows } from '../learning/rows.ts';
import { readVolume } from '../machine/read-volume.ts';
import { unknownName } from '../runtime/errors.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import type { Progress } from '../runtime/progress.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { nacreVersion } from '../runtime/version.ts';
import { defaultWorkers } from '../runtime/worker-pool.ts';
import type { FeatureColumn, FeatureTable } from '../table/feature-table.ts';
import { configHash, pipelineOfSet, type StudyConfig, setIds } from './config.ts';
import { siteColumn } from './design-columns.ts';
import { evaluateStudy, planStudy } from './evaluate-study.ts';
import { clinicalBlock, namedPart } from './feature-sets.ts';
import type { TrainedModel } from './model-file.ts';
import { labelledTable } from './open-study.ts';
import { gitState } from './provenance.ts';

export interface TrainModelOptions {
  /** Id of the endpoint. */
  endpoint: string;
  /** Id of the feature set. */
  featureSet: string;
  /** Result of the extraction by `prepareCohort`; its networks become part of the recipe. */
  extracted?: ExtractedFeatures | undefined;
  workers?: number | undefined;
  progress?: ((total: number, already: number) => Progress) | undefined;
  signal?: AbortSignal | undefined;
}

const intendedUse =
  'For research only. Not a medical device: no decision about a patient may rest on it.';

/**
 * The final model of a study: the pipeline fitted on all labelled patients. Its performance is that of the study's
 * partitions, each fitted without its test patients; the model itself is never measured on the patients it learned from.
 *
 * @throws NacreError `unknown-name` for an endpoint or set that the study lacks, and what `planStudy` and `evaluateStudy` throw
 */
export async function trainModel(
  config: StudyConfig,
  cohort: Cohort,
  options: TrainModelOptions,
): Promise<TrainedModel> {
  const { endpoint: endpointId, featureSet, extracted } = options;
  const endpoint = namedPart(cohort.endpoints, endpointId, 'endpoint', cohort);
  if (!setIds(config).includes(featureSet)) {
    throw unknownName('the study has no feature set of that name', featureSet, setIds(config));
  }
  const set = await performanceOf(config, cohort, options);
  const { table, labels, sites, redraws } = labelledTable(
    { config, cohort },
    endpointId,
    featureSet,
  );
  const every = table.patients.map((_, row) => row);
  const everybody = { index: 0, seed: config.seed, train: every, test: [] };
  const { train } = splitRows(table, labels, everybody, { sites, redraws });
  const stream = RandomStream.of(config.seed, 'train', endpointId, featureSet);
  const fitted = await new Pipeline(withSiteColumn(pipelineOfSet(config, featureSet), cohort)).fit(
    train,
    stream,
  );
  const kept = fitted.columns.map(
    (name) => table.columns.find((column) => column.name === name) as FeatureColumn,
  );
  const { gitCommit } = gitState();
  const networks = (extracted?.networks ?? []).filter(({ extractor }) =>
    kept.some(({ block }) => block === extractor),
  );
  return {
    format: 'nacre-model-1',
    card: {
      title: `${endpoint.title}: ${set.title}`,
      intendedUse,
      synthetic: cohort.synthetic,
      warnings: [
        ...(cohort.synthetic
          ? ['SYNTHETIC patients, made by code: what it predicts says nothing about cancer.']
          : []),
        ...(networks.some(({ randomSeed }) => randomSeed !== undefined)
          ? ['RANDOM network weights: its deep features are random projections of the images.']
          : []),
        ...cohort.notices,
        ...(cohort.assumptions ?? [])
          .filter(
            ({ level, patient, kind, found }) =>
              level === 'warning' &&
              patient === undefined &&
              kind !== 'random-weights' &&
              !cohort.notices.includes(found),
          )
          .map(({ found, taken }) => `${found}; ${taken}`),
      ],
      cohort: {
        id: cohort.id,
        title: cohort.title,
        citation: cohort.citation,
        licence: cohort.licence,
        ...(cohort.only === undefined
          ? {}
          : { only: { ...cohort.only, values: [...cohort.only.values] } }),
      },
      patients: set.patients,
      positives: set.positives,
      leftOut: cohort.excluded.length,
      performance: {
        partitions: config.partitions,
        testShare: config.testShare,
        metrics: set.summary,
      },
    },
    endpoint: {
      id: endpointId,
      title: endpoint.title,
      positiveName: endpoint.positiveName,
      negativeName: endpoint.negativeName,
    },
    featureSet: { id: set.id, title: set.title, candidates: set.candidates },
    recipe: {
      extraction: config.extraction && withMaskThresholds(config.extraction, cohort.maskThresholds),
      networks: networks.map(
        ({ extractor, sha256: hash, randomSeed, label, checkpoint, onnx }) => ({
          extractor,
          sha256: hash,
          ...((checkpoint ?? onnx) && { label }),
          ...(randomSeed === undefined ? {} : { randomSeed }),
        }),
      ),
      scans:
        config.extraction === undefined
          ? {}
          : await spacingsOf(cohort, kept, config.extraction.extractors),
      features: featuresOf(kept),
      clinical: clinicalOf(table, kept, cohort.clinicalCodes ?? {}),
    },
    pipeline: portablePipeline(fitted),
    settings: { ...pipelineOfSet(config, featureSet) },
    booster: fitted.booster,
    ...(fitted.logistic === undefined ? {} : { logistic: fitted.logistic }),
    provenance: {
      nacre: nacreVersion(),
      node: process.version,
      ...(gitCommit === undefined ? {} : { gitCommit }),
      study: config.id,
      configSha256: configHash(config),
      seed: config.seed,
      patientsSha256: hashOfPatients(table.patients),
      inputsSha256: sha256(canonicalJson(cohort.inputs)),
      inputs: cohort.inputs.length,
    },
  };
}

/** The set's results over the partitions: units, and therefore numbers, are those of the whole study. */
async function performanceOf(
  config: StudyConfig,
  cohort: Cohort,
  { endpoint, featureSet, workers = defaultWorkers(), progress, signal }: TrainModelOptions,
) {
  const { comparison: _, sets, ...rest } = config;
  const singleSetConfig: StudyConfig = {
    ...rest,
    endpoints: [endpoint],
    featureSets: config.featureSets.filter(({ id }) => id === featureSet),
    ...(sets?.[featureSet] === undefined ? {} : { sets: { [featureSet]: sets[featureSet] } }),
    audit: { permutations: 0 },
    learningCurve: undefined,
    published: {},
  };
  const plan = await planStudy(singleSetConfig, cohort);
  const { results } = await evaluateStudy(plan, { workers, progress, signal });
  return results.endpoints[0].featureSets[0];
}

/** Voxel spacings of the scans that the final features come from. */
async function spacingsOf(
  cohort: Cohort,
  kept: readonly FeatureColumn[],
  extractors: Extractors,
): Promise<TrainedModel['recipe']['scans']> {
  const scans: TrainedModel['recipe']['scans'] = {};
  const named = kept.flatMap(({ modality }) => modality ?? []);
  for (const scan of new Set(named.flatMap((modality) => scansBehind(extractors, modality)))) {
    const files = (cohort.images?.[scan] ?? []).flatMap((pair) => pair ?? []);
    const spacings: number[][] = [];
    for (const { image } of files) spacings.push(finestFirst((await readVolume(image)).spacing));
    const along = (axis: number) => ({
      low: Math.min(...spacings.map((spacing) => spacing[axis])),
      high: Math.max(...spacings.map((spacing) => spacing[axis])),
    });
    scans[scan] = { patients: files.length, spacing: [along(0), along(1), along(2)] };
  }
  return scans;
}

/** Scans have slices along different axes, so spacings are compared from finest to coarsest, not by axis. */
export function finestFirst(spacing: readonly number[]): number[] {
  return [...spacing].sort((a, b) => a - b);
}

/** Training ranges of the final features that are not clinical variables. */
function featuresOf(kept: readonly FeatureColumn[]): TrainedModel['recipe']['features'] {
  return Object.fromEntries(
    kept
      .filter(({ block }) => block !== clinicalBlock)
      .map(({ name, block, modality, region, values }) => [
        name,
        {
          title: name.slice(columnStem({ block, modality, region }).length + 1),
          range: rangeOf(values),
          mayBeMissing: values.some((value) => Number.isNaN(value)),
        },
      ]),
  );
}

function rangeOf(values: Float64Array): { low: number; high: number } {
  const known = values.filter((value) => !Number.isNaN(value));
  return {
    low: known.reduce((low, value) => Math.min(low, value)),
    high: known.reduce((high, value) => Math.max(high, value)),
  };
}

/** The clinical variables behind the final columns: `clinical.subtype=HER2+` is a meaning of `subtype`. */
function clinicalOf(
  table: FeatureTable,
  kept: readonly FeatureColumn[],
  allCodes: NonNullable<Cohort['clinicalCodes']>,
): TrainedModel['recipe']['clinical'] {
  const clinical: TrainedModel['recipe']['clinical'] = {};
  for (const column of kept) {
    if (column.block !== clinicalBlock) continue;
    const [variable, meaning] = clinicalName(column.name);
    const variableCodes = allCodes[variable];
    const codes = variableCodes === undefined ? {} : { codes: { ...variableCodes } };
    const mayBeMissing = column.values.some((value) => Number.isNaN(value));
    if (meaning === undefined) {
      clinical[variable] = { range: rangeOf(column.values), mayBeMissing, ...codes };
      continue;
    }
    // All meanings of the variable, kept or not: a new patient may have any of them.
    const meanings = table.columns.flatMap(({ name }) => {
      const [other, value] = clinicalName(name);
      return other === variable && value !== undefined ? [value] : [];
    });
    clinical[variable] = { meanings, mayBeMissing, ...codes };
  }
  return clinical;
}

/** Variable and meaning of a clinical column. */
export function clinicalName(column: string): [variable: string, meaning: string | undefined] {
  const name = column.slice(clinicalBlock.length + 1);
  const at = name.indexOf('=');
  return at < 0 ? [name, undefined] : [name.slice(0, at), name.slice(at + 1)];
}

/** The pipeline with the name of its site column, which a model file keeps for new patients. */
function withSiteColumn(pipeline: PipelineConfig, cohort: Cohort): PipelineConfig {
  const { harmonise } = pipeline;
  if (harmonise === undefined) return pipeline;
  return { ...pipeline, harmonise: { ...harmonise, by: siteColumn(harmonise, cohort) } };
}
