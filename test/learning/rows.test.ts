import { describe, expect, it } from 'vitest';
import { Imputer } from '../../src/learning/imputer.ts';
import { Pipeline } from '../../src/learning/pipeline.ts';
import {
  HeldOutRows,
  rowsToPredict,
  selectColumns,
  splitRows,
  splitTraining,
  TrainingRows,
  withColumns,
} from '../../src/learning/rows.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { featureTable } from '../../src/table/feature-table.ts';

const table = featureTable(
  ['A', 'B', 'C', 'D', 'E', 'F'],
  [
    { name: 'x', block: 'b', values: Float64Array.of(1, 2, 3, 4, 5, 6) },
    { name: 'y', block: 'b', values: Float64Array.of(10, Number.NaN, 30, 40, 50, 60) },
  ],
);
const labels = Uint8Array.of(0, 1, 0, 1, 0, 1);
const partition = { index: 0, seed: 0, train: [0, 1, 2, 5], test: [3, 4] };

describe('rows', () => {
  it('splits a table into training and held-out rows', () => {
    const { train, test, testLabels } = splitRows(table, labels, partition);
    expect(train.patients).toEqual(['A', 'B', 'C', 'F']);
    expect([...train.columns[0].values]).toEqual([1, 2, 3, 6]);
    expect([...train.labels]).toEqual([0, 1, 0, 1]);
    expect(test.patients).toEqual(['D', 'E']);
    expect([...test.columns[1].values]).toEqual([40, 50]);
    expect([...testLabels]).toEqual([1, 0]);
  });

  it('holds copies: no buffer below training rows has a test value', () => {
    const { train, test } = splitRows(table, labels, partition);
    const reachable = new Set(
      train.columns.flatMap(({ values }) => [...new Float64Array(values.buffer)]),
    );
    for (const { values } of test.columns) {
      for (const value of values) expect(reachable.has(value)).toBe(false);
    }
    train.columns[0].values[0] = 99;
    expect(table.columns[0].values[0]).toBe(1);
    expect(Object.keys(train).sort()).toEqual([
      'columns',
      'labels',
      'patients',
      'redraws',
      'sites',
    ]);
    expect(train.sites).toBeUndefined();
    expect(train.redraws).toBeUndefined();
  });

  it('splits training rows for inner folds', () => {
    const { train } = splitRows(table, labels, partition);
    const inner = splitTraining(train, [0, 3]);
    expect(inner.train.patients).toEqual(['B', 'C']);
    expect(inner.heldOut.patients).toEqual(['A', 'F']);
    expect([...inner.heldOutLabels]).toEqual([0, 1]);
  });

  it('keeps what rows are when columns change', () => {
    const { train, test } = splitRows(table, labels, partition);
    expect(TrainingRows.is(selectColumns(train, ['y']))).toBe(true);
    expect(HeldOutRows.is(withColumns(test, []))).toBe(true);
    expect(TrainingRows.is(test)).toBe(false);
    expect(HeldOutRows.is(rowsToPredict(table))).toBe(true);
  });

  it('cannot be mistaken by the compiler', () => {
    const { train, test } = splitRows(table, labels, partition);
    const stream = RandomStream.of(1);
    const neverRun = () => {
      // @ts-expect-error held-out rows cannot be fitted on
      new Pipeline().fit(test, stream);
      // @ts-expect-error nor can a whole table
      new Pipeline().fit(table, stream);
      // @ts-expect-error nor an object of the same shape
      new Pipeline().fit({ patients: [], columns: [], labels }, stream);
      // @ts-expect-error a step neither
      new Imputer().fit(test);
      // @ts-expect-error training rows come from a split alone
      new TrainingRows([], [], labels);
      // @ts-expect-error held-out rows have no labels
      test.labels;
      // @ts-expect-error an unfitted step cannot transform
      new Imputer().transform(train);
      // @ts-expect-error an unfitted pipeline cannot predict
      new Pipeline().predictProbability(test);
    };
    expect(neverRun).toBeTypeOf('function');
  });

  it.each([
    ['labels of another length', labels.slice(1), partition, /found 5 labels, expected 6/],
    ['a label of 2', Uint8Array.of(0, 1, 2, 1, 0, 1), partition, /patient C, row 3.*found 2/],
    ['a row on both sides', labels, { ...partition, test: [2, 3] }, /row 2 on both sides/],
    ['a row out of range', labels, { ...partition, test: [6] }, /row 6/],
    ['rows out of order', labels, { ...partition, test: [4, 3] }, /row 3 after row 4/],
    ['a row that is not a number', labels, { ...partition, test: [Number.NaN] }, /row NaN/],
    ['one class in training', labels, { ...partition, train: [0, 2] }, /0 of class 1 among 2/],
  ])('refuses %s', (_, badLabels, badPartition, message) => {
    expect(() => splitRows(table, badLabels, badPartition)).toThrow(message);
  });

  it.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %s', (value) => {
    const bad = featureTable(table.patients, [
      { name: 'x', block: 'b', values: Float64Array.of(1, 2, value, 4, 5, 6) },
    ]);
    const message = /patient C, row 3, column x: a feature is infinite: found -?Infinity/;
    expect(() => splitRows(bad, labels, partition)).toThrow(message);
    expect(() => rowsToPredict(bad)).toThrow(message);
  });

  it('refuses columns of another length, and names that are not there', () => {
    const { train } = splitRows(table, labels, partition);
    const short = { name: 'z', block: 'b', values: new Float64Array(3) };
    expect(() => withColumns(train, [short])).toThrow(/column z.*found 3 values, expected 4 rows/);
    expect(() => selectColumns(train, ['z'])).toThrow(/column z: the rows lack a column/);
  });
});
