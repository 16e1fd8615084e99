import { expect, it } from 'vitest';
import { linesOf, page, talliesFrom, tallyOf } from './tally.ts';

it('counts trials, tells each kind of sentence once, and keeps a line a fault', () => {
  const said = (n: number) => `file /x/${n}: cannot write`;
  const tally = tallyOf(
    [
      { struck: true, problems: [], kept: 7, said: said(1) },
      { struck: false, problems: ['lost'], kept: 3, said: said(2) },
      { struck: true, problems: [], kept: 5, said: 'another sentence' },
    ],
    { skipped: undefined, commit: 'abc', folder: '/x' },
  );
  expect(tally).toEqual({
    trials: 3,
    struck: 2,
    kept: [3, 7],
    failed: 1,
    said: ['file …/1: cannot write', 'another sentence'],
    skipped: undefined,
    commit: 'abc',
  });
  const faults = { b: { name: 'Bee', what: 'stings' }, a: { name: 'Ant', what: 'bites' } };
  const lines = linesOf(Object.keys(faults), { a: tally, b: tally });
  expect(lines.split('\n').map((line) => line.slice(0, 4))).toEqual(['{"b"', '{"a"', '']);
  const text = page(faults, talliesFrom(lines), 'a machine');
  expect(text).toContain('| Bee | stings | 3 | 2 | 3 to 7 | 1 trials | abc |');
});
