import { type Html, html } from '../report/html.ts';
import type { ExploreData } from './explore-data.ts';

/** The second panel: partitions drawn again. */
export function labPanel({ endpoints }: ExploreData): Html {
  if (endpoints.length === 0) {
    return html`<p class="notice">This page holds no table of the run's patients, so that nothing can be drawn again: see “What this file holds”.</p>`;
  }
  return html`<p class="intro">A study answers with the mean balanced accuracy over its partitions. Here you draw them again from the run's own table, flip labels until there is nothing left to find, and make the most common mistake on purpose: selecting features on all patients <em>before</em> the split. What the mistake adds where labels mean nothing is the leak.</p>
<div class="work">
<form class="left settings" id="lab-form" autocomplete="off">
<fieldset><legend>Question</legend>
<label class="check">Endpoint <select id="lab-endpoint"></select></label>
<label class="check">Features <select id="lab-set"></select></label>
<p class="small" id="lab-about"></p>
</fieldset>
<fieldset><legend>Partitions</legend>
<div class="slider"><label for="lab-seed">Seed</label><input type="number" id="lab-seed" step="1" min="0"><button type="button" id="lab-draw-again">Another seed</button></div>
<div class="slider"><label for="lab-partitions">Partitions</label><input type="range" id="lab-partitions" min="2" max="20" step="1" value="10"><output id="lab-partitions-at" for="lab-partitions">10</output><span></span></div>
</fieldset>
<fieldset><legend>Labels</legend>
<div class="slider"><label for="lab-flip">Flipped</label><input type="range" id="lab-flip" min="0" max="50" step="1" value="0"><output id="lab-flip-at" for="lab-flip">0%</output><span></span></div>
<p class="small">Of the patients drawn at random, each gets the other label. At 50% nothing is left to find.</p>
</fieldset>
<fieldset><legend>Features are selected</legend>
<div class="choices column"><label><input type="radio" name="selection" value="inside" checked> inside each partition, on training patients alone</label><label><input type="radio" name="selection" value="before"> once on all patients, before the split <strong class="leak">(the mistake)</strong></label></div>
<label class="check"><input type="checkbox" id="lab-tuned" checked> tune the classifier as the study does</label>
</fieldset>
<p class="buttons"><button type="button" id="lab-run" class="primary">Draw</button> <button type="button" id="lab-audit">Audit: shuffle all labels</button> <button type="button" id="lab-both">Show me the leak</button> <button type="button" id="lab-stop" disabled>Stop</button> <button type="button" id="lab-clear">Clear</button></p>
</form>
<div class="right">
<p id="lab-status" role="status" aria-live="polite">Nothing drawn yet.</p>
<div id="lab-chart" class="lab-chart"></div>
<div id="lab-verdict"></div>
<div class="scroll"><table id="lab-table" hidden><caption>Each line is a draw: mean balanced accuracy over its partitions with the corrected 95% interval (Nadeau and Bengio 2003).</caption><thead><tr><th scope="col">Draw</th><th scope="col" class="n">Balanced accuracy</th><th scope="col" class="n">95% interval</th><th scope="col" class="n">AUC</th></tr></thead><tbody></tbody></table></div>
</div>
</div>`;
}
