// The room of what is fitted on training rows: the pipeline and its parts, and the tables it takes.

import '../machine/xgboost/provide-native.ts';

export * from '../runtime/index.ts';
export * from '../table/index.ts';
export { fByLuck } from './f-by-luck.ts';
export { type FittedImputer, Imputer } from './imputer.ts';
export { Mrmr } from './mrmr.ts';
export { type FittedPipeline, Pipeline, type PipelineConfig } from './pipeline.ts';
export { HeldOutRows, type Partition, splitRows, TrainingRows } from './rows.ts';
export { type FittedScaler, Scaler } from './scaler.ts';
export { loadBooster } from './xgboost/load-booster.ts';
