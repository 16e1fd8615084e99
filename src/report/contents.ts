import { type Html, html } from './html.ts';

/** A place on the page that the contents lead to. */
export interface ContentsEntry {
  /** Id of the element. */
  id: string;
  title: string;
  /** Entries below it. */
  parts?: readonly ContentsEntry[];
}

/** The contents of the report: at the side where there is room; on a small screen a line of links above the text. */
export function contents(entries: readonly ContentsEntry[]): Html {
  return html`<nav class="report-contents" aria-label="Contents"><strong>Contents</strong><ol>${entries.map(
    ({ id, title, parts = [] }) =>
      html`<li><a href="#${id}">${title}</a>${
        parts.length === 0
          ? html``
          : html`<ol>${parts.map((part) => html`<li><a href="#${part.id}">${part.title}</a></li>`)}</ol>`
      }</li>\n`,
  )}</ol></nav>`;
}
