/** Width where neither a terminal nor COLUMNS names one: that of a classic terminal, as in most programs. */
const classicWidth = 80;

/**
 * Columns that a line of output may have: those of the terminal; for a pipe or a file those that COLUMNS names; else 80.
 *
 * @param stream where the text goes; only a terminal has `columns`
 */
export function terminalWidth(
  stream: { columns?: number | undefined } = process.stdout,
  environment: NodeJS.ProcessEnv = process.env,
): number {
  if (stream.columns !== undefined && stream.columns > 0) return stream.columns;
  const named = Number(environment.COLUMNS);
  return Number.isInteger(named) && named > 0 ? named : classicWidth;
}
