/** A piece of HTML that is safe to put into a page as it is. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[];

/**
 * HTML from a template. Inserted values are escaped unless they are already `Html`.
 * All strings from data enter a page through this function.
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  let text = strings[0];
  parts.forEach((part, i) => {
    text += render(part) + strings[i + 1];
  });
  return new Html(text);
}

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map((piece) => piece.text).join('');
  return escapeHtml(String(part));
}

/** Escapes text for element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** JSON inside a script element: no `</script>` or `<!--` can end it. */
export function jsonScript(id: string, value: unknown): Html {
  const json = JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return new Html(`<script type="application/json" id="${escapeHtml(id)}">${json}</script>`);
}

/** A table with a header row and, in its first column, a header per row. Cells that are HTML stay, text is escaped; `numeric` columns stand to the right. */
export function htmlTable(
  header: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
  options: { numeric?: readonly boolean[]; caption?: string } = {},
): Html {
  const right = (c: number) => new Html(options.numeric?.[c] ? ' class="n"' : '');
  const caption = options.caption ? html`<caption>${options.caption}</caption>` : html``;
  return html`<div class="scroll"><table>${caption}<thead><tr>${header.map(
    (title, c) => html`<th scope="col"${right(c)}>${title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, c) =>
      c === 0 && !isEmpty(cell)
        ? html`<th scope="row"${right(c)}>${cell}</th>`
        : html`<td${right(c)}>${cell}</td>`,
    )}</tr>
`,
  )}</tbody></table></div>`;
}

function isEmpty(cell: string | Html): boolean {
  return (typeof cell === 'string' ? cell : cell.text) === '';
}

/** Empty if there is no content to fold. */
export function fold(title: string, parts: readonly Html[]): Html {
  if (parts.every(({ text }) => text === '')) return html``;
  return html`<details><summary>${title}</summary>
${parts}</details>
`;
}
