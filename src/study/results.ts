import type { Audit } from '../evaluation/audit.ts';
import type { MetricName, Metrics } from '../evaluation/metrics.ts';

/**
 * `results.json` of a run folder: the one place where a number of a study is born.
 * Tables, figures, notebooks and README read it here. A number that has no value (a stability where all was kept,
 * say) is null in the file.
 * Written by `runStudy`, read by `readRun`.
 */
export interface StudyResults {
  schema: 1;
  study: {
    id: string;
    title: string;
    seed: number;
    /** Number of partitions. */
    partitions: number;
    /** Share of rows held out, 0 to 1. */
    testShare: number;
    configSha256: string;
  };
  cohort: {
    id: string;
    title: string;
    citation: string;
    licence: string;
    /** True where patients were made by code; every table and figure then says so. */
    synthetic: boolean;
    /** Rows of the joined table, before an endpoint drops those without a label. */
    patients: number;
    /** What a reader must know beside the numbers (random network weights, patients left out …). */
    notices: string[];
    /** Patients left out, each with the reason. Listed first in the report. */
    excluded: { patient: string; reason: string }[];
  };
  endpoints: EndpointResults[];
}

export interface EndpointResults {
  id: string;
  title: string;
  /** Name of class 1: `pCR`, `responder`. */
  positiveName: string;
  /** Name of class 0: `non-pCR`, `non-responder`. */
  negativeName: string;
  patients: number;
  positives: number;
  /** Numbers from papers, in columns of their own, never instead of ours. Shares in [0, 1]. */
  published: {
    label: string;
    source: string;
    balancedAccuracy?: number | undefined;
    auc?: number | undefined;
  }[];
  featureSets: FeatureSetResults[];
  /** Paired on the same partitions, of balanced accuracy and AUC. */
  comparisons: PairedComparison[];
}

export interface FeatureSetResults {
  id: string;
  title: string;
  /** Patients with a label that enter this set. */
  patients: number;
  positives: number;
  /** Candidate columns before selection. */
  candidates: number;
  partitions: PartitionResults[];
  summary: Record<MetricName, Interval>;
  /** Every feature picked in at least one partition, by frequency, then mean rank, then name. */
  selection: SelectedFeature[];
  /** Nogueira's stability of the final selection over partitions (1 same sets, 0 chance), with 95% interval. */
  stability: { value: number; low: number; high: number };
  /** Permuted-label audit, where the study asks for one. */
  audit?: Audit | undefined;
}

export interface PartitionResults {
  index: number;
  seed: number;
  train: { patients: number; positives: number };
  test: { patients: number; positives: number };
  metrics: Metrics;
  confusion: {
    truePositive: number;
    falsePositive: number;
    trueNegative: number;
    falseNegative: number;
  };
  /** Probability at and above which class 1 is predicted, chosen on training rows. */
  threshold: number;
  /** Booster parameters chosen by inner folds. */
  booster: Record<string, number>;
  /** Final features, best first. */
  selected: string[];
}

/** Mean and sd over partitions, 95% interval by the corrected resampled t-test (Nadeau and Bengio 2003). */
export interface Interval {
  mean: number;
  sd: number;
  low: number;
  high: number;
}

export interface SelectedFeature {
  feature: string;
  block: string;
  modality?: string | undefined;
  region?: string | undefined;
  /** Share of partitions that kept it, 0 to 1. */
  frequency: number;
  /** Mean rank where kept, 1 best. */
  meanRank: number;
  /** Mean gain importance where kept. */
  meanGain: number;
}

export interface PairedComparison {
  a: string;
  b: string;
  metric: MetricName;
  /** Mean of a minus b over partitions. */
  difference: number;
  low: number;
  high: number;
  t: number;
  /** Two-sided, corrected resampled t-test. */
  p: number;
}
