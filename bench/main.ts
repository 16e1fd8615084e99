import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** `npm run bench` runs every bench, `npm run bench -- radiomics` one. Each writes bench/<name>.md. */
const here = new URL('./', import.meta.url);
const known = readdirSync(here).filter((name) => existsSync(new URL(`${name}/main.ts`, here)));
const usage = `npm run bench                   every bench, which takes an hour
npm run bench -- radiomics start   these alone; there are ${known.join(', ')}
  --only=NAME      deep: one network at one size, as resnet50_96; its page is left as it is
  --peers-only     radiomics: the peers' page alone
  --report         scale: the page anew, from what was measured before
  --patients=48,24 cores: patients of the larger and the smaller study
`;

/** Every bench reads its own options; a word that none knows starts nothing. */
function benchesAsked(): string[] {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      only: { type: 'string' },
      'peers-only': { type: 'boolean' },
      report: { type: 'boolean' },
      patients: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}`);
  if (values.help) process.stdout.write(usage);
  if (values.help) return [];
  return positionals.length > 0 ? positionals : known;
}

let asked: string[] = [];
try {
  asked = benchesAsked();
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n${usage}`);
  process.exitCode = 2;
}
for (const name of asked) await import(`./${name}/main.ts`);
