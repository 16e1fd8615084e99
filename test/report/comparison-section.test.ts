import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  comparisonSection,
  rankedComparisons,
  testsInWords,
} from '../../src/report/comparison-section.ts';
import type { EndpointResults, PairedComparison } from '../../src/study/results.ts';
import { readRun } from '../../src/study/run-folder.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

const pair = (
  a: string,
  b: string,
  metric: PairedComparison['metric'],
  p: number | null,
  pHolm: number | null,
): PairedComparison => ({
  a,
  b,
  metric,
  difference: 0.1,
  low: -0.1,
  high: 0.3,
  t: p && 1,
  p,
  pHolm,
});

/** Three sets, all compared by two metrics; one pair has no spread. */
function endpointOfThree(): EndpointResults {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-comparisons-'));
  writeSyntheticRun(folder);
  const [endpoint] = readRun(folder).results.endpoints;
  const [set] = endpoint.featureSets;
  return {
    ...endpoint,
    table: undefined,
    featureSets: ['x', 'y', 'z'].map((id) => ({ ...set, id, title: `Set ${id}` })),
    comparisons: (['balancedAccuracy', 'auc'] as const).flatMap((metric) => [
      pair('x', 'y', metric, 0.001, 0.005),
      pair('x', 'z', metric, 0.4, 0.9),
      pair('y', 'z', metric, metric === 'auc' ? null : 0.2, metric === 'auc' ? null : 0.6),
    ]),
  };
}

describe('comparisons in the report', () => {
  it('counts every test of the endpoint once, and which hold after Holm', () => {
    const endpoint = endpointOfThree();
    expect(rankedComparisons(endpoint)).toMatchObject({ reference: 'x', tests: 5, held: 2 });
    expect(testsInWords(endpoint)).toBe(
      '5 tests were made for this endpoint (3 pairs of feature sets, by balanced accuracy and AUC; one more comparison has no test). “p (Holm)” is corrected for all 5: 2 stay below 0.05.',
    );
  });

  it('shows those with the reference first and folds the others', () => {
    const { text } = comparisonSection(endpointOfThree());
    const folded = text.indexOf('<details>');
    expect(folded).toBeGreaterThan(0);
    expect(text.slice(0, folded).match(/data-trace="[^"]*:[^"]*\/balancedAccuracy"/g)).toHaveLength(
      6,
    );
    expect(text.slice(0, folded)).not.toContain('y:z');
    expect(text.slice(folded)).toContain('The other 4 comparisons');
    expect(text.match(/tests were made/g)).toHaveLength(1);
    expect(text).toContain('p (Holm)');
  });

  it('takes the reference and the sets of the table that the study asks for', () => {
    const endpoint = { ...endpointOfThree(), table: { reference: 'z', sets: ['y', 'z'] } };
    const { primary, rest, reference } = rankedComparisons(endpoint);
    expect(reference).toBe('z');
    expect(primary.map(({ a, b, metric }) => `${a}:${b}/${metric}`)).toEqual([
      'y:z/balancedAccuracy',
    ]);
    expect(rest).toHaveLength(5);
  });
});
