import type { Figure } from '../../report/figure.ts';
import { figureLabel } from '../../report/figure-place.ts';
import { Html, html } from '../../report/html.ts';
import { joinText, type NotebookOutput } from '../notebook-file.ts';
import { cleanHtml, type MarkdownOptions, markdownHtml } from './markdown.ts';

/** A plotly figure of a notebook: drawn in the page by the site's script. */
export interface PageFigure {
  /** Id of its place in the page. */
  name: string;
  data: unknown;
  layout: unknown;
}

/** Files and figures that the outputs of a page need. */
export interface PageParts {
  figures: PageFigure[];
  /** PNG files by the name under which the page asks for them. */
  pictures: Map<string, Uint8Array>;
  /** Name of the page, which its pictures begin with. */
  page: string;
}

/**
 * One output of a code cell as HTML. The best saved form that a page can show is used: plotly figure,
 * table, text, picture. HTML is cleaned, SVG is shown as a picture (in which no script runs), the rest is escaped.
 */
export function outputHtml(
  output: NotebookOutput,
  parts: PageParts,
  options: MarkdownOptions,
): Html {
  if (output.output_type === 'stream') {
    const kind = output.name === 'stderr' ? 'stderr' : 'stdout';
    return html`<pre class="out ${kind}">${plain(joinText(output.text))}</pre>`;
  }
  if (output.output_type === 'error') {
    const text = output.traceback.join('\n') || `${output.ename}: ${output.evalue}`;
    return html`<pre class="out error">${plain(text)}</pre>`;
  }
  const { data } = output;
  const figure = data['application/vnd.plotly.v1+json'];
  if (isFigure(figure)) return figureHtml(figure, data, parts);
  const text = (type: string) => textOf(data[type]);
  const markup = text('text/html');
  if (markup !== undefined) {
    return html`<div class="out scroll">${cleanHtml(markup, options)}</div>`;
  }
  const markdown = text('text/markdown');
  if (markdown !== undefined) {
    return html`<div class="out scroll">${markdownHtml(markdown, options)}</div>`;
  }
  const picture = pictureHtml(data, parts);
  if (picture !== undefined) return html`<div class="out">${picture}</div>`;
  const last = text('text/plain');
  return last === undefined ? html`` : html`<pre class="out">${plain(last)}</pre>`;
}

function figureHtml(
  { data, layout }: { data: unknown; layout?: { width?: number; height?: number } },
  forms: Record<string, unknown>,
  parts: PageParts,
): Html {
  const name = `${parts.page}-${parts.figures.length + 1}`;
  parts.figures.push({ name, data, layout });
  const size = new Html(
    Number.isFinite(layout?.height) && Number.isFinite(layout?.width)
      ? ` style="min-height:${Number(layout?.height)}px;width:${Number(layout?.width)}px"`
      : '',
  );
  const caption = plainForm(forms);
  const label = figureLabel((layout ?? {}) as Figure['layout']);
  const kind = new Html(showsScan(layout) ? ' class="plot scan"' : ' class="plot"');
  return html`<figure class="out" aria-label="${label}"><div${kind} data-figure="${name}" data-label="${label}"${size}>${
    pictureHtml(forms, parts, label) ??
    html`<p class="notice">This figure is drawn by JavaScript.</p>`
  }</div>${caption ? html`<figcaption>${caption}</figcaption>` : html``}</figure>`;
}

/** True for figures with pictures of scans in them: a dark page must not invert these. */
function showsScan(layout: unknown): boolean {
  return ((layout as { images?: unknown[] } | undefined)?.images ?? []).length > 0;
}

function plainForm(forms: Record<string, unknown>): string | undefined {
  return textOf(forms['text/plain'])?.replace(/^\[figure [^\]]*\]\s*/, '');
}

/** SVG or PNG as an image element; undefined where the output has neither. */
function pictureHtml(
  data: Record<string, unknown>,
  parts: PageParts,
  label = plainForm(data) || 'picture',
): Html | undefined {
  const svg = textOf(data['image/svg+xml']);
  if (svg !== undefined) {
    const base64 = Buffer.from(svg).toString('base64');
    return html`<img alt="${label}" src="data:image/svg+xml;base64,${base64}">`;
  }
  const png = textOf(data['image/png']);
  if (png === undefined) return undefined;
  const name = `pictures/${parts.page}-${parts.pictures.size + 1}.png`;
  parts.pictures.set(name, Buffer.from(png, 'base64'));
  return html`<img alt="${label}" loading="lazy" src="${name}">`;
}

function isFigure(value: unknown): value is { data: unknown } {
  return (
    typeof value === 'object' && value !== null && Array.isArray((value as { data?: unknown }).data)
  );
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((line) => typeof line === 'string')
    ? value.join('')
    : undefined;
}

/** Without the colour codes of terminals. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  return text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
}
