import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ResultStore } from '../../src/runtime/result-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('ResultStore', () => {
  const store = new ResultStore<{ reasons: Record<string, string> }>(folder);
  const result = { reasons: { b: 'flat', a: 'small' } };
  const values = Float64Array.of(1.5, Number.NaN, -0);

  it('gives back what was kept, NaN and the order of keys included', () => {
    store.write('ab/unit.row', 'key', result, values);
    const kept = store.read('ab/unit.row', 'key');
    expect(JSON.stringify(kept?.result)).toBe(JSON.stringify(result));
    expect(kept?.values).toEqual(values);
    store.write('plain.json', 'key', result);
    expect(store.read('plain.json', 'key')?.values).toHaveLength(0);
  });

  it('knows nothing under another key, of another name, or of a damaged file', () => {
    expect(store.read('ab/unit.row', 'other')).toBeUndefined();
    expect(store.read('none', 'key')).toBeUndefined();
    const path = join(folder, 'ab/unit.row');
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] ^= 1;
      writeFileSync(path, damaged);
      const kept = store.read('ab/unit.row', 'key');
      expect(kept, `byte ${at}`).toBeUndefined();
    }
    for (const length of [0, 1, whole.length - 8, whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, length));
      expect(store.read('ab/unit.row', 'key')).toBeUndefined();
    }
  });
});
