import { balancedAccuracy } from './figures/balanced-accuracy.ts';
import { calibration } from './figures/calibration.ts';
import { confusion } from './figures/confusion.ts';
import { decisionCurve } from './figures/decision-curve.ts';
import { differences } from './figures/differences.ts';
import { elsewhere } from './figures/elsewhere.ts';
import { intensityHistogram } from './figures/intensity-histogram.ts';
import { intensityVolumeHistogram } from './figures/intensity-volume-histogram.ts';
import { learningCurve } from './figures/learning-curve.ts';
import { missingValues } from './figures/missing-values.ts';
import { missingness } from './figures/missingness.ts';
import { mrmrSteps } from './figures/mrmr-steps.ts';
import { patientFlow } from './figures/patient-flow.ts';
import { permuted } from './figures/permuted.ts';
import { perturbation } from './figures/perturbation.ts';
import { ranking } from './figures/ranking.ts';
import { regionFeatures } from './figures/region-features.ts';
import { roc } from './figures/roc.ts';
import { selectionLeak } from './figures/selection-leak.ts';
import { selectionMatrix } from './figures/selection-matrix.ts';
import { shapSummary } from './figures/shap-summary.ts';
import { subgroups } from './figures/subgroups.ts';
import { sampleSize, tableOne, univariate } from './figures/table-figures.ts';
import { textureMatrix } from './figures/texture-matrix.ts';
import { threePlanes } from './figures/three-planes.ts';

/** Every picture that can be drawn: of a run (`figures.roc(run)`) or of a scan. Each gives a plotly figure. */
export const figures = {
  balancedAccuracy,
  roc,
  confusion,
  ranking,
  calibration,
  decisionCurve,
  shapSummary,
  learningCurve,
  patientFlow,
  tableOne,
  missingValues,
  univariate,
  sampleSize,
  differences,
  elsewhere,
  missingness,
  mrmrSteps,
  permuted,
  perturbation,
  selectionLeak,
  selectionMatrix,
  subgroups,
  threePlanes,
  intensityHistogram,
  intensityVolumeHistogram,
  textureMatrix,
  regionFeatures,
};
