import { calibrationError } from '../evaluation/calibration-error.ts';
import { constantAnswerScore } from '../evaluation/fairness-score.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import { recalibration } from '../evaluation/recalibration.ts';
import { eachWithDisplay } from '../runtime/jupyter-display.ts';
import type { FeatureSetResults, SelectionGroup } from '../study/results.ts';
import { armReasons } from './arm-reasons.ts';
import { evaluationRows } from './evaluation-rows.ts';
import type { EndpointOptions } from './figures/balanced-accuracy.ts';
import {
  endpointOf,
  featureSetOf,
  type OpenedRun,
  perturbationOf,
  predictionsByPartition,
} from './open-run.ts';
import { ablations, bestReachableFor, paperRows } from './paper-table.ts';
import { flow, missingValues, sampleSize, tableOne, univariate } from './patient-tables.ts';
import type { TableRow } from './table-row.ts';

export type { TableRow } from './table-row.ts';

/** Tables of a run, or of a model's evaluation elsewhere, as rows of plain values, for notebooks (`show(tables.comparison(run))`) and data frames. */
export const tables = eachWithDisplay({
  comparison,
  reasons,
  perturbation,
  published,
  ablation,
  origins,
  paired,
  audit,
  subgroups,
  fairness,
  calibration,
  partitions,
  tableOne,
  flow,
  missingValues,
  univariate,
  sampleSize,
  elsewhere: evaluationRows,
});

/**
 * The paper's table: a row per feature set with mean and interval of balanced accuracy, its test against the reference,
 * the published number for the same set beside ours. Runs that ask for no such table show all their sets.
 */
function comparison(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  const endpoint = endpointOf(run, options.endpoint);
  const asked = paperRows(endpoint);
  const rows =
    asked.length > 0
      ? asked
      : endpoint.featureSets.map((set) => ({
          set,
          test: undefined,
          published: endpoint.published.find((row) => row.set === set.id),
        }));
  const tested = rows.some(({ test }) => test !== undefined);
  const reachable = rows.some(({ set }) => bestReachableFor(endpoint, set) !== undefined);
  const isPublished = rows.some((row) => row.published !== undefined);
  return rows.map(({ set, test, published }) => ({
    'feature set': set.title,
    candidates: set.candidates,
    'balanced accuracy': set.summary.balancedAccuracy.mean,
    sd: set.summary.balancedAccuracy.sd,
    '95% low': set.summary.balancedAccuracy.low,
    '95% high': set.summary.balancedAccuracy.high,
    AUC: set.summary.auc.mean,
    ...(tested
      ? { 'reference minus this': test?.difference, 'p, Holm': test?.pHolm ?? undefined }
      : {}),
    ...(reachable ? { 'best reachable': bestReachableFor(endpoint, set) } : {}),
    ...(isPublished ? { published: published?.balancedAccuracy } : {}),
  }));
}

/** The partitions of an endpoint, with the number of patients who stand on both sides (0 in a sound run). */
function partitions(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  const { id, positiveName } = endpointOf(run, options.endpoint);
  return run.partitions[id].map(({ index, seed, train, test }) => {
    const trained = new Set(train.patients);
    return {
      partition: index,
      seed,
      train: train.patients.length,
      test: test.patients.length,
      'on both sides': test.patients.filter((patient) => trained.has(patient)).length,
      [`test: ${positiveName}`]: test.positives,
      'test ids, SHA-256': test.sha256.slice(0, 12),
    };
  });
}

/** A sentence per feature set of the table: where it ended, and why. */
function reasons(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  return armReasons(endpointOf(run, options.endpoint)).map(({ set, chance, sentence }) => ({
    'feature set': set.title,
    chance,
    'why it ends there': sentence,
  }));
}

/** Stability under redrawn outlines: a row per extractor, scan and region. @throws NacreError `no-perturbation` */
function perturbation(run: OpenedRun): TableRow[] {
  const { icc, groups } = perturbationOf(run);
  return groups.map((group) => ({
    extractor: group.block,
    scan: group.scan,
    region: group.region,
    features: group.features,
    stable: group.stable,
    [`median ICC(${icc})`]: group.median ?? undefined,
    'lower quartile': group.lowerQuartile ?? undefined,
    'upper quartile': group.upperQuartile ?? undefined,
  }));
}

/** Published numbers, each with its source. They come from other patients, so they do not replace ours. */
function published(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  return endpointOf(run, options.endpoint).published.map((row) => ({
    published: row.label,
    'balanced accuracy': row.balancedAccuracy,
    AUC: row.auc,
    source: row.source,
  }));
}

/** Ablation of one extractor: a row per choice of scans, a column per choice of regions. */
function ablation(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  const endpoint = endpointOf(run, options.endpoint);
  return ablations(endpoint).flatMap((family) =>
    family.rows.map((scans) => ({
      features: family.title,
      scans,
      ...Object.fromEntries(
        family.columns.map((regions) => [
          regions,
          family.at(scans, regions)?.summary.balancedAccuracy.mean,
        ]),
      ),
    })),
  );
}

/** Where selected features come from (`by` scan, region or extractor), beside the share of candidates there. */
function origins(
  run: OpenedRun,
  options: EndpointOptions & { by?: SelectionGroup['by'] | undefined } = {},
): TableRow[] {
  const endpoint = endpointOf(run, options.endpoint);
  const by = options.by ?? 'region';
  return endpoint.featureSets.flatMap((set) => {
    const groups = (set.groups ?? []).filter((group) => group.by === by);
    if (groups.length < 2) return [];
    return groups.map((group) => ({
      'feature set': set.title,
      [by]: group.name,
      candidates: group.candidates,
      'share of candidates': group.candidates / set.candidates,
      'share of features kept': group.keptShare,
      'share of gain': group.gainShare,
    }));
  });
}

/** Paired differences on the same partitions, each with its p-value and with Holm's for all tests of the endpoint. */
function paired(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  const { comparisons, featureSets } = endpointOf(run, options.endpoint);
  const titleOf = (id: string) => featureSets.find((set) => set.id === id)?.title ?? id;
  return comparisons.map(({ a, b, metric, difference, low, high, p, pHolm }) => ({
    first: titleOf(a),
    second: titleOf(b),
    metric: metric === 'balancedAccuracy' ? 'balanced accuracy' : metric === 'auc' ? 'AUC' : metric,
    'first − second': difference,
    '95% low': low,
    '95% high': high,
    p: p ?? undefined,
    'p, Holm': pHolm ?? undefined,
  }));
}

/** A metric by subgroup, for every set or one: counts, and the 95% interval where a subgroup could be measured. */
function subgroups(
  run: OpenedRun,
  options: EndpointOptions & {
    featureSet?: string | undefined;
    /** Default balanced accuracy. */
    metric?: MetricName | undefined;
  } = {},
): TableRow[] {
  const endpoint = endpointOf(run, options.endpoint);
  const metric = options.metric ?? 'balancedAccuracy';
  const sets: readonly FeatureSetResults[] =
    options.featureSet === undefined
      ? endpoint.featureSets
      : [featureSetOf(endpoint, options.featureSet)];
  return sets.flatMap((set) =>
    (set.subgroups ?? []).flatMap(({ title, levels }) =>
      levels.map(({ name, patients, positives, partitions, summary }) => ({
        'feature set': set.title,
        variable: title,
        level: name,
        patients,
        [endpoint.positiveName]: positives,
        'measured in partitions': partitions,
        [metric === 'balancedAccuracy' ? 'balanced accuracy' : metric]: summary?.[metric].mean,
        '95% low': summary?.[metric].low,
        '95% high': summary?.[metric].high,
      })),
    ),
  );
}

/** Score of the MAMA-MIA challenge of every set, the constant answer's beside it. */
function fairness(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  return endpointOf(run, options.endpoint).featureSets.flatMap(({ title, fairness: found }) =>
    found === undefined
      ? []
      : [
          {
            'feature set': title,
            score: found.score,
            'score of a constant answer': constantAnswerScore,
            'balanced accuracy': found.balancedAccuracy,
            'mean gap in equalised odds': found.meanGap,
            ...Object.fromEntries(found.gaps.map(({ variable, gap }) => [`gap: ${variable}`, gap])),
          },
        ],
  );
}

/** The permuted-label audit of every audited set. */
function audit(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  return endpointOf(run, options.endpoint).featureSets.flatMap(({ title, summary, audit }) =>
    audit === undefined
      ? []
      : [
          {
            'feature set': title,
            permutations: audit.permutations,
            'shuffled labels, mean': audit.mean,
            'standard error': audit.standardError ?? undefined,
            'within 2 standard errors of 0.5': audit.atChance ?? undefined,
            'real labels': summary.balancedAccuracy.mean,
            'p of the real labels': audit.p ?? undefined,
            'smallest p possible': 1 / (audit.permutations + 1),
            'leak of 10 points passes': audit.power?.passes,
          },
        ],
  );
}

/** Calibration of every set on held-out patients, over all partitions: means, slope and intercept, Brier score. */
function calibration(
  run: OpenedRun,
  options: EndpointOptions & { featureSet?: string | undefined } = {},
): TableRow[] {
  const endpoint = endpointOf(run, options.endpoint);
  const sets: readonly FeatureSetResults[] =
    options.featureSet === undefined
      ? endpoint.featureSets
      : [featureSetOf(endpoint, options.featureSet)];
  return sets.map((set) => {
    const rows = predictionsByPartition(run, endpoint.id, set.id).flat();
    const { predicted, observed, slope, intercept, slopeIntercept } = recalibration(
      rows.map(({ label }) => label),
      rows.map(({ probability }) => probability),
    );
    return {
      'feature set': set.title,
      'mean predicted': predicted,
      'observed share': observed,
      'calibration intercept (slope 1)': intercept,
      'calibration slope': slope,
      'intercept at that slope': slopeIntercept,
      'Brier (0 best)': set.summary.brier.mean,
      'Brier of the observed share': observed * (1 - observed),
      'expected calibration error': calibrationError(
        rows.map(({ label }) => label),
        rows.map(({ probability }) => probability),
      ),
    };
  });
}
