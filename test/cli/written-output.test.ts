import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Linux: a file of a disk that is always full. */
it.runIf(existsSync('/dev/full'))('tells a log on a full disk, without a stack', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, '--help'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect(stderr).toBe('nacre: standard output is not whole: cannot write (ENOSPC)\n');
  expect(status).toBe(exitCodes.badInput);
});
