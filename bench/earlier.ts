import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../test/faults/subject.ts';

/** The nacre that all benches compare with: before loops were WebAssembly, and before threads took their tasks themselves. */
export const earlierCommit = 'a157d3e';

/** An earlier nacre beside this one: its own files with its own packages, compiled. It is kept in `.cache`. */
export function earlierNacre(): string {
  const folder = join(root, '.cache', 'bench-earlier', earlierCommit);
  const run = (command: string, args: readonly string[], cwd = folder) =>
    execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (!existsSync(join(folder, 'package.json'))) {
    mkdirSync(folder, { recursive: true });
    run('sh', ['-c', `git archive ${earlierCommit} | tar -x -C "$0"`, folder], root);
  }
  if (!existsSync(join(folder, 'node_modules', 'piscina'))) {
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']);
  }
  if (!existsSync(join(folder, 'dist', 'cli', 'main.js'))) {
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
  }
  return folder;
}
