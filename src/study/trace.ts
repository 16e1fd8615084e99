import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { designOf } from '../evaluation/design.ts';
import { holm } from '../evaluation/holm.ts';
import { confusionAt, type MetricName, metricNames, metricsAt } from '../evaluation/metrics.ts';
import { hashOfPatients } from '../evaluation/partitions.ts';
import { NacreError, unknownName } from '../runtime/errors.ts';
import { sha256OfFile } from '../runtime/hash-file.ts';
import { configHash, readStudyConfig } from './config.ts';
import { type Prediction, readPredictions } from './predictions.ts';
import type {
  EndpointResults,
  FeatureSetResults,
  PairedComparison,
  PartitionResults,
  StudyResults,
} from './results.ts';
import {
  featureFiles,
  type Provenance,
  type RecordedPartition,
  readRun,
  runFiles,
} from './run-folder.ts';
import {
  comparePartitions,
  summarisePartitions,
  type TestedPartition,
} from './summarise-partitions.ts';

/** One partition behind a number. */
export interface TracedPartition {
  index: number;
  seed: number;
  /** Value of the metric; for a comparison, first set minus second set. */
  value: number;
  train: { patients: number; positives: number; sha256: string };
  test: { patients: number; positives: number; sha256: string };
  /** One per set: threshold, settings of the classifier and features that the training rows decided. */
  fits: Pick<PartitionResults, 'threshold' | 'booster' | 'logistic' | 'selected'>[];
}

/** Everything that a number of a run depends on. */
export interface Trace {
  /** `pcr/resnet34/balancedAccuracy`. */
  number: string;
  /** JSON pointer to the number in `results.json`. */
  pointer: string;
  value: number;
  low: number;
  high: number;
  /** Two-sided p-value, for comparisons. Null if all partitions differ by the same amount. */
  p?: number | null | undefined;
  /** The same corrected by Holm for all comparisons of the endpoint. */
  pHolm?: number | null | undefined;
  sets: Pick<FeatureSetResults, 'id' | 'title' | 'candidates' | 'parts' | 'classifier'>[];
  partitions: TracedPartition[];
  /** Files of the run that the number depends on. */
  files: { file: string; sha256: string }[];
  provenance: Provenance;
  /** Checks that were computed again from the files of the run, each with its outcome. */
  checks: { what: string; holds: boolean }[];
}

/** Ids of all numbers of a run's tables that `traceNumber` knows, in the order of the tables. */
export function numbersOf(endpoints: readonly EndpointResults[]): string[] {
  return endpoints.flatMap((endpoint) => [
    ...endpoint.featureSets.flatMap((set) => [
      ...metricNames.map((metric) => `${endpoint.id}/${set.id}/${metric}`),
      ...set.selection.map(({ feature }) => frequencyId(endpoint.id, set.id, feature)),
    ]),
    ...endpoint.comparisons.map(({ a, b, metric }) => `${endpoint.id}/${a}:${b}/${metric}`),
  ]);
}

/** Id of a selection frequency: `pcr/resnet34/frequency/ceT1.peri.resnet34_127`. */
export function frequencyId(endpoint: string, set: string, feature: string): string {
  return `${endpoint}/${set}/frequency/${feature}`;
}

/**
 * Traces a number of a results table back to partitions, configuration, code and inputs, and computes it again from the
 * predictions of the run.
 *
 * @param number `ENDPOINT/SET/METRIC` for the mean over partitions, `ENDPOINT/SET/METRIC/3` for one of them,
 *   `ENDPOINT/A:B/METRIC` for a comparison, `ENDPOINT/SET/frequency/FEATURE` for a selection frequency
 * @throws NacreError `run-missing`, `bad-json`, `unknown-name` with the nearest number that there is
 */
export async function traceNumber(folder: string, number: string): Promise<Trace> {
  const { results, partitions, provenance } = readRun(folder);
  const parts = number.split('/');
  const [endpointId, setPart] = parts;
  const known = numbersOf(results.endpoints);
  const frequency = parts[2] === 'frequency';
  const stem = frequency ? number : parts.slice(0, 3).join('/');
  if (!known.includes(stem) || (!frequency && parts.length > 4)) {
    const where = { file: join(folder, runFiles.results) };
    const endpoint = results.endpoints.find(({ id }) => id === endpointId);
    if (endpoint === undefined) {
      const ids = results.endpoints.map(({ id }) => id);
      throw unknownName('the run has no endpoint of that name', endpointId, ids, where);
    }
    const sets = [...new Set(numbersOf([endpoint]).map((one) => one.split('/')[1]))];
    if (!sets.includes(setPart ?? '')) {
      throw unknownName('the run has no such feature set', setPart ?? 'none', sets, where);
    }
    const metrics = known.flatMap((one) =>
      one.startsWith(`${endpointId}/${setPart}/`) ? [one.split('/').slice(2).join('/')] : [],
    );
    // Suggests names of the same kind only: there are thousands of features.
    const near = metrics.filter((one) => one.startsWith('frequency/') === frequency);
    throw unknownName('the run has no such number', parts.slice(2).join('/'), near, where);
  }
  const at = results.endpoints.findIndex(({ id }) => id === endpointId);
  const endpoint = results.endpoints[at];
  const ids = setPart.split(':');
  const sets = ids.map((id) => endpoint.featureSets.find((set) => set.id === id)!);
  const recorded = partitions[endpointId] ?? [];
  const config = readStudyConfig(join(folder, runFiles.config));
  const found = frequency
    ? frequencyOf(endpoint, at, sets[0], parts.slice(3).join('/'), recorded)
    : metricOf(
        { endpoint, at, ids, sets, parts, recorded, study: results.study },
        await readPredictions(folder),
      );
  return {
    number,
    ...found,
    sets: sets.map(({ id, title, candidates, parts: composition, classifier }) => ({
      id,
      title,
      candidates,
      ...(composition === undefined ? {} : { parts: composition }),
      ...(classifier === undefined ? {} : { classifier }),
    })),
    files: await filesOf(folder),
    provenance,
    checks: [
      {
        what: 'config.yaml has the hash that results.json and provenance.json name',
        holds:
          configHash(config) === results.study.configSha256 &&
          provenance.configSha256 === results.study.configSha256,
      },
      {
        what: 'the hash of every partition is that of its patients, none on both sides',
        holds: recorded.every(
          ({ train, test }) =>
            hashOfPatients(train.patients) === train.sha256 &&
            hashOfPatients(test.patients) === test.sha256 &&
            test.patients.every((patient) => !train.patients.includes(patient)),
        ),
      },
      ...found.checks,
    ],
  };
}

type Found = Pick<
  Trace,
  'pointer' | 'value' | 'low' | 'high' | 'p' | 'pHolm' | 'partitions' | 'checks'
>;

/** A metric named by the id of a number, with its endpoint and sets. */
interface SoughtMetric {
  endpoint: EndpointResults;
  /** Place of the endpoint among those of the run. */
  at: number;
  /** One set, or the two of a comparison. */
  ids: readonly string[];
  sets: readonly FeatureSetResults[];
  /** Endpoint, sets, metric and, for a single partition, its index. */
  parts: readonly string[];
  recorded: readonly RecordedPartition[];
  study: StudyResults['study'];
}

/** A metric of a set or of one partition, or a comparison of two sets. */
function metricOf(sought: SoughtMetric, predictions: readonly Prediction[]): Found {
  const { endpoint, sets, parts, recorded } = sought;
  const metric = parts[2] as MetricName;
  const traced = tracePartitions(sets, recorded, (results) => pairedValue(results, metric));
  return {
    ...summaryOf(sought, metric, traced),
    partitions: parts[3] === undefined ? traced : [traced[Number(parts[3])]],
    checks: [
      ...sets.map((set) => ({
        what: `predictions.parquet gives the same ${metric} of ${set.id} in all ${set.partitions.length} partitions`,
        holds: sameFromPredictions(set, metric, recorded, predictions, endpoint.id),
      })),
      {
        what: 'the partitions give the same mean, interval and p',
        holds: sameSummary(sought, metric, predictions),
      },
    ],
  };
}

/** Selection frequency of a feature: 1 or 0 per partition. */
function frequencyOf(
  endpoint: EndpointResults,
  at: number,
  set: FeatureSetResults,
  feature: string,
  recorded: readonly RecordedPartition[],
): Found {
  const which = set.selection.findIndex((one) => one.feature === feature);
  const traced = tracePartitions([set], recorded, ([{ selected }]) =>
    selected.includes(feature) ? 1 : 0,
  );
  const { frequency } = set.selection[which];
  return {
    pointer: `/endpoints/${at}/featureSets/${endpoint.featureSets.indexOf(set)}/selection/${which}/frequency`,
    value: frequency,
    low: Number.NaN,
    high: Number.NaN,
    partitions: traced,
    checks: [
      {
        what: 'the partitions kept it as often',
        holds: traced.filter(({ value }) => value === 1).length / traced.length === frequency,
      },
    ],
  };
}

function tracePartitions(
  sets: readonly FeatureSetResults[],
  recorded: readonly RecordedPartition[],
  valueOfOne: (results: readonly PartitionResults[]) => number,
): TracedPartition[] {
  return sets[0].partitions.map((first, i) => {
    const results = sets.map(({ partitions }) => partitions[i]);
    const hashes = recorded.find(({ index }) => index === first.index);
    return {
      index: first.index,
      seed: first.seed,
      value: valueOfOne(results),
      train: { ...first.train, sha256: hashes?.train.sha256 ?? 'not recorded' },
      test: { ...first.test, sha256: hashes?.test.sha256 ?? 'not recorded' },
      fits: results.map(({ threshold, booster, logistic, selected }) => ({
        threshold,
        booster,
        ...(logistic === undefined ? {} : { logistic }),
        selected,
      })),
    };
  });
}

/** The metric of a single set; for two sets, the first minus the second. */
function pairedValue(results: readonly PartitionResults[], metric: MetricName): number {
  const [first, second] = results.map(({ metrics }) => metrics[metric]);
  return second === undefined ? first : first - second;
}

function summaryOf(
  { endpoint, at, ids, sets, parts: [, , , partition] }: SoughtMetric,
  metric: MetricName,
  traced: readonly TracedPartition[],
): Pick<Trace, 'pointer' | 'value' | 'low' | 'high' | 'p' | 'pHolm'> {
  const set = endpoint.featureSets.indexOf(sets[0]);
  if (partition !== undefined) {
    const one = /^\d+$/.test(partition) ? traced[Number(partition)] : undefined;
    if (one === undefined || ids.length > 1) {
      throw new NacreError('unknown-name', 'there is no such partition', {
        found: partition,
        expected: `a set, not a comparison, and 0 to ${traced.length - 1}`,
      });
    }
    const pointer = `/endpoints/${at}/featureSets/${set}/partitions/${partition}/metrics/${metric}`;
    return { pointer, value: one.value, low: Number.NaN, high: Number.NaN };
  }
  if (ids.length > 1) {
    const which = endpoint.comparisons.findIndex(
      (one) => one.a === ids[0] && one.b === ids[1] && one.metric === metric,
    );
    const { difference, low, high, p, pHolm } = endpoint.comparisons[which];
    const pointer = `/endpoints/${at}/comparisons/${which}`;
    return { pointer, value: difference, low, high, p, pHolm };
  }
  const { mean, low, high } = sets[0].summary[metric];
  const pointer = `/endpoints/${at}/featureSets/${set}/summary/${metric}`;
  return { pointer, value: mean, low, high };
}

/** Metrics of the stored probabilities, at the stored thresholds, on the patients of the recorded partitions. */
function sameFromPredictions(
  set: FeatureSetResults,
  metric: MetricName,
  recorded: readonly RecordedPartition[],
  predictions: readonly Prediction[],
  endpoint: string,
): boolean {
  return set.partitions.every(({ index, threshold, metrics, confusion }) => {
    const { tested, labels, probabilities } = storedOf(predictions, endpoint, set.id, index);
    const patients = recorded.find((partition) => partition.index === index)?.test.patients ?? [];
    if (tested.length === 0 || tested.join() !== patients.join()) return false;
    const counted = confusionAt(labels, probabilities, threshold);
    return (
      metricsAt(labels, probabilities, threshold)[metric] === metrics[metric] &&
      counted.truePositive === confusion.truePositive &&
      counted.trueNegative === confusion.trueNegative
    );
  });
}

function sameSummary(
  { endpoint, ids, sets, study }: SoughtMetric,
  metric: MetricName,
  predictions: readonly Prediction[],
): boolean {
  const { design, seed } = study;
  const options = { design: designOf({ design }), seed, endpoint: endpoint.id };
  const [first, second] = sets.map((set) => ({
    id: set.id,
    partitions: testedPartitions(set, endpoint.id, predictions),
  }));
  if (second === undefined) {
    const again = summarisePartitions(first.partitions, first.id, options)[metric];
    const stored = sets[0].summary[metric];
    return again.mean === stored.mean && again.low === stored.low && again.high === stored.high;
  }
  const again = comparePartitions(metric, first, second, options);
  const stored = endpoint.comparisons.find(
    (one) => one.a === ids[0] && one.b === ids[1] && one.metric === metric,
  );
  const adjusted = holm(endpoint.comparisons.map(({ p }) => p));
  const place = endpoint.comparisons.indexOf(stored as PairedComparison);
  return (
    again.difference === stored?.difference &&
    again.p === stored.p &&
    (stored.pHolm === undefined || stored.pHolm === adjusted[place])
  );
}

/** The partitions of a set with the labels and probabilities that were stored of their test rows. */
function testedPartitions(
  set: FeatureSetResults,
  endpoint: string,
  predictions: readonly Prediction[],
): TestedPartition[] {
  return set.partitions.map(({ index, train, test, metrics, threshold }) => {
    const { labels, probabilities } = storedOf(predictions, endpoint, set.id, index);
    return { train, test, metrics, heldOut: { labels, probabilities, threshold } };
  });
}

/** Patients, labels and probabilities that were stored of the test rows of one partition. */
function storedOf(
  predictions: readonly Prediction[],
  endpoint: string,
  set: string,
  partition: number,
) {
  const rows = predictions.filter(
    (row) => row.endpoint === endpoint && row.featureSet === set && row.partition === partition,
  );
  return {
    tested: rows.map(({ patient }) => patient),
    labels: rows.map(({ label }) => label),
    probabilities: rows.map(({ probability }) => probability),
  };
}

async function filesOf(folder: string): Promise<Trace['files']> {
  const tables = featureFiles(folder);
  const files = [
    runFiles.config,
    runFiles.partitions,
    ...tables,
    runFiles.predictions,
    runFiles.results,
    // Runs of earlier versions have none.
    ...(existsSync(join(folder, runFiles.assumptions)) ? [runFiles.assumptions] : []),
  ];
  return Promise.all(
    files.map(async (file) => ({ file, sha256: await sha256OfFile(join(folder, file)) })),
  );
}
