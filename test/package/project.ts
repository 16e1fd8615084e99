import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, run } from './pack.ts';

/** A package manager that installs a tarball into an empty project. */
export interface PackageManager {
  name: 'npm' | 'pnpm';
  add(folder: string, packages: readonly string[]): void;
}

/** The cache of an earlier `npm ci` serves first, so that a slow registry is asked for little. */
export const npm: PackageManager = {
  name: 'npm',
  add(folder, packages) {
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], folder);
  },
};

export const pnpm: PackageManager = {
  name: 'pnpm',
  add(folder, packages) {
    const program = join(checkout, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
    const store = join(folder, '..', 'pnpm-store');
    run(
      process.execPath,
      [program, 'add', '--prefer-offline', '--store-dir', store, ...packages],
      folder,
    );
  },
};

/** An empty project with nacre's tarball installed, and nothing else. */
export function installInto(folder: string, manager: PackageManager, tarball: string): void {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'consumer', version: '1.0.0', private: true, type: 'module' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  manager.add(folder, [tarball]);
}

/** Size on disk as `du` counts it: whole blocks, hard links once. MB of 2²⁰ bytes. */
export function megabytesOnDisk(folder: string): number {
  const seen = new Set<number>();
  const count = (path: string): number => {
    const { ino, blocks } = statSync(path, { bigint: false });
    if (seen.has(ino)) return 0;
    seen.add(ino);
    return blocks;
  };
  let blocks = count(folder);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) blocks += count(join(entry.parentPath, entry.name));
  }
  return (blocks * 512) / 2 ** 20;
}
