import { execFileSync } from 'node:child_process';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
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

const home = new URL('../../', import.meta.url);

/** Versions of the packages that decide numbers. */
export function packageVersions(): Record<string, string> {
  return Object.fromEntries(
    packagesThatMatter.flatMap((name) => {
      const version = readInstalledVersion(name);
      return version === undefined ? [] : [[name, version]];
    }),
  );
}

/** Commit of the checkout nacre runs from; undefined for an installed package. */
export function gitState(): { gitCommit: string | undefined; gitDirty: boolean | undefined } {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: fileURLToPath(home),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
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
