import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitState, packageVersions } from '../../src/study/provenance.ts';

/** A repository of one commit, its root a package of that name. */
function repository(name: string): { folder: string; commit: string } {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-git-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim();
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name }));
  writeFileSync(join(folder, 'file'), 'one');
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'one');
  return { folder, commit: git('rev-parse', 'HEAD') };
}
const unknown = { gitCommit: undefined, gitDirty: undefined };

describe('gitState', () => {
  it('is that of the checkout nacre stands in, with its local changes', () => {
    const { folder, commit } = repository('nacre');
    expect(gitState(folder)).toEqual({ gitCommit: commit, gitDirty: false });
    writeFileSync(join(folder, 'file'), 'two');
    expect(gitState(folder)).toEqual({ gitCommit: commit, gitDirty: true });
  });

  it('is not that of the project nacre is installed in, nor of another package', () => {
    const { folder } = repository('users-study');
    writeFileSync(join(folder, 'file'), 'two');
    for (const below of ['node_modules/nacre', 'node_modules/@their/node_modules/nacre']) {
      const installed = join(folder, below);
      mkdirSync(installed, { recursive: true });
      writeFileSync(join(installed, 'package.json'), JSON.stringify({ name: 'nacre' }));
      expect(gitState(installed)).toEqual(unknown);
    }
    expect(gitState(folder)).toEqual(unknown);
    expect(gitState(join(folder, 'nowhere'))).toEqual(unknown);
  });

  it('does not listen to a repository that the environment names', () => {
    const nacre = repository('nacre');
    const other = repository('other');
    process.env.GIT_DIR = join(other.folder, '.git');
    try {
      expect(gitState(nacre.folder).gitCommit).toBe(nacre.commit);
    } finally {
      delete process.env.GIT_DIR;
    }
  });
});

it('names the versions of the packages that decide numbers', () => {
  expect(packageVersions()).toMatchObject({
    'ml-xgboost': expect.stringMatching(/^\d+\./),
    'onnxruntime-node': expect.stringMatching(/^\d+\./),
  });
});
