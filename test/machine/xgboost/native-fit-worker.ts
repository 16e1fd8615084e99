import type { BoosterMatrix } from '../../../src/learning/xgboost/booster-matrix.ts';
import type { BoosterParams } from '../../../src/learning/xgboost/booster-settings.ts';
import { loadNativeXgboost } from '../../../src/machine/xgboost/native-xgboost.ts';

/** Fits with the native XGBoost in a worker thread and sends the trees back as text. */
export default async (task: {
  matrix: BoosterMatrix;
  y: Uint8Array;
  params: Partial<BoosterParams>;
}): Promise<string> => {
  const booster = await loadNativeXgboost();
  return JSON.stringify(booster.fit(task.matrix, task.y, task.params));
};
