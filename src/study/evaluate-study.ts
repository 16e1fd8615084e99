import '../machine/xgboost/provide-native.ts';
import type { Cohort } from '../cohort/cohort.ts';
import { permutedLabels as permutedLabelsOf } from '../evaluation/audit.ts';
import { designOf, isResampled } from '../evaluation/design.ts';
import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import { auditByGroup, type GroupValues } from '../evaluation/grouped-labels.ts';
import { smallClasses } from '../evaluation/small-classes.ts';
import { type HarmoniseSettings, takes } from '../learning/combat/harmonise-settings.ts';
import type { Partition } from '../learning/rows.ts';
import type { Booster } from '../learning/xgboost/booster.ts';
import { loadBooster } from '../learning/xgboost/load-booster.ts';
import { AssumptionLog } from '../runtime/assumptions.ts';
import type { Progress } from '../runtime/progress.ts';
import { ResultStore } from '../runtime/result-store.ts';
import { runUnkept } from '../runtime/run-tasks.ts';
import { workerModule } from '../runtime/worker-thread.ts';
import { sharedTable } from '../table/shared-table.ts';
import { assembleResults } from './assemble-results.ts';
import { requireEndpoints, type StudyConfig } from './config.ts';
import { describeEndpoints } from './describe-endpoints.ts';
import { labelledRows, rowSites } from './design-columns.ts';
import { type Divider, divider, keptTogether } from './divide-study.ts';
import { namedPart, type ResolvedSet, resolveFeatureSets } from './feature-sets.ts';
import { learningCurveUnits } from './learning-curve.ts';
import type { StudyResults } from './results.ts';
import { noteSites, outcomeWarning } from './site-checks.ts';
import { subgroupVariables } from './subgroup-levels.ts';
import { groupUnits } from './unit-groups.ts';
import {
  type Arm,
  codeHash,
  columnsOf,
  hashOfArm,
  keyOfUnit,
  runUnits,
  type Unit,
  type WorkerSetup,
} from './units.ts';

/** Plan of a study: its tables, partitions and units of work. */
export interface StudyPlan {
  config: StudyConfig;
  /** The cohort, with the assumptions that the plan added. */
  cohort: Cohort;
  sets: readonly ResolvedSet[];
  /** The candidate tables with their labels: each endpoint with each feature set. */
  arms: readonly Arm[];
  /** By endpoint. */
  partitions: ReadonlyMap<string, readonly Partition[]>;
  units: readonly Unit[];
  /** The booster that the pipeline asks for, as this machine has it. */
  booster: Pick<Booster, 'name'> & { library: string | undefined };
}

export interface EvaluateStudyOptions {
  /** Workers, each a thread; one is the thread of the caller. No number depends on it. */
  workers: number;
  /** Old-generation heap of a worker, MiB. Default: Node's own. */
  heapMiB?: number | undefined;
  /** Folder in which finished units are kept and found again; absent: none are kept. */
  keep?: string | undefined;
  /** Makes the progress display, given how many units there are and how many an earlier run left done. */
  progress?: ((total: number, already: number) => Progress) | undefined;
  signal?: AbortSignal | undefined;
}

export interface StudyEvaluation {
  /** One per unit of the plan, in its order. */
  outcomes: PartitionOutcome[];
  results: StudyResults;
  /** Units computed now; the others were kept from an earlier run. */
  computed: number;
}

/**
 * Plans a study: its candidate tables, its partitions and all units of work.
 *
 * @throws NacreError `bad-config`, `unknown-name`, `one-class`, `too-few-of-a-class`, `booster-unavailable`
 */
export async function planStudy(config: StudyConfig, cohort: Cohort): Promise<StudyPlan> {
  requireEndpoints(config);
  const blocks = Object.fromEntries(
    Object.entries(cohort.blocks).map(([name, table]) => [name, sharedTable(table)]),
  );
  const sets = resolveFeatureSets(config, { id: cohort.id, blocks });
  const redraws = config.pipeline.stability && sharedRedraws(cohort.redraws);
  const arms = config.endpoints
    .flatMap((endpoint) => armsOf(sets, cohort, endpoint, config.pipeline.harmonise))
    .map((arm) => (redraws === undefined ? arm : { ...arm, redraws }));
  const divide = divider(config, cohort);
  for (const id of config.endpoints) {
    // Refuses a column that is not there before hours of work.
    subgroupVariables(config, cohort, labelledRows(cohort.endpoints[id].labels));
  }
  const designed = new Map(
    config.endpoints.map((id) => {
      const { labels } = arms.find(({ endpoint }) => endpoint === id)!;
      return [id, divide(id, labels)] as const;
    }),
  );
  const partitions = new Map([...designed].map(([id, drawn]) => [id, drawn.partitions]));
  const log = new AssumptionLog();
  log.noteAll(cohort.assumptions ?? []);
  for (const [id, drawn] of designed) {
    const { labels } = arms.find(({ endpoint }) => endpoint === id)!;
    log.noteAll(drawn.assumptions.map((one) => ({ ...one, found: `${id}: ${one.found}` })));
    noteArmSites(
      arms.filter(({ endpoint }) => endpoint === id),
      drawn.partitions,
      config,
      log,
    );
    log.noteAll(smallClasses(cohort.endpoints[id], labels, drawn.partitions));
    const column = designOf(config).keepTogether;
    if (column !== undefined && config.audit.permutations > 0) {
      const strata = sidesOf(config, drawn.partitions) ?? [Array.from(labels.keys())];
      log.note(auditByGroup({ id, column }, labels, keptTogether(config, cohort, id)!, strata));
    }
  }
  const ofArms = arms.flatMap((arm, number) =>
    unitsOf(arm, number, partitions.get(arm.endpoint)!, config, {
      divide,
      groups: keptTogether(config, cohort, arm.endpoint),
    }),
  );
  // Real labels of all sets first, so that a run that is stopped early has its results; the audit comes last.
  const units = [
    ...ofArms.filter(({ permutedLabels }) => permutedLabels === undefined),
    ...ofArms.filter(({ permutedLabels }) => permutedLabels !== undefined),
  ];
  const { name, library } = await loadBooster(config.pipeline.booster.implementation);
  const noted = {
    ...cohort,
    assumptions: log.list(),
    notices: config.pipeline.harmonise?.outcome
      ? [...cohort.notices, `${outcomeWarning.found}: ${outcomeWarning.taken}`]
      : cohort.notices,
  };
  return { config, cohort: noted, sets, arms, partitions, units, booster: { name, library } };
}

/**
 * Evaluates a planned study: the same plan gives the same results, whatever the number of workers. Writes nothing but the units
 * that it is asked to keep.
 *
 * @throws what the pipeline refuses (infinite values and the like)
 */
export async function evaluateStudy(
  { config, cohort, arms, units, booster }: StudyPlan,
  { keep, ...options }: EvaluateStudyOptions,
): Promise<StudyEvaluation> {
  const setup: WorkerSetup = {
    arms,
    pipeline: config.pipeline,
    seed: config.seed,
    engine: booster.name,
  };
  const kept = keep === undefined ? undefined : keptUnits(keep, units, setup);
  const outcomes = units.map((_, number) => kept?.read(number)) as PartitionOutcome[];
  const pending = units.flatMap((unit, number) =>
    outcomes[number] === undefined ? [{ number, unit }] : [],
  );
  const groups = groupUnits(pending, arms, options.workers);
  const tasks = groups.map((group) => group.map(({ unit }) => unit));
  const running = runUnkept<readonly Unit[], PartitionOutcome[]>(
    tasks,
    {
      module: workerModule(import.meta.url, './unit-worker'),
      setup,
      // One worker needs no thread, which would load all modules again; a limit of its heap does.
      here:
        options.heapMiB === undefined
          ? async () => ({ work: (group) => runUnits(setup, group) })
          : undefined,
    },
    {
      ...options,
      kept: () => undefined,
      keep: (task, done) =>
        groups[task].forEach(({ number }, i) => {
          outcomes[number] = done[i];
          kept?.write(number, done[i]);
        }),
      nameOf: ([{ name }]) => name,
      unitsOf: (task) => task.length,
      finished: units.length - pending.length,
    },
  );
  // Described while the workers are at work.
  const [descriptions] = await Promise.all([describeEndpoints(config, arms), running]);
  const results = assembleResults(config, cohort, arms, units, outcomes, descriptions);
  return { outcomes, computed: pending.length, results };
}

function keptUnits(folder: string, units: readonly Unit[], setup: WorkerSetup) {
  const store = new ResultStore<PartitionOutcome>(folder);
  const code = codeHash();
  const armHashes = setup.arms.map(hashOfArm);
  const keys = units.map((unit) => keyOfUnit(unit, armHashes[unit.arm], setup, code));
  const file = (index: number) => `${units[index].name}.json`;
  return {
    read: (index: number) => store.read(file(index), keys[index])?.result,
    write: (index: number, outcome: PartitionOutcome) =>
      store.write(file(index), keys[index], outcome),
  };
}

/** The candidate tables of one endpoint, a feature set each, all with the same labelled patients in the same order. */
function armsOf(
  sets: readonly ResolvedSet[],
  cohort: Cohort,
  endpoint: string,
  harmonise: HarmoniseSettings | undefined,
): Arm[] {
  const outcome = namedPart(cohort.endpoints, endpoint, 'endpoint', cohort);
  const rows = labelledRows(outcome.labels);
  const patients = rows.map((row) => cohort.patients[row]);
  const labels = rows.map((row) => outcome.labels[row]);
  const sites = harmonise && rowSites(cohort, rows, harmonise);
  return sets.map(({ id, title, parts, classifier, tables }) => ({
    endpoint,
    featureSet: id,
    title,
    parts,
    ...(classifier === undefined ? {} : { classifier }),
    patients,
    tables,
    labels: Uint8Array.from(labels),
    ...(sites === undefined ? {} : { sites }),
  }));
}

/** The redrawn tables in memory that worker threads share. */
function sharedRedraws(redraws: Cohort['redraws']): Cohort['redraws'] {
  return (
    redraws &&
    Object.fromEntries(
      Object.entries(redraws).map(([block, draws]) => [block, draws.map(sharedTable)]),
    )
  );
}

function unitsOf(
  arm: Arm,
  number: number,
  partitions: readonly Partition[],
  config: StudyConfig,
  { divide, groups }: { divide: Divider; groups: GroupValues | undefined },
): Unit[] {
  const name = (what: string, partition: Partition) =>
    `${arm.endpoint}~${arm.featureSet}~${what}~${String(partition.index).padStart(3, '0')}`;
  const real: Unit[] = partitions.map((partition) => ({
    name: name('real', partition),
    arm: number,
    partition,
  }));
  const audited = config.audit.sets?.includes(arm.featureSet) ?? true;
  const audit = Array.from(
    { length: audited ? config.audit.permutations : 0 },
    (_, permutation) => {
      const sides = sidesOf(config, partitions);
      const labels = permutedLabelsOf(arm.labels, config.seed, permutation, sides, groups);
      const shuffled = sides === undefined ? divide(arm.endpoint, labels).partitions : partitions;
      return shuffled.map((partition) => ({
        name: name(`permuted-${String(permutation).padStart(3, '0')}`, partition),
        arm: number,
        partition,
        permutedLabels: labels,
      }));
    },
  );
  return [...real, ...audit.flat(), ...learningCurveUnits(arm, number, partitions, config)];
}

/** Where the rows of a side are given, labels are shuffled within the sides, so that each keeps both classes; undefined: over all rows. */
function sidesOf(
  config: StudyConfig,
  partitions: readonly Partition[],
): (readonly number[])[] | undefined {
  return isResampled(designOf(config)) ? undefined : disjointSides(partitions);
}

/** Rows of each side of a given split; of several groups, each of which is held out once, those of each group. */
function disjointSides(partitions: readonly Partition[]): (readonly number[])[] {
  if (partitions.length > 1) return partitions.map(({ test }) => test);
  return partitions.flatMap(({ train, test }) => [train, test]);
}

/** Notes the sites of the arms of one endpoint, where a set has columns that are harmonised. */
function noteArmSites(
  arms: readonly Arm[],
  partitions: readonly Partition[],
  { pipeline: { harmonise } }: StudyConfig,
  log: AssumptionLog,
): void {
  const arm = arms.find((one) =>
    columnsOf(one).some((column) => harmonise && takes(harmonise, column)),
  );
  if (arm?.sites === undefined || harmonise === undefined) return;
  noteSites(arm.endpoint, arm.patients, arm.sites, partitions, harmonise, log.note);
}
