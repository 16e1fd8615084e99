import { fileURLToPath } from 'node:url';
import { buildWhereStale } from '../scripts/fresh-dist.mjs';

/**
 * `dist/cli/main.js` of this checkout, compiled where it is stale (after `npm run build`, which `npm test` begins with, it is
 * not): a process of it and its threads start in a third of the time that the sources take through tsx.
 */
export function compiledMain(): string {
  const { errors } = buildWhereStale();
  if (errors !== '') throw new Error(errors);
  return fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
}
