import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readInstalledVersion } from '../runtime/installed-package.ts';

/** The packages whose version can change a number or a picture. */
const packagesThatMatter = [
  'ml-xgboost',
  'onnxruntime-node',
  'nifti-reader-js',
  'hyparquet-writer',
  'plotly.js-dist-min',
  'pure-rand',
];

const home = fileURLToPath(new URL('../../', import.meta.url));

/** Versions of the packages that decide numbers. */
export function packageVersions(): Record<string, string> {
  return Object.fromEntries(
    packagesThatMatter.flatMap((name) => {
      const version = readInstalledVersion(name);
      return version === undefined ? [] : [[name, version]];
    }),
  );
}

/**
 * Commit of the checkout that nacre runs from. Undefined where nacre is installed in another project: git would
 * then find that project's repository, whose commit does not identify nacre.
 *
 * @param folder of nacre, with its package.json
 */
export function gitState(folder = home): {
  gitCommit: string | undefined;
  gitDirty: boolean | undefined;
} {
  // Git hooks and other tools set these variables, and git would then read another repository.
  const { GIT_DIR: _, GIT_WORK_TREE: __, GIT_INDEX_FILE: ___, ...env } = process.env;
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name?: unknown;
    };
    const root = realpathSync(git('rev-parse', '--show-toplevel'));
    if (name !== 'nacre' || root !== realpathSync(folder)) {
      return { gitCommit: undefined, gitDirty: undefined };
    }
    return {
      gitCommit: git('rev-parse', 'HEAD'),
      gitDirty: git('status', '--porcelain', '--untracked-files=no') !== '',
    };
  } catch {
    return { gitCommit: undefined, gitDirty: undefined };
  }
}

export function hardware() {
  return {
    platform: platform(),
    arch: arch(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
}
