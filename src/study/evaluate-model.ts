import type { Cohort, Endpoint } from '../cohort/cohort.ts';
import {
  comparePredictions,
  evaluatePredictions,
  type ModelComparison,
  type PredictionsEvaluation,
} from '../evaluation/evaluate-predictions.ts';
import type { FairnessScore } from '../evaluation/fairness-score.ts';
import { metricsAt } from '../evaluation/metrics.ts';
import { hashOfPatients } from '../evaluation/partitions.ts';
import { type Assumption, AssumptionLog } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import { nacreVersion } from '../runtime/version.ts';
import { namedPart } from './feature-sets.ts';
import type { TrainedModel } from './model-file.ts';
import {
  type CohortPredictions,
  type PredictCohortOptions,
  predictCohort,
  type RefusedPatient,
  rowsOfPredictions,
} from './predict-cohort.ts';
import type { SubgroupResults } from './results.ts';
import { subgroupVariables } from './subgroup-levels.ts';
import { fairnessOf, subgroupResults } from './subgroup-results.ts';
import type { TrainingPatients } from './training-patients.ts';

export interface EvaluateModelOptions extends PredictCohortOptions {
  /** Endpoint of the cohort. Default: the one of the model's id. */
  endpoint?: string | undefined;
  /** A second model, compared on the patients that both predict. */
  rival?: TrainedModel | undefined;
  /** Base folder of the second model's relative paths. */
  rivalFolder?: string | undefined;
  /** Patients that the model, and the second one, were trained on; they are left out. See `trainingPatients`. */
  trainedOn?: readonly TrainingPatients[] | undefined;
  /** Of the bootstrap. Default 1. */
  seed?: number | undefined;
  /** Samples of the bootstrap. Default 2000. */
  resamples?: number | undefined;
}

/** What identifies a model in an evaluation, and how it did at home. */
export interface EvaluatedModel {
  title: string;
  endpoint: TrainedModel['endpoint'];
  featureSet: string;
  study: string;
  trainedOn: TrainedModel['card']['cohort'] & { patients: number; positives: number };
  /** Over the partitions of its own study. */
  atHome: TrainedModel['card']['performance'];
  warnings: string[];
  patientsSha256: string;
}

export interface EvaluatedPatient {
  patient: string;
  /** 0 or 1; null where the outcome is unknown. */
  label: number | null;
  probability: number;
  predicted: string;
  /** Of the second model, where there is one and it predicts this patient. */
  rival?: number | undefined;
}

/** A trained model on the patients of another cohort: plain data, as `evaluation.json` holds it. */
export interface ModelEvaluation {
  format: 'nacre-evaluation-1';
  model: EvaluatedModel;
  cohort: Pick<
    Cohort,
    'id' | 'title' | 'citation' | 'licence' | 'synthetic' | 'notices' | 'only'
  > & {
    patients: number;
  };
  features: CohortPredictions['features'];
  results: PredictionsEvaluation;
  comparison?: (ModelComparison & { model: EvaluatedModel; balancedAccuracy: number }) | undefined;
  /** Every metric by the levels of the manifest's subgroups and of its group. */
  subgroups: SubgroupResults[];
  /** Score of the MAMA-MIA challenge, where age, menopause or density are among them; a constant answer scores 0.75. */
  fairness?: FairnessScore | undefined;
  /** Everybody of the cohort about whom no answer counts, with the reason. */
  refused: (RefusedPatient | { patient: string; code: 'training-patient'; reason: string })[];
  /** Predicted patients whose outcome is unknown. */
  unknownOutcome: number;
  /** Remarks on predicted patients, by kind, with their number. */
  remarks: { remark: string; patients: number }[];
  patients: EvaluatedPatient[];
  assumptions: Assumption[];
  provenance: { nacre: string; patientsSha256: string; inputsSha256: string };
}

/**
 * Evaluates a trained model on the patients of another cohort: every metric with its interval, calibration, a second model beside it,
 * and who was refused and why. Patients that the model was trained on are left out.
 *
 * @throws NacreError `training-patients` where nobody else is left, `no-outcome`, `one-class`, and what `predictCohort` throws
 */
export async function evaluateModel(
  model: TrainedModel,
  cohort: Cohort,
  options: EvaluateModelOptions = {},
): Promise<ModelEvaluation> {
  const { rival, rivalFolder, trainedOn = [], seed = 1, resamples = 2000, ...predict } = options;
  const endpointId = options.endpoint ?? model.endpoint.id;
  const endpoint = namedPart(cohort.endpoints, endpointId, 'endpoint', cohort);
  const log = new AssumptionLog();
  noteEndpoint(model, endpoint, log);
  const training = trainingRows(model, cohort, trainedOn, log);
  const answers = await predictCohort(model, cohort, predict);
  log.noteAll(answers.assumptions);
  const rivalAnswers =
    rival && (await predictCohort(rival, cohort, { ...predict, folder: rivalFolder }));
  if (rivalAnswers !== undefined) log.noteAll(rivalAnswers.assumptions);
  const rivalOf = new Map(rivalAnswers?.predictions.map((one) => [one.patient, one.probability]));
  const labelOf = new Map(cohort.patients.map((patient, row) => [patient, endpoint.labels[row]]));
  const predicted = answers.predictions.filter(({ patient }) => !training.has(patient));
  const known = predicted.filter(({ patient }) => (labelOf.get(patient) as number) >= 0);
  if (known.length === 0) throw noOutcome(cohort, endpoint, answers);
  const labels = Uint8Array.from(known, ({ patient }) => labelOf.get(patient) as number);
  const probabilities = Float64Array.from(known, ({ probability }) => probability);
  const { threshold } = answers;
  const results = evaluatePredictions(labels, probabilities, { threshold, seed, resamples });
  const both = known.flatMap(({ patient }, i) => (rivalOf.has(patient) ? [i] : []));
  return {
    format: 'nacre-evaluation-1',
    model: evaluatedModel(model),
    cohort: cohortOf(cohort),
    features: answers.features,
    results,
    comparison:
      rival && rivalAnswers
        ? compared(rival, {
            labels: Uint8Array.from(both, (i) => labels[i]),
            first: { probabilities: both.map((i) => probabilities[i]), threshold },
            second: {
              probabilities: both.map((i) => rivalOf.get(known[i].patient) as number),
              threshold: rivalAnswers.threshold,
            },
          })
        : undefined,
    ...brokenDown(cohort, endpointId, { known, labels, probabilities, threshold, seed }),
    refused: [
      ...[...training].map((patient) => ({
        patient,
        code: 'training-patient' as const,
        reason: 'the model was trained on this patient',
      })),
      ...answers.refused.filter(({ patient }) => !training.has(patient)),
    ].sort((a, b) => (a.patient < b.patient ? -1 : a.patient > b.patient ? 1 : 0)),
    unknownOutcome: predicted.length - known.length,
    remarks: remarkCounts(predicted.flatMap(({ remarks }) => remarks)),
    patients: predicted.map(({ patient, probability, predicted: name }) => {
      const label = labelOf.get(patient) as number;
      const rivalProbability = rivalOf.get(patient);
      return {
        patient,
        label: label < 0 ? null : label,
        probability,
        predicted: name,
        ...(rivalProbability === undefined ? {} : { rival: rivalProbability }),
      };
    }),
    assumptions: log.list(),
    provenance: {
      nacre: nacreVersion(),
      patientsSha256: hashOfPatients(known.map(({ patient }) => patient)),
      inputsSha256: sha256(canonicalJson(cohort.inputs)),
    },
  };
}

/** The evaluated patients as one test set, by the columns that the manifest names for subgroups, and by its group. */
function brokenDown(
  cohort: Cohort,
  endpoint: string,
  {
    known,
    labels,
    probabilities,
    threshold,
    seed,
  }: {
    known: readonly { patient: string }[];
    labels: Uint8Array;
    probabilities: Float64Array;
    threshold: number;
    seed: number;
  },
): Pick<ModelEvaluation, 'subgroups' | 'fairness'> {
  const names = [
    ...(cohort.subgroups ?? []),
    ...(cohort.group === undefined ? [] : [cohort.group]),
  ];
  const rows = rowsOfPredictions(cohort, known);
  const variables = subgroupVariables({ subgroups: [...new Set(names)] }, cohort, rows);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const size = { patients: labels.length, positives };
  const tested = {
    rows: [...labels.keys()],
    train: { patients: 0, positives: 0 },
    test: size,
    metrics: metricsAt(labels, probabilities, threshold),
    heldOut: { labels: [...labels], probabilities: [...probabilities], threshold },
  };
  const design = { kind: 'fixed-split', column: 'all', train: ['none'], test: ['all'] } as const;
  const options = {
    design: { ...design, train: [...design.train], test: [...design.test] },
    seed,
    endpoint,
  };
  return {
    subgroups: subgroupResults([tested], labels, variables, 'evaluated', options),
    fairness: fairnessOf([tested], variables),
  };
}

function compared(
  rival: TrainedModel,
  {
    labels,
    first,
    second,
  }: {
    labels: Uint8Array;
    first: Parameters<typeof comparePredictions>[1];
    second: Parameters<typeof comparePredictions>[2];
  },
): NonNullable<ModelEvaluation['comparison']> {
  const comparison = comparePredictions(labels, first, second);
  const { balancedAccuracy } = metricsAt(labels, second.probabilities, second.threshold);
  return { ...comparison, model: evaluatedModel(rival), balancedAccuracy };
}

function evaluatedModel({ card, endpoint, featureSet, provenance }: TrainedModel): EvaluatedModel {
  const { title, cohort, patients, positives, performance, warnings } = card;
  return {
    title,
    endpoint,
    featureSet: featureSet.id,
    study: provenance.study,
    trainedOn: { ...cohort, patients, positives },
    atHome: performance,
    warnings,
    patientsSha256: provenance.patientsSha256,
  };
}

function cohortOf({
  id,
  title,
  citation,
  licence,
  synthetic,
  notices,
  only,
  patients,
}: Cohort): ModelEvaluation['cohort'] {
  return {
    id,
    title,
    citation,
    licence,
    synthetic,
    notices,
    ...(only === undefined ? {} : { only }),
    patients: patients.length,
  };
}

/** Patients of the cohort that a model was surely trained on. */
function trainingRows(
  { card }: TrainedModel,
  cohort: Cohort,
  trainedOn: readonly TrainingPatients[],
  log: AssumptionLog,
): Set<string> {
  const training = new Set<string>();
  for (const { certainty, patients } of trainedOn) {
    const shared = cohort.patients.filter((patient) => patients.has(patient));
    if (certainty === 'known') for (const patient of shared) training.add(patient);
    if (certainty !== 'possible' || shared.length === 0) continue;
    log.note({
      kind: 'training-patients-possible',
      level: 'warning',
      found: `${shared.length} patients may be among those that a model was trained on (${card.cohort.id})`,
      taken: 'evaluated like the others',
      why: 'the model file holds a hash over its patients, which matches no list of this cohort',
    });
  }
  if (training.size > 0 && training.size === cohort.patients.length) {
    throw new NacreError('training-patients', 'a model was trained on these patients', {
      found: `all ${training.size} of ${cohort.id} were in its training`,
      expected: 'patients that it has not seen',
      todo: 'name another cohort, or choose others with --only',
    });
  }
  return training;
}

function noteEndpoint({ endpoint: asked }: TrainedModel, found: Endpoint, log: AssumptionLog) {
  if (asked.positiveName === found.positiveName && asked.negativeName === found.negativeName)
    return;
  log.note({
    kind: 'endpoint-unlike-training',
    level: 'warning',
    found: `classes ${found.positiveName} / ${found.negativeName}, in training ${asked.positiveName} / ${asked.negativeName}`,
    taken: 'class 1 of both is taken to mean the same',
    why: 'the manifests name the classes of the endpoint differently',
  });
}

function noOutcome(
  cohort: Cohort,
  endpoint: Endpoint,
  { predictions, refused }: CohortPredictions,
): NacreError {
  const [first] = refused;
  return new NacreError('no-outcome', 'no patient has both a prediction and a known outcome', {
    found: `${predictions.length} predictions, ${refused.length} refused${first === undefined ? '' : ` (${first.reason})`}`,
    expected: `patients of ${cohort.id} with a known ${endpoint.title}`,
    todo: 'look the cohort over (nacre cohort check)',
  });
}

/** Remarks that differ only in their numbers are one kind. */
function remarkCounts(remarks: readonly string[]): ModelEvaluation['remarks'] {
  const kinds = new Map<string, { remark: string; patients: number }>();
  for (const remark of remarks) {
    const kind = remark.replace(/-?\d[\d.e+-]*/g, '#');
    const known = kinds.get(kind) ?? { remark, patients: 0 };
    known.patients++;
    kinds.set(kind, known);
  }
  return [...kinds.values()].sort(
    (a, b) => b.patients - a.patients || (a.remark < b.remark ? -1 : 1),
  );
}
