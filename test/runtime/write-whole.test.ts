import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NacreError } from '../../src/runtime/errors.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'nacre-'));

describe('writeWhole', () => {
  it('writes text and bytes, makes folders, replaces, and leaves nothing else behind', () => {
    const at = folder();
    writeWhole(join(at, 'a/b.txt'), 'één');
    writeWhole(join(at, 'a/b.txt'), Uint8Array.of(1, 2, 3));
    expect([...readFileSync(join(at, 'a/b.txt'))]).toEqual([1, 2, 3]);
    expect(readdirSync(join(at, 'a'))).toEqual(['b.txt']);
  });

  it('writes pieces one behind the other; when their maker refuses, nothing is written', () => {
    const at = folder();
    writeWhole(join(at, 'whole'), [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
    expect([...readFileSync(join(at, 'whole'))]).toEqual([1, 2, 3]);
    function* refusing() {
      yield Uint8Array.of(1);
      throw new NacreError('bad-table', 'refused');
    }
    expect(() => writeWhole(join(at, 'half'), refusing())).toThrow(/^refused$/);
    expect(readdirSync(at)).toEqual(['whole']);
  });

  it('leaves what was there when it fails, and says why', () => {
    const at = folder();
    mkdirSync(join(at, 'taken'));
    writeFileSync(join(at, 'taken', 'inner'), 'kept');
    expect(() => writeWhole(join(at, 'taken'), 'x')).toThrow(NacreError);
    expect(readFileSync(join(at, 'taken', 'inner'), 'utf8')).toBe('kept');
    expect(readdirSync(at)).toEqual(['taken']);
    writeFileSync(join(at, 'file'), 'kept');
    expect(() => writeWhole(join(at, 'file', 'below'), 'x')).toThrow(
      /cannot write.*nothing was changed/,
    );
    expect(existsSync(join(at, 'file'))).toBe(true);
  });
});
