import { expect, it } from 'vitest';
import { assumptionLines } from '../../src/cli/assumption-lines.ts';

it('counts assumptions for the terminal and gives each kind of warning one line with an example', () => {
  const rest = { taken: 'the first', why: 'a rule' };
  const { summary, warnings } = assumptionLines(
    [
      { kind: 'a', found: 'x', ...rest },
      { kind: 'b', level: 'warning', patient: 'P1', scan: 'T2', found: 'y', ...rest },
      { kind: 'b', level: 'warning', patient: 'P2', scan: 'T2', found: 'y', ...rest },
    ],
    'run/assumptions.json',
  );
  expect(summary).toBe('assumptions: 3 (b 2, a 1), listed in run/assumptions.json');
  expect(warnings).toEqual([
    'warning: b: P1, T2: y; taken: the first; a rule (and 1 more of this kind)',
  ]);
  expect(assumptionLines([], 'x').summary).toBe('assumptions: none');
});
