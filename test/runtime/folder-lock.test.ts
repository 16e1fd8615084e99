import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/runtime/folder-lock.ts';
import { thisHost, thisProcess } from '../../src/runtime/running-process.ts';
import { sweepParts } from '../../src/runtime/write-whole.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'nacre-lock-'));
/** The number of a process that was there and is no more. */
const gone = () => spawnSync(process.execPath, ['--version']).pid;
const write = (at: string, holder: object) =>
  writeFileSync(join(at, '.lock'), JSON.stringify(holder));

describe('lockFolder', () => {
  it('lets one in, refuses the second by the number of the first, and goes without a trace', () => {
    const at = join(folder(), 'new', 'run');
    const lock = lockFolder(at);
    expect(() => lockFolder(at)).toThrow(
      new RegExp(`another run.*process ${process.pid} on .*wait for it`),
    );
    expect(readdirSync(at)).toEqual(['.lock']);
    lock.release();
    expect(existsSync(at)).toBe(false);
  });

  it('takes over from a process that is gone, with what it left unfinished', () => {
    const at = folder();
    const pid = gone();
    write(at, { ...thisProcess(), pid });
    writeFileSync(join(at, `.results.json.${thisHost()}~${pid}~0123abcd.part`), '{');
    writeFileSync(join(at, `.pcr~a.json.${thisHost()}~${process.pid}~0123abcd.part`), 'of us');
    const lock = lockFolder(at);
    expect(JSON.parse(readFileSync(join(at, '.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(readdirSync(at)).toHaveLength(2);
    lock.release();
    expect(readdirSync(at)).toHaveLength(1);
  });

  it('knows a later process of the same number, and never guesses at another machine', () => {
    const at = folder();
    write(at, { ...thisProcess(), began: '1' });
    lockFolder(at).release();
    write(at, { ...thisProcess(), host: 'elsewhere-1' });
    expect(() => lockFolder(at)).toThrow(/on elsewhere-1.*delete the file/);
    writeFileSync(join(at, `.x.elsewhere-1~${gone()}~0123abcd.part`), 'theirs');
    sweepParts(at);
    expect(readdirSync(at)).toHaveLength(2);
  });

  it('a lock that cannot be read is somebody’s; a folder that cannot be made is named', () => {
    const at = folder();
    mkdirSync(join(at, '.lock'));
    expect(() => lockFolder(at)).toThrow(/another run.*found a lock.*delete the file/);
    expect(readdirSync(at)).toEqual(['.lock']);
    writeFileSync(join(at, 'file'), '');
    expect(() => lockFolder(join(at, 'file', 'run'))).toThrow(
      /file\/run: cannot write \(ENOTDIR\)/,
    );
  });

  it('lets go of a folder that is gone', () => {
    const at = join(folder(), 'run');
    const lock = lockFolder(at);
    rmSync(at, { recursive: true });
    expect(() => lock.release()).not.toThrow();
  });
});
