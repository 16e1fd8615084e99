import { expect, it } from 'vitest';
import { meanTime } from '../../src/notebook/mean-time.ts';

it('does the work so many times and gives milliseconds', async () => {
  let done = 0;
  const milliseconds = await meanTime(async () => done++, { passes: 3 });
  expect(done).toBe(3);
  expect(milliseconds).toBeGreaterThanOrEqual(0);
});
