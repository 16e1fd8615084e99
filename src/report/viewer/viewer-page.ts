import { type Html, html, jsonScript } from '../html.ts';
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

/** The viewer between the tags of a page; `viewerScript` and niivue's bundle must follow. */
export function viewerBody(cohort: ViewerCohort, entries: readonly ViewerEntry[]): Html {
  const shown = new Set(entries.map(({ patient }) => patient)).size;
  const some =
    shown < cohort.patients
      ? html`<p class="notice">${shown} of ${cohort.patients} patients are in this page (nacre site --patients N takes more).</p>`
      : html``;
  return html`<h1>Scans and regions</h1>
<p class="lead">${cohort.title}</p>
${
  cohort.synthetic
    ? html`<p class="synthetic"><strong>SYNTHETIC scans, made by code.</strong> No anatomy, no patient.</p>`
    : html``
}${some}
<div class="viewer-tools">
<label>Patient <select id="patient"></select></label>
<label>Scan <select id="scan"></select></label>
<label>View <select id="view"><option value="multi">three planes and 3D</option><option value="axial">axial</option><option value="coronal">coronal</option><option value="sagittal">sagittal</option><option value="render">3D</option></select></label>
<label>Black <input id="low" type="number" step="any"></label>
<label>White <input id="high" type="number" step="any"></label><span id="unit"></span>
</div>
<div class="viewer-legend" role="group" aria-label="Legend">
<label><input type="checkbox" id="intra" checked><span class="swatch" style="background:${regionColours.intra}"></span>intratumoral</label>
<label><input type="checkbox" id="peri" checked><span class="swatch" style="background:${regionColours.peri}"></span>peritumoral, ${String(cohort.ringMm)} mm</label>
<label>Opacity <input id="opacity" type="range" min="0" max="1" step="0.05" value="0.45"></label>
<strong id="made">${cohort.synthetic ? 'SYNTHETIC' : ''}</strong>
</div>
<p id="where" aria-live="polite">…</p>
<div class="viewer-canvas"><canvas id="gl" aria-label="Scan in three planes with its regions"></canvas></div>
<p class="notice" id="note" hidden></p>
<p><small>Radiological convention: the patient's right is on the left. Click or drag to move the crosshair, wheel for slices, right button for the window. Coordinates are RAS+ millimetres of the scanner. For looking, not for diagnosis.</small></p>
${cohort.notices.map((notice) => html`<p class="notice">${notice}</p>`)}
<noscript><p class="notice">The viewer needs JavaScript and WebGL 2.</p></noscript>
${jsonScript('scans', { synthetic: cohort.synthetic, colours: regionColours, entries })}`;
}

/** Style of the viewer's own parts. */
export const viewerStyle = `
.viewer-tools, .viewer-legend { display: flex; flex-wrap: wrap; gap: .5rem 1.2rem; align-items: center; margin: .5rem 0; }
.viewer-tools input[type=number] { width: 6.5em; }
.viewer-tools select, .viewer-tools input { font: inherit; padding: .1rem .3rem; }
.viewer-canvas { height: min(62vh, 720px); background: #000; }
.viewer-canvas canvas { width: 100%; height: 100%; outline: none; }
.swatch { display: inline-block; width: 1em; height: 1em; margin: 0 .4em -.12em .2em; border: 1px solid #555; }
#where { margin: .3rem 0; color: #333; font-variant-numeric: tabular-nums; }
#made { color: #B34700; }
`;
