import type { Audit } from '../evaluation/audit.ts';
import type { EndpointDescription } from '../evaluation/describe-columns.ts';
import type { StudyDesign } from '../evaluation/design.ts';
import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import type { FairnessScore } from '../evaluation/fairness-score.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import type { ClassifierName } from '../learning/logistic/logistic-settings.ts';
import type { AssumptionCount } from '../runtime/assumptions.ts';

/**
 * `results.json` of a run folder: the only source of the numbers of a study.
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
    /** Share of rows held out, 0 to 1; outside hold-outs the mean over partitions. */
    testShare: number;
    /** How patients were divided; absent in runs of earlier versions, which are hold-outs. */
    design?: StudyDesign | undefined;
    configSha256: string;
  };
  cohort: {
    id: string;
    title: string;
    citation: string;
    licence: string;
    /** True if the patients are synthetic; every table and figure then states it. */
    synthetic: boolean;
    /** Rows of the joined table, before an endpoint drops those without a label. */
    patients: number;
    /** Notes for the reader (random network weights, patients left out …). */
    notices: string[];
    /** `assumptions.json` in numbers, by kind, worst first. */
    assumptions?: AssumptionCount[] | undefined;
    /** Patients left out, each with the reason. Listed first in the report. */
    excluded: { patient: string; reason: string }[];
  };
  endpoints: EndpointResults[];
  /** Stability of features under redrawn outlines, where the study asks for it; a row per feature is in `perturbation.parquet`. */
  perturbation?: PerturbationResults | undefined;
}

export interface PerturbationResults {
  /** Redraws of each outline. */
  times: number;
  /** Form of the intraclass correlation below: `1,1` or `3,1`. */
  icc: '1,1' | '3,1';
  /** From which value on a feature counts as stable. */
  atLeast: number;
  groups: PerturbationGroup[];
}

/** Stability of the features of one extractor in one scan and region, over all patients. */
export interface PerturbationGroup {
  block: string;
  scan: string;
  region: string;
  features: number;
  /** Features without an intraclass correlation: the same value for everybody, or missing. */
  undefined: number;
  /** Features of at least `atLeast`. */
  stable: number;
  lowerQuartile: number | null;
  median: number | null;
  upperQuartile: number | null;
  /** Shares of all features: below 0.5, to 0.75, to 0.9, and from there on (Koo and Li 2016). */
  poor: number;
  moderate: number;
  good: number;
  excellent: number;
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
    /** The set that the number belongs to, where one was named. */
    set?: string | undefined;
    balancedAccuracy?: number | undefined;
    auc?: number | undefined;
  }[];
  /** For synthetic cohorts: balanced accuracy of the Bayes rule, by the data that it may use (`clinical`, `scans` …). */
  reachable?: Record<string, number> | undefined;
  featureSets: FeatureSetResults[];
  /** Sets with the same columns, one by a logistic regression and one by boosted trees. */
  sameColumns?: { line: string; trees: string }[] | undefined;
  /** Table 1, missing values and univariate tests of all labelled patients; absent in runs of earlier versions. */
  description?: EndpointDescription | undefined;
  /** Paired on the same partitions, of balanced accuracy and AUC; of all pairs, or of those with the reference. */
  comparisons: PairedComparison[];
  /** The paper's table, where the study asks for one: its rows, and the set that each other is tested against. */
  table?: { reference: string; sets: string[] } | undefined;
}

export interface FeatureSetResults {
  id: string;
  title: string;
  /** Patients with a label that enter this set. */
  patients: number;
  positives: number;
  /** Candidate columns before selection. */
  candidates: number;
  /** Parts of the set, if the study composes it by extractor, scan and region. */
  parts?: SetParts | undefined;
  /** Classifier of the set; absent for boosted trees. */
  classifier?: ClassifierName | undefined;
  partitions: PartitionResults[];
  summary: Record<MetricName, Interval>;
  /** Every metric by subgroup, on test rows; absent where nothing is broken down. */
  subgroups?: SubgroupResults[] | undefined;
  /** Score of the MAMA-MIA challenge; a constant answer scores 0.75. */
  fairness?: FairnessScore | undefined;
  /** Of leave-one-group-out: each group that was held out, with intervals over its patients. */
  byGroup?:
    | { name: string; patients: number; positives: number; summary: Record<MetricName, Interval> }[]
    | undefined;
  /** Every feature picked in at least one partition, by frequency, then mean rank, then name. */
  selection: SelectedFeature[];
  /** Selected features by scan, region and extractor; only for sets with `parts`. */
  groups?: SelectionGroup[] | undefined;
  /** Nogueira's stability of the final selection over partitions (1 same sets, 0 chance), with 95% interval. */
  stability: { value: number; low: number; high: number };
  /** Accuracy with fewer training patients, where the study asks for it. */
  learningCurve?: LearningCurvePoint[] | undefined;
  /** Permuted-label audit, where the study asks for one. */
  audit?: Audit | undefined;
}

/** The metrics of a set by the levels of one variable. */
export interface SubgroupResults {
  /** Short name of the column, and its meaning. */
  column: string;
  title: string;
  levels: {
    name: string;
    /** Labelled patients, and those of class 1. */
    patients: number;
    positives: number;
    /** Mean number of test rows per partition. */
    tested: number;
    /** Partitions in which the level's test rows could be measured. */
    partitions: number;
    /** Null where that is fewer than half of them, or where a class has fewer than five patients. */
    summary: Record<MetricName, Interval> | null;
  }[];
  /** Labelled patients without a value. */
  missing: number;
}

/** The parts of a feature set. */
export interface SetParts {
  extractors: string[];
  clinical: boolean;
  /** Scans and regions whose columns are in it, in the order of the columns. */
  scans: string[];
  regions: string[];
  /** The scans in short, by the study's own groups: `MRI`, `MRI + CT`; empty for clinical variables alone. */
  scansTitle: string;
  /** True if some features come from a network with RANDOM weights; the title states it too. */
  randomWeights: boolean;
  /** Extractors whose weights the study names itself; absent if there are none. The title states them too. */
  ownWeights?: string[] | undefined;
}

/** Where the selected features of one set come from. */
export interface SelectionGroup {
  by: 'scan' | 'region' | 'extractor';
  /** Name of the scan, region or extractor; `clinical` for clinical variables. */
  name: string;
  /** Number of candidate columns. */
  candidates: number;
  /** Mean number of kept features per partition. */
  kept: number;
  /** Share of all features kept, and of all gain, over the partitions; 0 to 1. */
  keptShare: number;
  gainShare: number;
}

export interface PartitionResults extends Omit<PartitionOutcome, 'selected' | 'probabilities'> {
  /** Final features, best first. */
  selected: string[];
}

/**
 * Mean and sd over partitions, 95% interval by the corrected resampled variance (Nadeau and Bengio 2003) on the angular scale,
 * within [0, 1] (see `resampledInterval`). Where each patient is
 * tested once (`fixed-split`, `leave-one-group-out`) the value and interval of all test rows, by `method`; then `sd` is over groups.
 */
export interface Interval {
  mean: number;
  /** Null in the file where there is one partition. */
  sd: number;
  low: number;
  high: number;
  /** Absent: corrected resampled t, on the angular scale. `wilson` there: the partitions have no spread. */
  method?: 'delong' | 'wilson' | 'bootstrap' | undefined;
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
  /** Mean importance where kept: gain of its splits, or |coefficient| per standard deviation for a logistic regression. */
  meanGain: number;
  /** Of a logistic regression: mean coefficient per standard deviation where kept; its sign is the direction. */
  meanCoefficient?: number | undefined;
}

/** One point of a learning curve. */
export interface LearningCurvePoint {
  /** Share of the training rows, in (0, 1]; 1 is the study itself. */
  share: number;
  /** Training patients, mean over partitions. */
  trainPatients: number;
  /** On the test rows of the study, one value per partition. */
  metrics: Record<'balancedAccuracy' | 'auc', { mean: number; values: number[] }>;
}

export interface PairedComparison {
  a: string;
  b: string;
  metric: MetricName;
  /** Mean of a minus b over partitions. */
  difference: number;
  low: number;
  high: number;
  /** Null if all partitions differ by the same amount, because the test needs a spread. */
  t: number | null;
  /** Two-sided; null as `t`, and for a bootstrap interval, which gives none. */
  p: number | null;
  /** Absent: corrected resampled t-test. `wilson`: all partitions differ by the same amount. */
  method?: 'delong' | 'bootstrap' | 'wilson' | undefined;
  /** `p` adjusted by Holm for all comparisons of the endpoint; absent in runs of earlier versions. */
  pHolm?: number | null | undefined;
}
