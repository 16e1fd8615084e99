// Whether `dist` was compiled from the sources as they lie there now. Plain JavaScript, because it runs before anything is compiled.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../', import.meta.url));

/**
 * What `dist` was made of: each source with its size and its time of change. A list, not the newest time: a file that was
 * removed, or put back from a copy with its old time, also makes `dist` stale.
 */
function sourcesOf(home) {
  const below = (folder) =>
    readdirSync(join(home, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? below(path) : [path];
    });
  const scripts = ['tsconfig.json', 'tsconfig.build.json', 'scripts/bundle-browser.mjs'];
  return [...below('src'), ...scripts.filter((path) => existsSync(join(home, path)))]
    .sort()
    .map((path) => {
      const { size, mtimeMs } = statSync(join(home, path));
      return `${path} ${size} ${mtimeMs}\n`;
    })
    .join('');
}

const listOf = (home) => join(home, 'dist', '.sources');

/** @param {string} home folder of nacre's package.json */
export function isFresh(home = checkout) {
  try {
    return (
      readFileSync(listOf(home), 'utf8') === sourcesOf(home) &&
      existsSync(join(home, 'dist', 'cli', 'main.js'))
    );
  } catch {
    return false;
  }
}

/**
 * Compiles `src` into `dist`.
 *
 * @param {{ checked?: boolean }} [options] whether faults of types count too
 * @returns {{ errors: string }} what the compiler reports; with errors `dist` is written and stays stale
 */
export function build(home = checkout, { checked = true } = {}) {
  // Taken first, so that files edited during the build count as changed.
  const sources = sourcesOf(home);
  rmSync(listOf(home), { force: true });
  removeOrphans(home);
  const compiler = join(home, 'node_modules', 'typescript', 'bin', 'tsc');
  const project = ['-p', join(home, 'tsconfig.build.json')];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [compiler, ...project, ...(checked ? [] : ['--noCheck'])],
    { encoding: 'utf8' },
  );
  if (status !== 0) return { errors: stdout + stderr };
  const pages = bundlePages(home);
  if (pages !== '') return { errors: pages };
  writeFileSync(`${listOf(home)}.part`, sources);
  renameSync(`${listOf(home)}.part`, listOf(home));
  return { errors: '' };
}

/** Bundles what runs in pages, where the sources have any. Returns what went wrong. */
function bundlePages(home) {
  const script = join(home, 'scripts', 'bundle-browser.mjs');
  if (!existsSync(script)) return '';
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  return status === 0 ? '' : stdout + stderr;
}

/** Removes modules that the compiler wrote and whose source is gone: it leaves them. */
function removeOrphans(home) {
  const dist = join(home, 'dist');
  if (!existsSync(dist)) return;
  const written = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  for (const types of written.filter((path) => path.endsWith('.d.ts'))) {
    const stem = types.slice(0, -'.d.ts'.length);
    if (existsSync(join(home, 'src', `${stem}.ts`))) continue;
    for (const ending of ['.d.ts', '.js', '.js.map']) {
      rmSync(join(dist, `${stem}${ending}`), { force: true });
    }
  }
}

/** Builds where `dist` is stale. Processes that start together build once: the others wait for the one that builds. */
export function buildWhereStale(home = checkout) {
  const lock = join(home, 'dist', '.building');
  if (isFresh(home) && !existsSync(lock)) return { errors: '' };
  mkdirSync(join(home, 'dist'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      // A builder that was killed leaves its folder behind.
      if (isAbandoned(lock)) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      continue;
    }
    try {
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return isFresh(home) ? { errors: '' } : build(home);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

function isAbandoned(lock) {
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (since === undefined || Date.now() - since < 1000) return false;
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code !== 'EPERM';
  }
}
