import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('./', import.meta.url));
const root = join(here, '../..');
const folder = join(root, '.cache/bench-radiomics');

/**
 * Compiles nacre and this bench's own processes, as a user's nacre is compiled: no TypeScript loader in times and
 * memory. Gives the path of one of the processes.
 */
export function compiled(): (name: string) => string {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', here], {
    encoding: 'utf8',
  });
  if (status !== 0) process.stderr.write(`bench radiomics, the compiler says:\n${stdout}`);
  // Where the version is read, and what makes the files modules.
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  return (name) => join(folder, 'bench/radiomics', `${name}.js`);
}
