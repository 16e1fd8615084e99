import { balancedAccuracy } from './figures/balanced-accuracy.ts';
import { calibration } from './figures/calibration.ts';
import { confusion } from './figures/confusion.ts';
import { intensityHistogram } from './figures/intensity-histogram.ts';
import { ranking } from './figures/ranking.ts';
import { regionFeatures } from './figures/region-features.ts';
import { roc } from './figures/roc.ts';
import { textureMatrix } from './figures/texture-matrix.ts';
import { threePlanes } from './figures/three-planes.ts';

/** Every picture that can be drawn: of a run (`figures.roc(run)`) or of a scan. Each gives a plotly figure. */
export const figures = {
  balancedAccuracy,
  roc,
  confusion,
  ranking,
  calibration,
  threePlanes,
  intensityHistogram,
  textureMatrix,
  regionFeatures,
};
