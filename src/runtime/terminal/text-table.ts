/**
 * A plain table for a terminal: columns as wide as their widest cell, numbers (cells that look like one) to the right.
 *
 * @param header one title per column
 * @param rows cells as text, as many as the header has
 */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, c) =>
    rows.reduce((widest, row) => Math.max(widest, (row[c] ?? '').length), title.length),
  );
  const numeric = header.map(
    (_, c) => rows.length > 0 && rows.every((row) => /^([-+]?[\d.]|–|$)/.test(row[c] ?? '')),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, c) => (numeric[c] ? cell.padStart(widths[c]) : cell.padEnd(widths[c])))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(header), rule, ...rows.map(line)].join('\n');
}
