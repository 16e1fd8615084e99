import { createHash } from 'node:crypto';
import { Html, html, jsonScript } from '../report/html.ts';
import { reportPageStyle, reportStyle } from '../report/report-style.ts';
import type { ExploreData } from './explore-data.ts';
import { exploreStyle } from './explore-style.ts';
import { featurePanel } from './feature-panel.ts';
import { labPanel } from './lab-panel.ts';
import type { PageScripts } from './page-scripts.ts';

export interface ExplorePage {
  data: ExploreData;
  /** JSON of scans and tables by the id of its element: read when it is first needed. */
  parts: ReadonlyMap<string, object>;
  /** The programs of the page and of its workers. */
  scripts: PageScripts;
  /** Pages of the site beside this one. */
  links?: readonly { file: string; title: string }[] | undefined;
}

/**
 * explore.html: one file that computes in the browser, from disk, without any request. The content policy allows its one script by
 * hash, workers made from its own text, and WebAssembly (XGBoost); everything else is refused by the browser itself. Blobs are bytes
 * that the page holds already, never an address: the text of its worker, and from disk the files of deep features, which a reader
 * chose and whose SHA-256 stands in the page.
 */
export function explorePage({ data, parts, scripts, links = [] }: ExplorePage): string {
  const script = scripts.page.replaceAll('</script', '<\\/script');
  const hash = createHash('sha256').update(script, 'utf8').digest('base64');
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${hash}' blob: 'wasm-unsafe-eval'`,
    // Where the page is served, networks come from the folder beside it, by a worker that is a file of its own.
    data.deep === undefined ? 'worker-src blob:' : "worker-src blob: 'self'",
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Explore · ${data.title}</title>
<link rel="icon" href="data:,">
<style>${new Html(reportStyle + reportPageStyle + exploreStyle)}</style></head>
<body class="explore">
<a class="skip" href="#features-panel">To the features</a>
<header>
<nav class="pages" aria-label="Pages"><strong>nacre</strong>${links.map(({ file, title }) =>
    file === 'explore.html'
      ? html`<a href="${file}" aria-current="page">${title}</a>`
      : html`<a href="${file}">${title}</a>`,
  )}${data.synthetic ? html`<span class="tag">synthetic</span>` : html``}</nav>
<h1>Explore</h1>
<p class="lead">${data.title}. This page computes: what you move is measured again here, in your browser, by the code of the command line. Nothing is sent anywhere.</p>
${
  data.synthetic
    ? html`<p class="synthetic"><strong>SYNTHETIC patients, made by code.</strong> No anatomy, no person.</p>`
    : html``
}
</header>
<noscript><p class="notice">This page needs JavaScript: it computes.</p></noscript>
<main>
<div class="tabs" role="tablist" aria-label="What to look at">
<button role="tab" id="features-tab" aria-controls="features-panel" aria-selected="true">A patient and its features</button>
<button role="tab" id="lab-tab" aria-controls="lab-panel" aria-selected="false" tabindex="-1">Partitions, labels and leaks</button>
</div>
<section role="tabpanel" id="features-panel" aria-labelledby="features-tab" tabindex="-1">
${featurePanel(data)}
</section>
<section role="tabpanel" id="lab-panel" aria-labelledby="lab-tab" tabindex="-1" hidden>
${labPanel(data)}
</section>
<details class="inside"><summary>What this file holds</summary>
<ul>${data.contents.map((sentence) => html`<li>${sentence}</li>`)}</ul>
<p class="small">nacre ${data.version} (MIT). For teaching and for checking, not for diagnosis.</p>
<details><summary>Licences of the packages inside</summary><pre tabindex="0">${scripts.licences}</pre></details>
</details>
</main>
${jsonScript('explore-data', data)}
${[...parts].map(([id, part]) => jsonScript(id, part))}
<script type="text/plain" id="worker-text">${new Html(scripts.worker.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--'))}</script>
<script>${new Html(script)}</script>
</body></html>
`.text;
}
