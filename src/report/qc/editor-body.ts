import { type Html, html } from '../html.ts';
import { regionColours } from '../viewer/viewer-page.ts';

/** The editor of a mask: a dialog over the cards, filled by `editorScript`. */
export function editorBody(ringMm: number): Html {
  return html`<dialog id="editor" aria-labelledby="editor-title">
<div class="editor-head"><h2 id="editor-title">Scan</h2><button type="button" id="close">Close</button></div>
<div class="tools">
<label>View <select id="view"><option value="multi">three planes</option><option value="axial">axial</option><option value="coronal">coronal</option><option value="sagittal">sagittal</option></select></label>
<label>Black <input id="low" type="number" step="any"></label>
<label>White <input id="high" type="number" step="any"></label><span id="unit"></span>
<label><input type="checkbox" id="ring" checked><span class="swatch" style="background:${regionColours.peri}"></span>ring, ${String(ringMm)} mm</label>
<label>Opacity <input id="opacity" type="range" min="0" max="1" step="0.05" value="0.45"></label>
</div>
<div class="tools" role="radiogroup" aria-label="Tool">
<label><input type="radio" name="tool" value="move" checked> Move</label>
<label><input type="radio" name="tool" value="pen"> Pen</label>
<label><input type="radio" name="tool" value="fill"> Fill (draw an outline)</label>
<label><input type="radio" name="tool" value="eraser"> Eraser</label>
<label>Width <input id="width" type="number" min="1" max="25" value="3"> voxels</label>
<button type="button" id="undo">Undo</button>
<button type="button" id="grow">Grow-cut</button>
<button type="button" id="save">Save edited mask</button>
</div>
<p id="where" aria-live="polite"></p>
<div class="canvas"><canvas id="gl" tabindex="0" aria-label="Scan with its mask. Arrow keys and Page Up or Down move the crosshair; the space bar draws at it with the chosen tool"></canvas></div>
<p id="drawn" role="status"></p>
<p class="notice" id="note" role="alert" hidden></p>
<p><small>Move: click or drag for the crosshair, wheel for slices. Arrow keys and Page Up or Down move the crosshair, the space bar draws at it. Grow-cut adds voxels around the mask that look like it, within 10 mm. The old mask is never overwritten. For looking, not for diagnosis.</small></p>
</dialog>`;
}
