import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nacreVersion } from '../../src/runtime/version.ts';

it('is the version of package.json', () => {
  const file = new URL('../../package.json', import.meta.url);
  expect(nacreVersion()).toBe(JSON.parse(readFileSync(file, 'utf8')).version);
});
