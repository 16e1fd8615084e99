import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** nacre's own modules, as it runs: `src/` from source, `dist/` when built. */
const root = new URL('../', import.meta.url);

/**
 * Hash of the modules that make a number. Part of the key of every result that is kept, so that changed code
 * never reuses a result of the old code, even where the version number stayed the same. The elementary functions are always
 * part of it.
 *
 * @param parts folders (with all below them) and modules (without ending), from nacre's own root: `imaging`,
 *   `runtime/random-stream`
 */
export function codeHash(parts: readonly string[]): string {
  const hash = createHash('sha256');
  const modules = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.[jt]s$/.test(path) && !path.endsWith('.d.ts'))
    .sort();
  for (const part of ['runtime/elementary', ...parts]) {
    const paths = modules.filter(
      (path) => path.startsWith(`${part}/`) || path.slice(0, -3) === part,
    );
    // Otherwise a part that was moved would silently drop out of the key.
    if (paths.length === 0) throw new Error(`no module of nacre is called ${part}`);
    for (const path of paths)
      hash
        .update(path)
        .update('\0')
        .update(readFileSync(new URL(path, root)));
  }
  return hash.digest('hex');
}
