import { qcColumns } from '../../cohort/qc/qc-file.ts';
import { type Html, html, jsonScript } from '../html.ts';
import { significant } from '../printed-number.ts';
import { regionColours } from '../viewer/viewer-page.ts';
import { fewestForOutliers } from './cohort-outliers.ts';
import { editorBody } from './editor-body.ts';
import type { PlaneTile } from './plane-tiles.ts';
import { type FlaggedScan, scansTooFew, severeScore } from './quality-flags.ts';
import { decisionsName, type Review } from './review.ts';

export interface QcPageOptions {
  /** True where a server writes the decisions as they are made. */
  served: boolean;
  /** Name of the reviewer that the page begins with. */
  reviewer?: string | undefined;
  /** By number of the scan: the file of its editor. Scans that are not in it cannot be opened. */
  editors: ReadonlyMap<number, string>;
  /** True where the manifest names the file of decisions: studies honour it. */
  honoured: boolean;
}

/**
 * The review page: a card per patient and scan, the worst first. Its scripts are separate files; the content policy
 * forbids inline scripts.
 */
export function qcPage(review: Review, options: QcPageOptions): string {
  const { cohort, scans } = review;
  const flagged = scans.filter(({ flags }) => flags.length > 0).length;
  const title = `Review of masks: ${cohort.title}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self' file: 'unsafe-inline'; script-src 'self' file:; img-src 'self' file: data: blob:; font-src data:; connect-src ${options.served ? "'self' " : ''}data: blob:; form-action 'none'; base-uri 'none'">
<title>${title}</title>
<link rel="stylesheet" href="assets/qc.css"></head><body>
<header>
<h1>Review of masks</h1>
<p class="lead">${cohort.title}</p>
${cohort.synthetic ? html`<p class="synthetic"><strong>SYNTHETIC patients, made by code.</strong></p>` : html``}
<p>${counted(scans.length, 'scan')} of ${counted(new Set(scans.map(({ patient }) => patient)).size, 'patient')}; ${flagged} with flags, the worst first. Outlined: <span class="swatch" style="background:${regionColours.intra}"></span>tumour, <span class="swatch" style="background:${regionColours.peri}"></span>ring of ${String(review.ringMm)} mm. The planes pass through the centre of mass of the mask; the patient's right is on the left.</p>
${noticesOf(review, options)}
${tools(review, options)}
<p id="status" role="status" aria-live="polite"></p>
</header>
<main id="cards" aria-label="Scans">
${scans.map((scan) => card(scan, review.numberOf(scan), options))}
</main>
<p id="none" class="notice" hidden>No scan matches the filter.</p>
${editorBody(review.ringMm)}
<noscript><p class="notice">Decisions need JavaScript; the pictures and flags do not.</p></noscript>
${jsonScript('review', {
  served: options.served,
  columns: qcColumns,
  file: decisionsName(review),
  rows: review.rows,
  synthetic: cohort.synthetic,
  colours: regionColours,
  scans: scans.map((scan) => ({
    number: review.numberOf(scan),
    patient: scan.patient,
    scan: scan.scan,
    imageSha256: scan.imageSha256,
    maskSha256: scan.maskSha256,
    editor: options.editors.get(review.numberOf(scan)),
  })),
})}
<script src="assets/niivue.js"></script>
<script src="assets/qc.js"></script></body></html>
`.text;
}

function noticesOf(review: Review, { served, honoured }: QcPageOptions): Html[] {
  const file = decisionsName(review);
  const few = scansTooFew(review.scans);
  return [
    ...(few.length === 0
      ? []
      : [
          html`<p class="notice">Fewer than ${fewestForOutliers} usable masks of ${few.join(', ')}: no flags for outliers within the cohort.</p>`,
        ]),
    ...(honoured
      ? []
      : [
          html`<p class="notice">No study honours these decisions yet: put <code>${file}</code> beside the manifest and name it there: <code>"qc": "${file}"</code>.</p>`,
        ]),
    served
      ? html`<p>Each decision is written to <code>${file}</code> as it is made.</p>`
      : html`<p class="notice">This page was opened from disk: decisions stay in it until you download <code>${file}</code>. (<code>nacre cohort qc --serve</code> writes them as they are made.)</p>`,
  ];
}

function tools({ scans }: Review, { served, reviewer = '' }: QcPageOptions): Html {
  const names = [...new Set(scans.map(({ scan }) => scan))];
  return html`<div class="tools" role="group" aria-label="Reviewer and filters">
<label>Your name <input id="by" autocomplete="name" maxlength="80" value="${reviewer}"></label>
<label>Show <select id="show"><option value="all">all scans</option><option value="flagged">with flags</option><option value="open">not decided</option><option value="accept">accepted</option><option value="redo">to be redrawn</option><option value="exclude">excluded</option></select></label>
<label>Scan <select id="kind"><option value="">all</option>${names.map((name) => html`<option>${name}</option>`)}</select></label>
<label>Patient <input id="find" type="search" size="10"></label>
<button type="button" id="download">${served ? 'Download a copy' : 'Download decisions'}</button>
<span id="count"></span>
</div>
<details class="keys"><summary>Keys</summary><p><kbd>j</kbd> next scan, <kbd>k</kbd> previous, <kbd>a</kbd> accept, <kbd>r</kbd> redo, <kbd>x</kbd> exclude, <kbd>e</kbd> open the scan and edit its mask.</p></details>`;
}

function card(scan: FlaggedScan, number: number, { editors }: QcPageOptions): Html {
  const { patient, flags } = scan;
  const severe = flags.some(({ score }) => score >= severeScore);
  const level = severe ? 'severe' : flags.length > 0 ? 'mild' : 'clear';
  const id = String(number);
  return html`<article class="card ${level}" id="scan-${id}" data-number="${id}" data-scan="${scan.scan}" data-patient="${patient}" data-flags="${String(flags.length)}" tabindex="0" aria-labelledby="title-${id}">
<h2 id="title-${id}">${patient} <span class="kind">${scan.scan}</span> <span class="state" data-state></span></h2>
<div class="planes">${scan.planes.map((plane) => planeSvg(plane, scan))}</div>
${
  flags.length === 0
    ? html`<p class="flags none">No flags</p>`
    : html`<ul class="flags" aria-label="Flags">${flags.map(
        ({ kind, text, score }) =>
          html`<li class="${score >= severeScore ? 'severe' : 'mild'}"><strong>${kind.replaceAll('-', ' ')}${score >= severeScore ? ' (severe)' : ''}</strong> ${text}</li>\n`,
      )}</ul>`
}
<p class="facts">${factsOf(scan)}</p>
<fieldset><legend class="hidden">Decision on ${patient}, ${scan.scan}</legend>
<div class="choices">
${(['accept', 'redo', 'exclude'] as const).map(
  (action) =>
    html`<label><input type="radio" name="action-${id}" value="${action}"> ${choiceNames[action]}</label>\n`,
)}</div>
<label class="reason">Reason <input type="text" maxlength="300" data-reason></label>
</fieldset>
<p class="decided" data-decided></p>
${
  editors.has(number)
    ? html`<button type="button" data-open>Open scan, edit mask</button>`
    : html`<p class="facts">The scan itself is not in this page (<code>--scans all</code>, or <code>--serve</code>).</p>`
}
</article>
`;
}

const choiceNames = { accept: 'Accept', redo: 'Redo', exclude: 'Exclude patient' } as const;

function planeSvg(plane: PlaneTile, { patient, scan }: FlaggedScan): Html {
  const { name, width, height, png, tumour, ring } = plane;
  const [w, h] = [width.toFixed(1), height.toFixed(1)];
  const outlined =
    tumour === '' ? 'no mask to outline' : `tumour${ring === '' ? '' : ' and ring'} outlined`;
  return html`<svg viewBox="0 0 ${w} ${h}" style="flex:${w} 1 0" role="img" aria-label="${patient}, ${scan}, ${name} plane at ${plane.position.toFixed(0)} mm: ${outlined}"><image href="data:image/png;base64,${png}" width="${w}" height="${h}" preserveAspectRatio="none"/><path d="${ring}" stroke="${regionColours.peri}"/><path d="${tumour}" stroke="${regionColours.intra}"/><path class="bar under" d="M3 ${(height - 3).toFixed(1)}h10"/><path class="bar" d="M3 ${(height - 3).toFixed(1)}h10"/></svg>`;
}

function factsOf({ shape, size, spacing, ring, intensities }: FlaggedScan): string {
  const parts: string[] = [];
  if (shape !== undefined) parts.push(`tumour ${(shape.volume / 1000).toPrecision(3)} ml`);
  if (ring !== undefined && 'voxels' in ring) {
    parts.push(`ring ${(100 * (1 - ring.cutShare)).toFixed(0)}% within body and scan`);
  }
  if (intensities !== undefined) {
    const { low, high } = intensities;
    parts.push(`grey values ${significant(low, 3)} to ${significant(high, 3)} (5% to 95%)`);
  }
  if (size !== undefined && spacing !== undefined) {
    parts.push(
      `${size.join(' × ')} voxels of ${spacing.map((mm) => significant(mm, 3)).join(' × ')} mm`,
    );
  }
  return `${parts.join(' · ')}${parts.length > 0 ? '. Bar: 10 mm.' : ''}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
