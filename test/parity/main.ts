/**
 * `npm run parity`: every comparison with published references, one table a suite, `parity.json`, and a line of
 * totals. Exits 1 when a suite falls outside its tolerance, or when nothing could be compared at all.
 *
 *   npm run parity                     everything that can run here
 *   npm run parity -- --all            every row, not the misses alone
 *   npm run parity -- ibsi pyrad       only suites whose name contains one of these
 */
import { canonicalJson } from '../../src/runtime/hash.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { suiteText, totalsLine } from './print.ts';
import { findSuites, runSuite, type SuiteResult } from './suites.ts';

const words = process.argv.slice(2);
const all = words.includes('--all');
const wanted = words.filter((word) => !word.startsWith('--'));

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
