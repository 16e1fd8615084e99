import type { BoosterMatrix } from '../../src/learning/xgboost/booster-matrix.ts';
import type { BoosterParams } from '../../src/learning/xgboost/booster-settings.ts';
import { mlXgboostModelFile } from '../../src/learning/xgboost/ml-xgboost.ts';

/** Fits in a worker thread and sends the model file back. */
export default (task: {
  matrix: BoosterMatrix;
  y: Uint8Array;
  params: Partial<BoosterParams>;
}): Promise<Uint8Array> => mlXgboostModelFile(task.matrix, task.y, task.params);
