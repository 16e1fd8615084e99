/**
 * Breaks text at spaces so that no line is longer than `width`; words that are longer are cut only where `cut` asks for it
 * (paths and hashes must stay whole to be copied).
 *
 * @param indent put before every line but the first
 */
export function wrapWords(
  text: string,
  width: number,
  { indent = '', cut = false }: { indent?: string; cut?: boolean } = {},
): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  let line = '';
  const room = () => width - (lines.length === 0 ? 0 : indent.length);
  const close = () => {
    lines.push(lines.length === 0 ? line : indent + line);
    line = '';
  };
  // Spaces in front (the indent of a list) belong to the first word.
  for (const word of text.match(/^ *\S+|\S+/g) ?? []) {
    if (line !== '' && line.length + 1 + word.length > room()) close();
    let rest = line === '' ? word : ` ${word}`;
    while (cut && line.length + rest.length > Math.max(1, room())) {
      const at = Math.max(1, room() - line.length);
      line += rest.slice(0, at);
      rest = rest.slice(at);
      close();
    }
    line += rest;
  }
  close();
  return lines;
}
