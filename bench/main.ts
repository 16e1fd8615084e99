import { existsSync, readdirSync } from 'node:fs';

/** `npm run bench` runs every bench, `npm run bench -- radiomics` one. Each writes bench/<name>.md. */
const here = new URL('./', import.meta.url);
const known = readdirSync(here).filter((name) => existsSync(new URL(`${name}/main.ts`, here)));
const asked = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`bench: no bench ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const name of asked.length > 0 ? asked : known) await import(`./${name}/main.ts`);
}
