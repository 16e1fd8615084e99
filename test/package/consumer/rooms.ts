// A strict program that uses every room by its types. It is compiled in an empty project, not here.
import { type Cohort, featureTable, tableOne } from 'nacre/cohort';
import { type DeepInput, preprocessingPresets, ResNetEncoder } from 'nacre/deep';
import { metricsAt, resampledInterval, stratifiedPartitions } from 'nacre/evaluation';
import { type Mask, peritumoralRing, type Volume } from 'nacre/imaging';
import { Pipeline, type PipelineConfig, splitRows } from 'nacre/learning';
import { cohortFrame, show } from 'nacre/notebook';
import { NacreError, RadiomicsExtractor } from 'nacre/radiomics';
import { type Figure, figures, openRun } from 'nacre/report';
import { readStudyConfig, runStudy } from 'nacre/study';

export function features(volume: Volume, tumour: Mask): Record<string, number> {
  const extractor = new RadiomicsExtractor({ imageType: { Original: {}, LoG: { sigma: [3] } } });
  const ring: Mask = peritumoralRing(tumour, { outer: 5 });
  const { features: values } = extractor.execute(volume, ring);
  // @ts-expect-error a feature is a number
  const text: string = values.original_glcm_Contrast;
  return { contrast: values.original_glcm_Contrast ?? Number.NaN, text: text.length };
}

export async function encode(volume: Volume, tumour: Mask): Promise<DeepInput> {
  const encoder = await ResNetEncoder.load('resnet10', { threads: 1 });
  const { input } = await encoder.encode(volume, tumour, { preset: 'medicalnet' });
  return Object.keys(preprocessingPresets).length > 0 ? input : input;
}

export async function pictures(run: string): Promise<Figure[]> {
  const opened = await openRun(run);
  const figure = figures.balancedAccuracy(opened);
  const width: number = figure.layout.width;
  return width > 0 ? [figure] : [];
}

export async function frame(cohort: Cohort): Promise<number> {
  const table = await cohortFrame(cohort);
  await show(table, { digits: 3 });
  return table.groupby(['pcr']).col(['patient']).count().shape[0] ?? 0;
}

export const everything = {
  featureTable,
  tableOne,
  metricsAt,
  resampledInterval,
  stratifiedPartitions,
  splitRows,
  readStudyConfig,
  runStudy,
  pipeline: (config: PipelineConfig) => new Pipeline(config),
  isRefusal: (error: unknown) => error instanceof NacreError,
};
