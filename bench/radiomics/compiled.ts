import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compiles a nacre and its own processes for this bench, as a user's nacre is compiled: no TypeScript loader in times and
 * memory. Gives the path of one of the processes.
 *
 * @param root of this nacre or of an earlier one
 */
export function compiled(root: string): (name: string) => string {
  const folder = join(root, '.cache/bench-radiomics');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, '-p', join(root, 'bench/radiomics')],
    { encoding: 'utf8' },
  );
  if (status !== 0) process.stderr.write(`bench radiomics, the compiler says:\n${stdout}`);
  // Where the version is read, and what makes the files modules.
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  return (name) => join(folder, 'bench/radiomics', `${name}.js`);
}
