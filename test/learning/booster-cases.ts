import type { BoosterParams } from '../../src/learning/xgboost/booster-settings.ts';

/** Settings of a booster, one changed at a time, by the name that the reference knows them by. */
export const boosterCases: Record<string, Partial<BoosterParams>> = {
  default: {},
  deep: { maxDepth: 6 },
  lambda: { lambda: 5 },
  alpha: { alpha: 0.5 },
  gamma: { gamma: 0.7 },
  child: { minChildWeight: 4 },
  eta: { learningRate: 0.4 },
  weight: { positiveWeight: 2.5 },
};
