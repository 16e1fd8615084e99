import { expect, it } from 'vitest';
import type { Cohort } from '../../../src/cohort/cohort.ts';
import { designPartitions } from '../../../src/evaluation/design-partitions.ts';
import { evaluatePartition } from '../../../src/evaluation/evaluate-partition.ts';
import { selectBeforeSplit, untuned } from '../../../src/evaluation/selection-leak.ts';
import { labTables } from '../../../src/explore/lab-tables.ts';
import type { LabColumns, LabRequest, LabSet } from '../../../src/explore/protocol.ts';
import { runLab } from '../../../src/explore/worker/run-lab.ts';
import { RandomStream } from '../../../src/runtime/random-stream.ts';
import { studyConfigSchema } from '../../../src/study/config.ts';
import { evaluateStudy, planStudy } from '../../../src/study/evaluate-study.ts';
import { labelledTable } from '../../../src/study/open-study.ts';
import { featureTable } from '../../../src/table/feature-table.ts';

// Three scans of each of forty patients: they share an answer, and look alike.
const scans = 120;
const stream = RandomStream.of(2, 'lab');
const patients = Array.from({ length: scans }, (_, row) => `scan${row}`);
const person = (row: number) => Math.floor(row / 3);
const labels = Int8Array.from(patients, (_, row) => person(row) % 2);
const looks = Array.from({ length: 40 }, () => Array.from({ length: 40 }, () => stream.normal()));
const cohort: Cohort = {
  ...{ id: 'made', title: 'Made', citation: 'none', licence: 'none', synthetic: true },
  patients,
  blocks: {
    looks: featureTable(
      patients,
      looks.map((of, c) => ({
        name: `looks.${c}`,
        block: 'looks',
        values: Float64Array.from(patients, (_, row) => of[person(row)] + 0.1 * stream.normal()),
      })),
    ),
  },
  endpoints: {
    pcr: { id: 'pcr', title: 'pCR', positiveName: 'yes', negativeName: 'no', labels },
  },
  columns: {
    person: {
      ...{ meaning: 'm', measured: 'assigned', type: 'text' },
      values: patients.map((_, row) => `somebody-${person(row)}`),
    },
  },
  ...{ notices: [], excluded: [], inputs: [] },
};
const config = studyConfigSchema.parse({
  ...{ id: 'made', title: 'Made', cohort: 'made', endpoints: ['pcr'], seed: 3, partitions: 3 },
  featureSets: [{ id: 'looks', blocks: ['looks'] }],
  design: { kind: 'hold-out', keepTogether: 'person' },
  pipeline: { mrmr: { features: 8 }, booster: { rounds: [15], maxDepth: [2] } },
  audit: { permutations: 2 },
});

async function inPage() {
  const plan = await planStudy(config, cohort);
  const evaluated = await evaluateStudy(plan, { workers: 1 });
  const { endpoints, parts } = labTables({ config, cohort }, evaluated.results);
  const [{ element }] = endpoints[0].sets;
  const set = parts.get(element) as LabSet;
  const columns = parts.get('lab-columns') as LabColumns;
  const draw = async (asked: Partial<LabRequest>) => {
    const answers = [];
    const request: LabRequest = {
      ...{ kind: 'lab', id: 1, columns, set, seed: config.seed, partitions: config.partitions },
      ...{ flippedShare: 0, selectBefore: false, tuned: true },
      ...asked,
    };
    for await (const answer of runLab(request)) answers.push(answer);
    return answers;
  };
  return { plan, set, draw, ...evaluated };
}

it('draws and audits a study whose rows belong together as the study itself does', async () => {
  const { set, draw, results, plan, outcomes } = await inPage();
  expect(JSON.stringify(set)).not.toContain('somebody');
  expect(set.together).toEqual({ column: 'person', groups: patients.map((_, row) => person(row)) });
  const ofStudy = results.endpoints[0].featureSets[0].partitions;
  const first = await draw({});
  expect(first.map(({ balancedAccuracy }) => balancedAccuracy)).toEqual(
    ofStudy.map(({ metrics }) => metrics.balancedAccuracy),
  );
  for (const permutation of [0, 1]) {
    const name = `permuted-00${permutation}`;
    const audited = outcomes.filter((_, u) => plan.units[u].name.includes(name));
    const here = await draw({ permutation });
    expect(audited).toHaveLength(3);
    expect(here.map(({ balancedAccuracy }) => balancedAccuracy)).toEqual(
      audited.map(({ metrics }) => metrics.balancedAccuracy),
    );
  }
});

it('flips whole groups, and selects before the split on the same partitions', async () => {
  const { set, draw } = await inPage();
  const { table, labels: recorded, groups } = labelledTable({ config, cohort }, 'pcr', 'looks');
  // The drawn third, found by hand: groups in random order until every third row is flipped.
  const order = RandomStream.of(config.seed, 'explore', 'flip').shuffled(Array(40).keys());
  const flipped = new Set(order.slice(0, 13));
  const labels = recorded.map((label, row) => (flipped.has(person(row)) ? 1 - label : label));
  const leaky = await selectBeforeSplit(table, labels, {
    config: untuned(set.pipeline),
    seed: set.seed,
  });
  const { partitions } = designPartitions(labels, () => groups ?? [], config);
  const answers = await draw({ flippedShare: 1 / 3, selectBefore: true, tuned: false });
  for (const [p, partition] of partitions.entries()) {
    const { metrics } = await evaluatePartition(leaky.table, labels, partition, {
      ...{ config: leaky.config, seed: set.seed, name: `pcr~looks~real~00${p}` },
    });
    expect(answers[p].balancedAccuracy).toBe(metrics.balancedAccuracy);
  }
});
