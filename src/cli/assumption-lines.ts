import { type Assumption, countAssumptions } from '../runtime/assumptions.ts';

/**
 * The assumptions of a command for the terminal: their number by kind and where they can be read; each kind that is a
 * warning has a line of its own for stderr, with its first record as the example.
 */
export function assumptionLines(
  assumptions: readonly Assumption[],
  where: string,
): { summary: string; warnings: string[] } {
  if (assumptions.length === 0) return { summary: 'assumptions: none', warnings: [] };
  const counts = countAssumptions(assumptions);
  const summary = `assumptions: ${assumptions.length} (${counts.map(({ kind, records }) => `${kind} ${records}`).join(', ')}), listed in ${where}`;
  const warnings = counts
    .filter(({ level }) => level === 'warning')
    .map(({ kind, records }) => {
      const first = assumptions.find((one) => one.kind === kind) as Assumption;
      const place = [first.patient, first.scan, first.file].filter((part) => part !== undefined);
      const more = records > 1 ? ` (and ${records - 1} more of this kind)` : '';
      return `warning: ${kind}: ${place.length > 0 ? `${place.join(', ')}: ` : ''}${first.found}; taken: ${first.taken}; ${first.why}${more}`;
    });
  return { summary, warnings };
}

/**
 * Prints the warnings among the assumptions of a command on stderr, a line per kind.
 *
 * @returns the summary, for the command's own output
 */
export function warnOfAssumptions(assumptions: readonly Assumption[], where: string): string {
  const { summary, warnings } = assumptionLines(assumptions, where);
  for (const line of warnings) process.stderr.write(`nacre: ${line}\n`);
  return summary;
}
