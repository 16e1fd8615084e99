import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { expect } from 'vitest';

/** The only row of a CSV file. */
export function rowOf(path: string): Record<string, string> {
  return Papa.parse<Record<string, string>>(readFileSync(path, 'utf8'), { header: true }).data[0];
}

/** The network's features of a row, by their number, whatever stands before the name of the network. */
export function deepOf(row: Record<string, string | number>): number[] {
  return Object.entries(row).flatMap(([name, value]) =>
    /resnet10-random0_\d+$/.test(name) ? [Number(value)] : [],
  );
}

/** Largest difference, by the largest of the features. */
export function apart(page: readonly number[], other: readonly number[]): number {
  expect(page).toHaveLength(512);
  expect(other).toHaveLength(512);
  const scale = Math.max(...other.map(Math.abs));
  return Math.max(...page.map((value, f) => Math.abs(value - other[f]))) / scale;
}
