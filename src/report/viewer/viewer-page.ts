import { Html, html, jsonScript } from '../html.ts';
import type { ViewerScan } from './viewer-scan.ts';

/** Okabe and Ito's vermilion and sky blue: distinguished with every common colour vision, and on grey. */
export const regionColours = { intra: '#D55E00', peri: '#56B4E9' } as const;

/** A scan of the viewer's lists: the script file that holds it, and what stands beside it. */
export interface ViewerEntry {
  patient: string;
  scan: string;
  /** Path of the script file from the page. */
  file: string;
}

export interface ViewerCohort {
  title: string;
  synthetic: boolean;
  /** Patients of the cohort, of whom the page may hold fewer. */
  patients: number;
  ringMm: number;
  /** Sentences on scans that could not be shown. */
  notices: readonly string[];
}

/**
 * The script file of one scan. The page loads it by a script element when the scan is chosen: that works from file://,
 * where `fetch` does not.
 */
export function scanScript(scan: ViewerScan): string {
  const json = JSON.stringify(scan).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return `nacreScan(${json});\n`;
}

/** What each key does while the picture has the focus; the last are for 3D alone. */
const keys: readonly { keys: readonly string[]; does: string; only3d?: boolean }[] = [
  { keys: ['↑', '↓'], does: 'next slice, of the plane in view; axial with three planes' },
  { keys: ['←', '→'], does: 'crosshair to the left, to the right' },
  { keys: ['Page Up', 'Page Down'], does: 'crosshair to the front and the back, or up and down' },
  { keys: ['Home'], does: 'crosshair to the middle of the tumour' },
  { keys: ['N', 'P'], does: 'next patient, previous patient' },
  { keys: ['S'], does: 'next scan of the patient' },
  { keys: ['T', 'R'], does: 'tumour on and off, ring on and off' },
  { keys: ['0'], does: 'three planes' },
  { keys: ['1', '2', '3'], does: 'axial, coronal, sagittal' },
  { keys: ['4'], does: '3D; the arrows turn it', only3d: true },
  { keys: ['X'], does: 'cut the 3D picture open at the crosshair', only3d: true },
];

/** The viewer between the tags of a page; `viewerScript` and niivue's bundle must follow. */
export function viewerBody(cohort: ViewerCohort, entries: readonly ViewerEntry[]): Html {
  const shown = new Set(entries.map(({ patient }) => patient)).size;
  const some =
    shown < cohort.patients
      ? html`<p class="small">${shown} of ${cohort.patients} patients are in this page (<code>nacre site --patients N</code> takes more).</p>`
      : html``;
  return html`<h1>Scans and regions</h1>
<p class="lead">${cohort.title}</p>
${
  cohort.synthetic
    ? html`<p class="synthetic"><strong>SYNTHETIC scans, made by code.</strong> No anatomy, no patient.</p>`
    : html``
}${some}
<p class="notice" id="plain" hidden>This browser offers no WebGL 2: three planes are drawn without it, and no 3D.</p>
<div class="viewer-tools" role="group" aria-label="Scan and window">
<span class="stepper"><label>Patient <select id="patient"></select></label><button type="button" id="previous" aria-label="Previous patient">‹</button><button type="button" id="next" aria-label="Next patient">›</button></span>
<label>Scan <select id="scan"></select></label>
<label>View <select id="view"><option value="multi">three planes and 3D</option><option value="axial">axial</option><option value="coronal">coronal</option><option value="sagittal">sagittal</option><option value="render">3D</option></select></label>
<label>Black <input id="low" type="number" step="any"></label>
<label>White <input id="high" type="number" step="any"></label><span id="unit"></span>
</div>
<div class="viewer-legend" role="group" aria-label="Regions">
<label><input type="checkbox" id="intra" checked><span class="swatch" style="background:${regionColours.intra}"></span>intratumoral</label>
<label><input type="checkbox" id="peri" checked><span class="swatch" style="background:${regionColours.peri}"></span>peritumoral, ${String(cohort.ringMm)} mm</label>
<label>Fill <input id="opacity" type="range" min="0" max="1" step="0.05" value="0.3"></label>
<label><input type="checkbox" id="cut"> cut 3D open</label>
<button type="button" id="home">To the tumour</button>
<strong id="made">${cohort.synthetic ? 'SYNTHETIC' : ''}</strong>
</div>
<p id="where" aria-live="polite">…</p>
<div class="viewer-canvas"><canvas id="picture" tabindex="0" role="application" aria-label="Scan with its regions" aria-describedby="keys-title"></canvas></div>
<div class="viewer-slices" role="group" aria-label="Slices">
${['axial', 'coronal', 'sagittal'].map((plane) => html`<label>${plane} <input id="slice-${plane}" type="range" min="1" max="1" value="1"><span class="count" id="count-${plane}"></span></label>\n`)}</div>
<p class="notice" id="note" role="status" hidden></p>
<p class="small">Radiological convention: the patient's right is on the left. Click or drag to move the crosshair, wheel for slices. Coordinates are millimetres in LPS, as in nacre's volumes and notebooks: x grows to the patient's left, y to the back, z to the head. For looking, not for diagnosis.</p>
<h2 id="keys-title">Keys, while the picture has the focus</h2>
<dl class="viewer-keys">${keys.map(
    ({ keys: names, does, only3d }) =>
      html`<div${new Html(only3d ? ' class="only-3d"' : '')}><dt>${names.map((name) => html`<kbd>${name}</kbd> `)}</dt><dd>${does}</dd></div>\n`,
  )}</dl>
${cohort.notices.map((notice) => html`<p class="notice">${notice}</p>`)}
<noscript><p class="notice">The viewer needs JavaScript.</p></noscript>
${jsonScript('scans', { synthetic: cohort.synthetic, colours: regionColours, entries })}`;
}
