import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadBooster } from '../../../src/learning/xgboost/load-booster.ts';

const src = join(import.meta.dirname, '..', '..', '..', 'src');

it('without a machine a native booster is refused, and auto takes ml-xgboost', async () => {
  await expect(loadBooster('native')).rejects.toMatchObject({ code: 'booster-unavailable' });
  expect((await loadBooster('auto')).name).toBe('ml-xgboost 1.1.2');
});

it('every module outside the portable rooms that fits a pipeline hands its native booster in', () => {
  const portable = /^(table|imaging|radiomics|learning|evaluation|browser|explore)\//;
  const fits = /^import (?!type).*\b(Pipeline|evaluatePartition|evaluateStored|loadBooster)\b/ms;
  const faults: string[] = [];
  let fitting = 0;
  for (const path of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || portable.test(path)) continue;
    const imports = readFileSync(join(src, path), 'utf8').match(/^import [\s\S]*?;$/gm) ?? [];
    const named = imports.some(
      (one) => !one.startsWith('import type') && fits.test(one.replace(/\btype \w+/g, '')),
    );
    if (!named) continue;
    fitting++;
    if (!imports.some((one) => one.includes('provide-native.ts'))) faults.push(path);
  }
  expect(fitting).toBeGreaterThan(3);
  expect(faults).toEqual([]);
});

it('the faces hand it in too', () => {
  for (const room of ['learning', 'evaluation']) {
    expect(readFileSync(join(src, room, 'index.ts'), 'utf8')).toContain('provide-native.ts');
  }
});
