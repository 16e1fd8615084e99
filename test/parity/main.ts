import { parseArgs } from 'node:util';
import { canonicalJson } from '../../src/runtime/hash.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { suiteText, totalsLine } from './print.ts';
import { findSuites, runSuite, type SuiteResult } from './suites.ts';

/**
 * `npm run parity`: every comparison with published references, one table a suite, `parity.json`, and a line of
 * totals. Exits 1 when a suite falls outside its tolerance, or when nothing could be compared at all.
 */
const usage = `npm run parity                     everything that can run here
npm run parity -- --all            every row, not the misses alone
npm run parity -- ibsi pyrad       only suites whose name contains one of these
`;

function wordsAsked(): { all: boolean; help: boolean; wanted: string[] } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return { ...values, wanted: positionals };
}

async function compare({ all, wanted }: { all: boolean; wanted: string[] }): Promise<void> {
  const suites = (await findSuites()).filter(
    ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
  );
  const results: SuiteResult[] = [];
  for (const suite of suites) {
    const result = await runSuite(suite);
    results.push(result);
    process.stdout.write(`${suiteText(result, { all })}\n\n`);
  }
  // NaN has no JSON: it becomes null.
  writeWhole('parity.json', `${canonicalJson({ suites: results }, 1)}\n`);
  process.stdout.write(`${totalsLine(results)}\n`);
  const compared = results.some((result) => result.rows.length > 0);
  if (!compared) process.stdout.write('parity: nothing was compared\n');
  process.exitCode = compared && results.every((result) => result.ok) ? 0 : 1;
}

try {
  const asked = wordsAsked();
  if (asked.help) process.stdout.write(usage);
  else await compare(asked);
} catch (error) {
  if ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
  process.stderr.write(`parity: ${(error as Error).message}\n${usage}`);
  process.exitCode = 2;
}
