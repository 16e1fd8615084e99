import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

// What takes minutes or an hour is never begun by a question or a slip of the hand.
it.each(['bench/main.ts', 'test/parity/main.ts'])(
  '%s answers --help and starts nothing; a word it does not know ends with 2',
  (script) => {
    const run = (word: string) =>
      spawnSync(process.execPath, ['--import', 'tsx', script, word], { encoding: 'utf8' });
    const help = run('--help');
    expect(help.status).toBe(0);
    expect(help.stdout).toMatch(/^npm run (bench|parity) {3}/);
    const slip = run('--hlep');
    expect(slip.status).toBe(2);
    expect(slip.stderr).toContain("'--hlep'");
    expect(slip.stderr).toContain('npm run');
  },
);
