import { type Html, html } from '../report/html.ts';
import { type DeepData, deepFolder } from './deep-protocol.ts';

/** Below the handcrafted features: deep ones, which are computed only when the button asks for them. */
export function deepPanel({ networks }: DeepData): Html {
  const random = networks.some(({ origin }) => origin === 'random');
  return html`<section class="deep" aria-labelledby="deep-title"><h2 id="deep-title">Deep features</h2>
<p class="small">A network looks at the region that is chosen above, cut and standardised as the run did it (your own scans: as <code>nacre encode</code> does it without flags). The settings of grey levels, image and filters do not touch it. Network and runtime are loaded from the folder beside this page, when you press the button and not before.</p>
${random ? html`<p class="problem" id="deep-random"><strong>RANDOM weights</strong> where the name of a network holds “random”: their features mean nothing.</p>` : html``}
<div id="deep-from-disk" class="own" hidden>
<p>This page was opened from disk, where a browser loads no further file by itself. Choose the folder <code>${deepFolder}</code> beside this page, or its files, or drop it anywhere here: it is read on this machine, and each file is checked by its SHA-256 before it is used. Networks run with one thread then; more need a server.</p>
<p class="deep-tools"><label class="file-button">Folder ${deepFolder}… <input type="file" id="deep-folder" webkitdirectory></label> <label class="file-button">Its files… <input type="file" id="deep-files" multiple></label></p>
<p id="deep-chosen" class="small" role="status" aria-live="polite"></p>
</div>
<p class="deep-tools"><label>Network <select id="deep-network">${networks.map(
    ({ block, bytes, origin }) =>
      html`<option value="${block}">${block} (${(bytes / 1e6).toFixed(0)} MB${origin === 'random' ? ', RANDOM weights' : ''})</option>`,
  )}</select></label> <button id="deep-compute" disabled>Compute deep features</button></p>
<p id="deep-status" role="status" aria-live="polite"></p>
<p id="deep-problem" class="problem" role="alert" hidden></p>
<div id="deep-table" class="deep-table" role="region" aria-label="Table of deep features" tabindex="0" hidden></div>
</section>`;
}
