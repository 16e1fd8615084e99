import { type Html, html } from '../report/html.ts';
import { regionColours } from '../report/viewer/viewer-page.ts';
import { deepPanel } from './deep-panel.ts';
import type { ExploreData } from './explore-data.ts';
import { widestRing } from './protocol.ts';

/** The first panel: scan, regions, settings, features. */
export function featurePanel(data: ExploreData): Html {
  return html`<div class="source">
${
  data.scans.length > 0
    ? html`<label>Patient <select id="patient"></select></label>
<label>Scan <select id="scan"></select></label>`
    : html``
}<button id="open-own" aria-expanded="${data.scans.length > 0 ? 'false' : 'true'}" aria-controls="own">Your own scan…</button>
</div>
<div id="own" class="own"${data.scans.length > 0 ? hiddenAttribute : html``}>
<p>Drop a scan and its mask anywhere on this page, or choose them: NIfTI, NRRD, MetaImage, or a DICOM folder with its contours or segmentation. They stay on this machine.</p>
<div class="own-files">
${ownFiles('image', 'Scan')}
${ownFiles('mask', 'Mask')}
</div>
<button id="read-own" disabled>Read them</button> <button id="swap-own" disabled>Exchange scan and mask</button>
</div>
<p id="problem" class="problem" role="alert" hidden></p>
<div id="notes" class="assumptions" hidden></div>
<div class="work">
<div class="left">
${viewer(data)}
${settings()}
</div>
<div class="right">
${results(data)}
</div>
</div>`;
}

const hiddenAttribute = html` hidden`;

/** What is chosen stands below the buttons: it may have been dropped, which the browser's own text does not know. */
function ownFiles(role: 'image' | 'mask', title: string): Html {
  return html`<fieldset><legend>${title}</legend><label class="file-button">File… <input type="file" id="${role}-file" multiple></label> <label class="file-button">DICOM folder… <input type="file" id="${role}-folder" webkitdirectory></label><p id="${role}-names" class="small">nothing chosen</p></fieldset>`;
}

function viewer(data: ExploreData): Html {
  const plane = (name: string) =>
    html`<figure class="plane ${name}"><div class="canvas"><canvas id="${name}" width="10" height="10" role="img" aria-label="${name} slice"></canvas><span class="mark" aria-hidden="true">${data.synthetic ? 'SYNTHETIC' : ''}</span></div>
<figcaption><label><span>${name}</span> <input type="range" id="${name}-slice" min="0" max="1" value="0" step="1"></label><output for="${name}-slice" id="${name}-at"></output></figcaption></figure>`;
  return html`<div class="viewer" id="viewer">
${['axial', 'coronal', 'sagittal'].map(plane)}
</div>
<div class="legend" role="group" aria-label="Picture">
<label><input type="checkbox" id="show-intra" checked><span class="swatch" style="background:${regionColours.intra}"></span>tumour</label>
<label><input type="checkbox" id="show-peri" checked><span class="swatch" style="background:${regionColours.peri}"></span>ring</label>
<label>black <input type="number" id="black" step="any"></label>
<label>white <input type="number" id="white" step="any"> <span id="unit"></span></label>
<button id="to-tumour" title="Back to the middle of the tumour">centre</button>
</div>
<p id="where" class="small" aria-live="off"></p>`;
}

function settings(): Html {
  const slider = (id: string, label: string, range: string, unit: string) =>
    html`<div class="slider"><label for="${id}">${label}</label>${rangeInput(id, range)}${numberInput(id, range, label)}<span>${unit}</span></div>`;
  return html`<form id="settings" class="settings" autocomplete="off">
<fieldset><legend>Region</legend>
<div class="choices"><label><input type="radio" name="region" value="intra" checked> tumour</label><label><input type="radio" name="region" value="peri"> ring around it</label></div>
${slider('ring', 'Ring width', `0.5 ${widestRing} 0.5`, 'mm')}
<label class="check"><input type="checkbox" id="within-body" checked> the ring ends at the skin</label>
<label class="check" id="label-choice" hidden>Label of the mask <select id="label"></select></label>
</fieldset>
<fieldset><legend>Grey levels</legend>
<div class="choices"><label><input type="radio" name="bins" value="width" checked> bins of one width</label><label><input type="radio" name="bins" value="count"> a number of bins</label></div>
${slider('bin-width', 'Bin width', '1 100 1', '')}
${slider('bin-count', 'Bins', '2 128 1', '')}
</fieldset>
<fieldset><legend>Image</legend>
<label class="check"><input type="checkbox" id="normalise"> normalise (z-score of the whole scan)</label>
${slider('scale', 'times', '1 500 1', '')}
<label class="check"><input type="checkbox" id="resample"> resample to cubes</label>
${slider('spacing', 'Spacing', '0.5 5 0.1', 'mm')}
<label class="check">Interpolation <select id="interpolator"><option value="sitkBSpline">B-spline</option><option value="sitkLinear">linear</option><option value="sitkNearestNeighbor">nearest</option></select></label>
</fieldset>
<fieldset><legend>Filters</legend>
<div class="filters" id="filters"></div>
${slider('sigma', 'LoG width', '0.5 6 0.5', 'mm')}
</fieldset>
<fieldset><legend>Formulas</legend>
<div class="choices"><label><input type="radio" name="conventions" value="pyradiomics" checked> PyRadiomics</label><label><input type="radio" name="conventions" value="ibsi"> IBSI</label></div>
</fieldset>
<p class="buttons"><button type="button" id="as-run" hidden>As in the run</button> <button type="button" id="defaults">PyRadiomics' defaults</button> <label class="file-button">Parameter file… <input type="file" id="parameter-file" accept=".yaml,.yml,.json"></label></p>
</form>`;
}

function rangeInput(id: string, range: string): Html {
  const [low, high, step] = range.split(' ');
  return html`<input type="range" id="${id}" min="${low}" max="${high}" step="${step}">`;
}

function numberInput(id: string, range: string, label: string): Html {
  const [low] = range.split(' ');
  return html`<input type="number" id="${id}-number" min="${low}" step="any" aria-label="${label}, as a number">`;
}

function results(data: ExploreData): Html {
  return html`<div class="result-head"><h2 id="features-title">Features</h2>
<p id="status" role="status" aria-live="polite">Choose a scan.</p>
<p id="agreement" class="good" hidden></p>
<div class="result-tools"><label>Find <input type="search" id="find" placeholder="glcm, Entropy, LoG …"></label>
<button id="save-csv" disabled>Save features (CSV)</button> <button id="save-parameters" disabled>Save settings (parameter file)</button></div>
</div>
<div id="groups" class="groups"></div>
<details class="recipe" id="recipe"><summary>The same on the command line</summary>
<p class="small">Save the settings, then:</p><pre id="command" tabindex="0"></pre>
<p class="small">The parameter file as it is now:</p><pre id="parameters" tabindex="0"></pre></details>
${
  Object.keys(data.columns).length > 0
    ? html`<p class="small">Histograms: the patients of the run, under the run's settings; the mark is this region as it is measured now. Selected: the largest share of partitions in which a feature set of the run kept the feature; open a feature for all of them.</p>`
    : html``
}${data.deep === undefined ? html`` : deepPanel(data.deep)}`;
}
