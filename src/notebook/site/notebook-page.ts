import { type Html, html } from '../../report/html.ts';
import { joinText, type Notebook, type NotebookCell } from '../notebook-file.ts';
import { type MarkdownOptions, markdownHtml } from './markdown.ts';
import { outputHtml, type PageParts } from './output-html.ts';

/** Title of a notebook: its first heading; undefined where it has none. */
export function notebookTitle({ cells }: Notebook): string | undefined {
  for (const { cell_type, source } of cells) {
    if (cell_type !== 'markdown') continue;
    const heading = /^#\s+(.+)$/m.exec(joinText(source));
    if (heading !== null) return heading[1].replace(/[*_`]/g, '').trim();
  }
  return undefined;
}

/**
 * A notebook between the tags of a page: text, code to fold, outputs as saved.
 *
 * @param link where a link of the text leads in the site (`06-classification.ipynb` to its page)
 */
export function notebookBody(
  notebook: Notebook,
  file: string,
  parts: PageParts,
  link: MarkdownOptions['link'],
): Html {
  const code = notebook.cells.filter(({ cell_type }) => cell_type === 'code');
  const executed = code.some(({ outputs }) => (outputs ?? []).length > 0);
  const cells = notebook.cells.map((cell, i) => cellHtml(cell, i, parts, link));
  // The title and what stands below it come first.
  const begins = notebook.cells[0]?.cell_type === 'markdown' ? 1 : 0;
  return html`${
    executed || code.length === 0
      ? html``
      : html`<p class="notice">This notebook was not executed: it has no outputs (nacre notebook run ${file}).</p>`
  }
${cells.slice(0, begins)}
${contents(cells)}
<p><button id="fold" type="button" hidden></button></p>
${cells.slice(begins)}
<p><small>Outputs as saved in ${file}.</small></p>`;
}

function cellHtml(
  cell: NotebookCell,
  index: number,
  parts: PageParts,
  link: MarkdownOptions['link'],
): Html {
  const options = { link, headings: `c${index + 1}` };
  const source = joinText(cell.source);
  if (cell.cell_type === 'markdown') {
    return html`<section class="text">${markdownHtml(source, options)}</section>\n`;
  }
  if (cell.cell_type === 'raw') return html`<pre>${source}</pre>\n`;
  const outputs = (cell.outputs ?? []).map((output) => outputHtml(output, parts, options));
  const tags = cell.metadata.tags;
  const parameters = Array.isArray(tags) && tags.includes('parameters');
  const jupyter = cell.metadata.jupyter as { source_hidden?: unknown } | undefined;
  const folded = jupyter?.source_hidden === true;
  const listing = html`<summary>${parameters ? 'parameters' : 'code'}</summary><pre><code>${source}</code></pre>`;
  const code = folded
    ? html`<details class="code">${listing}</details>`
    : html`<details class="code" open>${listing}</details>`;
  return html`<section class="cell">${code}${outputs}</section>\n`;
}

/** Links to the second-level headings, if there are many of them. */
function contents(cells: readonly Html[]): Html {
  const headings = cells.flatMap(({ text }) =>
    Array.from(text.matchAll(/<h2 id="([^"]+)">([\s\S]*?)<\/h2>/g), ([, id, inner]) => ({
      id,
      title: inner.replace(/<[^>]*>/g, ''),
    })),
  );
  if (headings.length < 4) return html``;
  // Titles come from cleaned HTML: their text is escaped already.
  return html`<ul class="contents">${headings.map(({ id, title }) => html`<li><a href="#${id}">${unescaped(title)}</a></li>`)}</ul>`;
}

function unescaped(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => named[name]);
}
