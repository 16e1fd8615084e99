import { textTable } from '../../src/runtime/terminal/text-table.ts';
import { type ParityRow, relativeDifference } from './parity-row.ts';
import { percent, type SuiteResult, worst } from './suites.ts';

/** Rows of misses printed of one suite before the rest is only counted (all of them stand in parity.json). */
const mostListed = 60;

/** One suite as text: a line a case, then each row outside its tolerance whole; with `all`, every row. */
export function suiteText(result: SuiteResult, { all = false } = {}): string {
  const title = `${result.name} (${result.seconds} s)`;
  if (result.skipped !== undefined) return `${title}\n  skipped: ${result.skipped}`;
  const parts = [`${title}\n${'═'.repeat(title.length)}`];
  if (all) parts.push(rowTable(result.rows));
  else parts.push(caseTable(result.rows));
  const misses = result.rows.filter((row) => !row.ok);
  if (!all && misses.length > 0) {
    parts.push(`outside the tolerance:\n${rowTable(misses.slice(0, mostListed))}`);
    const more = misses.slice(mostListed);
    if (more.length > 0) parts.push(reasonTable(more));
  }
  parts.push(...result.remarks);
  if (result.fault !== undefined) parts.push(`FAILED: ${result.fault}`);
  return parts.join('\n');
}

/** The last line: how much was compared and how it went. */
export function totalsLine(results: readonly SuiteResult[]): string {
  const rows = results.flatMap((result) => result.rows);
  const ok = rows.filter((row) => row.ok).length;
  const skipped = results.filter((result) => result.skipped !== undefined).length;
  const failed = results.filter((result) => !result.ok).length;
  return (
    `parity: ${ok} of ${rows.length} values within tolerance (${percent(ok / Math.max(1, rows.length))}); ` +
    `suites: ${results.length - skipped - failed} ok, ${failed} failed, ${skipped} skipped`
  );
}

function caseTable(rows: readonly ParityRow[]): string {
  const cases = new Map<string, ParityRow[]>();
  for (const row of rows) {
    // A tolerance a value (IBSI's) would make a line a value.
    const key = row.ownTolerance ? row.case : `${row.case}\n${row.tolerance}`;
    cases.set(key, [...(cases.get(key) ?? []), row]);
  }
  return textTable(
    ['case', 'values', 'ok', 'share', 'largest difference', 'tolerance'],
    [...cases.values()].map((some) => {
      const ok = some.filter((row) => row.ok).length;
      return [
        some[0].case,
        String(some.length),
        String(ok),
        percent(ok / some.length),
        worst(some).toExponential(1),
        some[0].ownTolerance ? 'each its own (--all)' : some[0].tolerance,
      ];
    }),
  );
}

function rowTable(rows: readonly ParityRow[]): string {
  return textTable(
    ['case', 'item', 'code', 'ours', 'reference', 'relative', 'tolerance', 'ok', 'note'],
    rows.map((row) => [
      row.case,
      row.item,
      row.code ?? '',
      number(row.ours),
      number(row.reference),
      relativeDifference(row.ours, row.reference).toExponential(1),
      row.tolerance,
      row.ok ? 'yes' : 'NO',
      row.note ?? '',
    ]),
  );
}

function reasonTable(rows: readonly ParityRow[]): string {
  const reasons = new Map<string, number>();
  for (const row of rows) {
    const reason = row.note ?? '(no reason)';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const lines = [...reasons].map(([reason, count]) => `  ${count} × ${reason}`);
  return [`and ${rows.length} more (all in parity.json; --all prints them):`, ...lines].join('\n');
}

function number(value: number): string {
  return Number.isNaN(value) ? 'NaN' : Number(value.toPrecision(8)).toString();
}
