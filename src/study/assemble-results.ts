import type { Cohort } from '../cohort/cohort.ts';
import { summariseAudit } from '../evaluation/audit.ts';
import type { EndpointDescription } from '../evaluation/describe-columns.ts';
import { designOf } from '../evaluation/design.ts';
import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import { holm } from '../evaluation/holm.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import { selectionFrequency } from '../evaluation/selection-frequency.ts';
import { selectionStability } from '../evaluation/stability.ts';
import { countAssumptions } from '../runtime/assumptions.ts';
import { mean } from '../table/mean.ts';
import { configHash, type StudyConfig } from './config.ts';
import { labelledRows } from './design-columns.ts';
import { learningCurveOf } from './learning-curve.ts';
import type {
  EndpointResults,
  FeatureSetResults,
  PairedComparison,
  PartitionResults,
  StudyResults,
} from './results.ts';
import { selectionGroups } from './selection-groups.ts';
import { subgroupVariables } from './subgroup-levels.ts';
import { fairnessOf, subgroupResults, type TestedRows } from './subgroup-results.ts';
import {
  comparePartitions,
  type SummaryOptions,
  summarisePartitions,
  type TestedPartition,
} from './summarise-partitions.ts';
import { type Arm, columnsOf, isReal, type Unit } from './units.ts';
import { withClassifier } from './with-classifier.ts';

/** Metrics that feature sets are compared on. */
const comparedOn: readonly MetricName[] = ['balancedAccuracy', 'auc'];

/** Turns the outcomes of all units into `results.json`. Pure: the same outcomes give the same results. */
export function assembleResults(
  config: StudyConfig,
  cohort: Cohort,
  arms: readonly Arm[],
  units: readonly Unit[],
  outcomes: readonly PartitionOutcome[],
  descriptions: ReadonlyMap<string, EndpointDescription>,
): StudyResults {
  const setsOf = (endpoint: string) =>
    arms.flatMap((arm, number) => {
      if (arm.endpoint !== endpoint) return [];
      const mine = units.flatMap((unit, i) =>
        unit.arm === number ? [{ unit, outcome: outcomes[i] }] : [],
      );
      const tested = testedOf(arm, mine);
      return [{ results: featureSetResults(config, cohort, arm, mine, tested), tested }];
    });
  return {
    schema: 1,
    study: {
      id: config.id,
      title: config.title,
      seed: config.seed,
      ...partitionCounts(config, arms, units),
      configSha256: configHash(config),
    },
    cohort: {
      id: cohort.id,
      title: cohort.title,
      citation: cohort.citation,
      licence: cohort.licence,
      synthetic: cohort.synthetic,
      patients: cohort.patients.length,
      notices: [...cohort.notices],
      assumptions: countAssumptions(cohort.assumptions ?? []),
      excluded: cohort.excluded.map(({ patient, reason }) => ({ patient, reason })),
    },
    endpoints: config.endpoints.map((id): EndpointResults => {
      const { title, positiveName, negativeName } = cohort.endpoints[id];
      const sets = setsOf(id);
      const armsHere = arms.filter((arm) => arm.endpoint === id);
      const featureSets = sets.map(({ results }) => results);
      const reachable = cohort.reachable?.[id];
      return {
        id,
        title,
        positiveName,
        negativeName,
        patients: featureSets[0].patients,
        positives: featureSets[0].positives,
        published: (config.published[id] ?? []).map((row) => ({ ...row })),
        ...(reachable === undefined ? {} : { reachable: { ...reachable } }),
        featureSets,
        ...sameColumns(armsHere, featureSets),
        description: descriptions.get(id)!,
        comparisons: compareAll(
          sets.map(({ results, tested }) => ({ id: results.id, partitions: tested })),
          summaryOptions(config, id),
          config.comparison?.reference,
        ),
        ...(config.comparison === undefined ? {} : { table: { ...config.comparison } }),
      };
    }),
  };
}

/** Pairs of arms with the same columns and the two kinds of classifier. */
function sameColumns(
  arms: readonly Arm[],
  sets: readonly FeatureSetResults[],
): Pick<EndpointResults, 'sameColumns'> {
  const isLine = (arm: Arm) =>
    sets.find(({ id }) => id === arm.featureSet)?.classifier !== undefined;
  const lines = arms.filter(isLine);
  if (lines.length === 0) return {};
  const columns = new Map(
    arms.map((arm) => [arm, JSON.stringify(columnsOf(arm).map(({ name }) => name))]),
  );
  const pairs = lines.flatMap((line) =>
    arms
      .filter((arm) => !isLine(arm) && columns.get(arm) === columns.get(line))
      .map((trees) => ({ line: line.featureSet, trees: trees.featureSet })),
  );
  return pairs.length === 0 ? {} : { sameColumns: pairs };
}

function featureSetResults(
  config: StudyConfig,
  cohort: Cohort,
  arm: Arm,
  done: readonly { unit: Unit; outcome: PartitionOutcome }[],
  tested: readonly TestedRows[],
): FeatureSetResults {
  const real = done.filter(({ unit }) => isReal(unit)).map(({ outcome }) => outcome);
  const columns = columnsOf(arm);
  const origin = new Map(columns.map((column) => [column.name, column]));
  const observed = mean(real.map(({ metrics }) => metrics.balancedAccuracy));
  const permuted = meansOfPermutations(done, real.length);
  const learningCurve = learningCurveOf(done);
  return {
    id: arm.featureSet,
    title: arm.title,
    patients: arm.labels.length,
    positives: arm.labels.reduce((sum, label) => sum + label, 0),
    candidates: columns.length,
    ...(arm.parts === undefined ? {} : { parts: arm.parts }),
    ...classifierOf(config, arm),
    partitions: real.map(partitionResults),
    summary: summarisePartitions(tested, arm.featureSet, summaryOptions(config, arm.endpoint)),
    ...brokenDown(config, cohort, arm, tested),
    ...(designOf(config).kind === 'leave-one-group-out'
      ? { byGroup: eachGroup(config, arm, real, tested) }
      : {}),
    selection: selectionFrequency(real.map(({ selected }) => selected)).map((row) => ({
      ...row,
      block: origin.get(row.feature)!.block,
      modality: origin.get(row.feature)!.modality,
      region: origin.get(row.feature)!.region,
    })),
    ...(arm.parts === undefined
      ? {}
      : {
          groups: selectionGroups(
            columns,
            real.map(({ selected }) => selected),
          ),
        }),
    stability: selectionStability(
      real.map(({ selected }) => selected.map(({ feature }) => feature)),
      columns.length,
    ),
    ...(learningCurve === undefined ? {} : { learningCurve }),
    ...(permuted.length > 0
      ? { audit: { ...summariseAudit(permuted, observed), ...auditRemark(config) } }
      : {}),
  };
}

/** The classifier of a set, where it is not the booster. */
function classifierOf(config: StudyConfig, arm: Arm): Pick<FeatureSetResults, 'classifier'> {
  const { classifier = 'xgboost' } = withClassifier(config.pipeline, arm.classifier);
  return classifier === 'xgboost' ? {} : { classifier };
}

function partitionResults(outcome: PartitionOutcome): PartitionResults {
  const { probabilities: _, explanation: __, selected, ...rest } = outcome;
  return { ...rest, selected: selected.map(({ feature }) => feature) };
}

/** Mean balanced accuracy of each permutation; units of one permutation stand together, in order. */
function meansOfPermutations(
  done: readonly { unit: Unit; outcome: PartitionOutcome }[],
  partitions: number,
): number[] {
  const values = done
    .filter(({ unit }) => unit.permutedLabels !== undefined)
    .map(({ outcome }) => outcome.metrics.balancedAccuracy);
  return Array.from({ length: values.length / partitions }, (_, p) =>
    mean(values.slice(p * partitions, (p + 1) * partitions)),
  );
}

/** An audit of a study that harmonises with the outcome must say so. */
function auditRemark({ pipeline }: StudyConfig): { remark?: string } {
  if (!pipeline.harmonise?.outcome) return {};
  return {
    remark:
      'the permuted labels of training rows took part in the harmonisation (harmonise.outcome), as the real ones did',
  };
}

/** All pairs; where there is a reference, that one against each other. */
function compareAll(
  sets: readonly { id: string; partitions: readonly TestedPartition[] }[],
  options: SummaryOptions,
  reference?: string,
): PairedComparison[] {
  const comparisons: PairedComparison[] = [];
  for (const metric of comparedOn) {
    sets.forEach((a, i) => {
      if (reference !== undefined && a.id !== reference) return;
      const others = reference === undefined ? sets.slice(i + 1) : sets.filter((b) => b !== a);
      for (const b of others) {
        comparisons.push({ a: a.id, b: b.id, metric, ...comparePartitions(metric, a, b, options) });
      }
    });
  }
  const adjusted = holm(comparisons.map(({ p }) => p));
  return comparisons.map((one, i) => ({ ...one, pHolm: adjusted[i] }));
}

/** The tested partitions of an arm with its real labels. */
function testedOf(
  { labels }: Arm,
  done: readonly { unit: Unit; outcome: PartitionOutcome }[],
): TestedRows[] {
  return done
    .filter(({ unit }) => isReal(unit))
    .map(({ unit, outcome }) => ({
      train: outcome.train,
      test: outcome.test,
      metrics: outcome.metrics,
      rows: unit.partition.test,
      heldOut: {
        labels: unit.partition.test.map((row) => labels[row]),
        probabilities: outcome.probabilities,
        threshold: outcome.threshold,
      },
    }));
}

/** Results by subgroup and the challenge's score, where the study or the manifest names columns. */
function brokenDown(
  config: StudyConfig,
  cohort: Cohort,
  arm: Arm,
  tested: readonly TestedRows[],
): Pick<FeatureSetResults, 'subgroups' | 'fairness'> {
  const rows = labelledRows(cohort.endpoints[arm.endpoint].labels);
  const variables = subgroupVariables(config, cohort, rows);
  if (variables.length === 0) return {};
  const options = summaryOptions(config, arm.endpoint);
  const fairness = fairnessOf(tested, variables);
  return {
    subgroups: subgroupResults(tested, arm.labels, variables, arm.featureSet, options),
    ...(fairness === undefined ? {} : { fairness }),
  };
}

/** Each group that was held out by itself, as a test set of its own. */
function eachGroup(
  config: StudyConfig,
  { endpoint, featureSet }: Arm,
  real: readonly PartitionOutcome[],
  tested: readonly TestedRows[],
): NonNullable<FeatureSetResults['byGroup']> {
  const options = summaryOptions(config, endpoint);
  return real.map(({ name = '', test }, at) => ({
    name,
    patients: test.patients,
    positives: test.positives,
    summary: summarisePartitions([tested[at]], `${featureSet}~${name}`, options),
  }));
}

function summaryOptions(config: StudyConfig, endpoint: string): SummaryOptions {
  return { design: designOf(config), seed: config.seed, endpoint };
}

/** Number of partitions and share of rows held out: of a hold-out as asked, of other designs as they came out. */
function partitionCounts(
  config: StudyConfig,
  arms: readonly Arm[],
  units: readonly Unit[],
): Pick<StudyResults['study'], 'partitions' | 'testShare' | 'design'> {
  const { design } = config;
  if (design === undefined) return { partitions: config.partitions, testShare: config.testShare };
  const first = arms.findIndex(({ endpoint }) => endpoint === config.endpoints[0]);
  const drawn = units.filter((unit) => unit.arm === first && isReal(unit));
  const shares = drawn.map(
    ({ partition: { train, test } }) => test.length / (train.length + test.length),
  );
  return { partitions: drawn.length, testShare: mean(shares), design };
}
