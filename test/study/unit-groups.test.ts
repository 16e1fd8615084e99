import { describe, expect, it } from 'vitest';
import { pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { groupUnits } from '../../src/study/unit-groups.ts';
import { type Arm, runUnit, runUnits, type Unit } from '../../src/study/units.ts';
import { type FeatureTable, featureTable } from '../../src/table/feature-table.ts';
import { everyFifth, lcgTable } from '../learning/lcg-table.ts';

const { table, labels } = lcgTable();
const blockOf = (block: string, from: number, to: number, prefix = block) =>
  featureTable(
    table.patients,
    table.columns
      .slice(from, to)
      .map((column) => ({ ...column, block, name: `${prefix}.${column.name}` })),
  );
const clinical = blockOf('clinical', 0, 5);
const network = blockOf('network', 5, 40);
const radiomics = blockOf('radiomics', 40, 62);
const some = featureTable(radiomics.patients, radiomics.columns.slice(0, 9));
const arm = (featureSet: string, ...tables: FeatureTable[]): Arm => ({
  ...{ endpoint: 'pcr', featureSet, title: featureSet, patients: table.patients, tables, labels },
});
const arms = [
  arm('clinical', clinical),
  arm('network', network),
  arm('network-clinical', network, clinical),
  arm('some', some),
  arm('radiomics-clinical', radiomics, clinical),
];
const unitsOf = (number: number): Unit[] =>
  [0, 1, 2, 3].map((k) => ({
    name: `${arms[number].featureSet}~${k}`,
    arm: number,
    partition: everyFifth(120, k),
  }));
const units = arms.flatMap((_, number) => unitsOf(number));
const numbered = units.map((unit, number) => ({ number, unit }));
const names = (groups: ReturnType<typeof groupUnits>) =>
  groups.map((group) => group.map(({ unit }) => unit.name));

describe('units in groups', () => {
  it('are those of one partition whose sets share most columns', () => {
    const groups = names(groupUnits(numbered, arms, 2));
    expect(groups).toHaveLength(12);
    expect(groups.slice(0, 5)).toEqual([
      ['clinical~0'],
      ['clinical~1'],
      ['clinical~2'],
      ['clinical~3'],
      ['network~0', 'network-clinical~0'],
    ]);
    expect(groups.at(-1)).toEqual(['some~3', 'radiomics-clinical~3']);
  });

  it('stay alone where the labels, the rows or the values under one name differ', () => {
    const permuted = units.slice(8, 12).map((unit) => ({
      ...unit,
      permutedLabels: Uint8Array.from(labels).reverse(),
    }));
    const others = [...units.slice(4, 8), ...permuted].map((unit, number) => ({ number, unit }));
    expect(names(groupUnits(others, arms, 1)).every(({ length }) => length === 1)).toBe(true);
    const renamed = blockOf('network', 6, 41, 'network').columns.map((column, c) => ({
      ...column,
      name: network.columns[c].name,
    }));
    const clash = [
      arms[0],
      arms[1],
      arm('network-clinical', featureTable(table.patients, renamed), clinical),
    ];
    const two = units.slice(4, 12).map((unit, number) => ({ number, unit }));
    expect(names(groupUnits(two, arms, 1))).toHaveLength(4);
    expect(names(groupUnits(two, clash, 1))).toHaveLength(8);
  });

  it('are not made where a worker would be left without a task', () => {
    expect(groupUnits(numbered, arms, 4)).toHaveLength(units.length);
  });

  it('have the outcomes of each unit by itself, also where only some are left to do', async () => {
    const pipeline = pipelineConfig({
      correlationThreshold: 0.6,
      mrmr: { features: 8 },
      booster: { rounds: [10], maxDepth: [1] },
    });
    const setup = { arms, pipeline, seed: 3, engine: 'ml-xgboost' };
    for (const left of [numbered, numbered.slice(9)]) {
      for (const group of groupUnits(left, arms, 1)) {
        const together = await runUnits(
          setup,
          group.map(({ unit }) => unit),
        );
        const alone = [];
        for (const { unit } of group) alone.push(await runUnit(setup, unit));
        expect(together).toEqual(alone);
      }
    }
  });
});
