import { fileURLToPath } from 'node:url';

/**
 * `dist/cli/main.js` of this checkout, compiled where it is stale (after `npm run build`, which `npm test` begins with, it is
 * not): a process of it and its threads start in a third of the time that the sources take through tsx.
 */
export async function compiledMain(): Promise<string> {
  const root = new URL('../', import.meta.url);
  const script = new URL('scripts/fresh-dist.mjs', root).href;
  const { buildWhereStale } = (await import(script)) as {
    buildWhereStale(): { errors: string };
  };
  const { errors } = buildWhereStale();
  if (errors !== '') throw new Error(errors);
  return fileURLToPath(new URL('dist/cli/main.js', root));
}
