import { drawScript } from '../../report/draw-script.ts';
import { type Html, html, jsonScript } from '../../report/html.ts';
import { scrollScript } from '../../report/scroll-script.ts';
import type { PageFigure } from './output-html.ts';

/** A page in the bar at the top of every page. */
export interface SiteLink {
  file: string;
  title: string;
}

export interface SitePage extends SiteLink {
  body: Html;
  figures: readonly PageFigure[];
  /** JSON that scripts of the page read, by the id of its element. */
  data?: Readonly<Record<string, object>>;
  /** Further scripts of the page, after the site's own. */
  scripts?: readonly string[];
  /** Text beside the links, where the patients were made by code. */
  synthetic: boolean;
}

/**
 * A whole page. Its scripts are separate files, and the content policy forbids inline scripts: a string that
 * was not escaped by mistake still cannot run. `file:` has the meaning of 'self' for a page on disk.
 */
export function sitePage(page: SitePage, links: readonly SiteLink[], siteTitle: string): string {
  const scripts = [
    ...(page.figures.length > 0 ? ['assets/plotly.js'] : []),
    'assets/site.js',
    ...(page.scripts ?? []),
  ];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self' file: 'unsafe-inline'; script-src 'self' file:; img-src 'self' file: data: blob:; font-src data:; connect-src data: blob:">
<title>${page.title} · ${siteTitle}</title>
<link rel="stylesheet" href="assets/site.css"></head><body>
<nav class="site" aria-label="Pages"><strong>nacre</strong>${links.map(({ file, title }) =>
    file === page.file
      ? html`<a href="${file}" aria-current="page">${title}</a>`
      : html`<a href="${file}">${title}</a>`,
  )}${page.synthetic ? html`<span class="tag">synthetic</span>` : html``}</nav>
<main>
${page.body}
</main>
${jsonScript('figures', page.figures)}
${Object.entries(page.data ?? {}).map(([id, value]) => jsonScript(id, value))}
${scripts.map((file) => html`<script src="${file}"></script>\n`)}</body></html>
`.text;
}

/** Draws the figures of a page over their pictures, and opens or folds all code at once. */
export const siteScript = `'use strict';
${drawScript}${scrollScript}
(() => {
  const button = document.getElementById('fold');
  const code = Array.from(document.querySelectorAll('details.code'));
  const label = () => { button.textContent = code.some((e) => e.open) ? 'Fold all code' : 'Show all code'; };
  if (button && code.length > 0) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const open = !code.some((e) => e.open);
      for (const e of code) e.open = open;
      label();
    });
    for (const e of code) e.addEventListener('toggle', label);
    label();
  }
})();
`;

/** Beside the report's own style. */
export const siteStyle = `
nav.site { position: sticky; top: 0; z-index: 10; background: var(--paper); border-bottom: 1px solid var(--line); margin: -24px 0 1.2rem; padding: .7rem 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .92rem; }
nav.site a { margin: 0; text-decoration: none; }
nav.site a:hover { text-decoration: underline; }
nav.site a[aria-current] { color: var(--ink); font-weight: 600; }
.tag { color: var(--alarm); border: 1px solid #D55E00; border-radius: 3px; padding: 0 .4em; margin-left: auto; }
[id] { scroll-margin-top: 4rem; }
details.code { margin: 1rem 0 .5rem; border-left: 3px solid var(--line); }
details.code > summary { color: var(--soft); font-size: .8rem; padding-left: .6rem; }
details.code > pre { margin: 0; }
.text, .out { margin: .6rem 0; }
.text > :first-child { margin-top: 0; }
.text p, .text li { max-width: 46rem; }
.text td:first-child, .out td:first-child, .text th[scope=row], .out th[scope=row] { min-width: 0; }
th[align=right], td[align=right] { text-align: right; font-variant-numeric: tabular-nums; }
math { font-size: 1.1em; }
.out img, .plot img { max-width: 100%; height: auto; }
pre.out { background: none; border: 1px solid var(--row); white-space: pre-wrap; overflow-wrap: anywhere; }
pre.stderr { background: var(--note); }
pre.error { background: var(--warn); border-color: #D55E00; }
blockquote { border-left: 5px solid #E69F00; background: var(--note); margin: .6rem 0; padding: .3rem 1rem; max-width: 46rem; }
figure.out { margin: 1rem 0; overflow-x: auto; }
button { font: inherit; font-size: .85rem; padding: .15rem .6rem; cursor: pointer; }
.contents { font-size: .9rem; columns: 2; max-width: 46rem; padding-left: 1.2rem; }
@media (max-width: 700px) {
  /* Two lines at most: a bar that stays would cover a phone's screen. */
  nav.site { position: static; margin: -14px 0 1rem; }
  .contents { columns: 1; }
}
@media print { nav.site, button { display: none; } details.code { display: block; } }
`;
