import { expect, it } from 'vitest';
import { textTable } from '../../../src/runtime/terminal/text-table.ts';

it('sets words left and numbers right', () => {
  expect(
    textTable(
      ['name', 'n'],
      [
        ['a', '1'],
        ['long name', '12.5'],
      ],
    ),
  ).toBe(['name          n', '─────────  ────', 'a             1', 'long name  12.5'].join('\n'));
});
