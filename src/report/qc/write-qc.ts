import { join } from 'node:path';
import { NacreError } from '../../runtime/errors.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { reportStyle } from '../report-style.ts';
import { niivueBundle } from '../viewer/niivue-bundle.ts';
import { type EditorScan, editorScan } from './editor-scan.ts';
import { qcPage } from './qc-page.ts';
import { qcScript } from './qc-script.ts';
import { qcStyle } from './qc-style.ts';
import type { Review } from './review.ts';

export interface WriteQcOptions {
  /** Scans that the page can open and edit: a scan is a megabyte or several. Default `flagged`. */
  scans?: 'flagged' | 'all' | 'none' | undefined;
  reviewer?: string | undefined;
  /** True where the manifest names the file of decisions. */
  honoured: boolean;
  /** Called after each scan that is packed for the editor. */
  onScan?: ((done: number, total: number) => void) | undefined;
}

export interface WrittenQc {
  /** Path of index.html. */
  index: string;
  /** Path of qc.json: measures and flags for programs. */
  json: string;
  /** Scans that cannot be opened in the page, with the reason. */
  messages: string[];
}

/**
 * Writes the review as a folder that works from disk: no server, nothing from the network. Equal inputs give equal files.
 *
 * @throws NacreError `write-failed`
 */
export async function writeQc(
  out: string,
  review: Review,
  { scans = 'flagged', reviewer, honoured, onScan }: WriteQcOptions,
): Promise<WrittenQc> {
  const messages: string[] = [];
  const editors = new Map<number, string>();
  const wanted = review.scans.filter(({ flags }) =>
    scans === 'flagged' ? flags.length > 0 : scans === 'all',
  );
  for (const [done, scan] of wanted.entries()) {
    const number = review.numberOf(scan);
    try {
      const packed = await editorScan(
        { number, patient: scan.patient, scan: scan.scan },
        review.taskOf(number),
      );
      writeWhole(join(out, editorFile(number)), editorFileText(packed));
      editors.set(number, editorFile(number));
    } catch (error) {
      if (!(error instanceof NacreError) || error.code === 'write-failed') throw error;
      messages.push(`${scan.patient}, ${scan.scan}: cannot be opened in the page (${error.code})`);
    }
    onScan?.(done + 1, wanted.length);
  }
  for (const [name, text] of Object.entries(qcAssets())) writeWhole(join(out, name), text);
  const json = join(out, 'qc.json');
  writeWhole(json, qcJson(review));
  const index = join(out, 'index.html');
  writeWhole(index, qcPage(review, { served: false, reviewer, editors, honoured }));
  return { index, json, messages };
}

/** The files that every page needs beside it. */
export function qcAssets(): Record<string, string> {
  return {
    'assets/qc.css': reportStyle + qcStyle,
    'assets/qc.js': qcScript,
    'assets/niivue.js': niivueBundle(),
  };
}

/** Uses a number, because a patient id may hold characters that file names cannot. */
export function editorFile(number: number): string {
  return `scans/scan-${String(number + 1).padStart(4, '0')}.js`;
}

/** The page loads it by a script element: that works from file://, where `fetch` does not. */
export function editorFileText(scan: EditorScan): string {
  const json = JSON.stringify(scan).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return `nacreScan(${json});\n`;
}

/** Measures, flags and decisions, the worst scan first. */
function qcJson({ scans, rows, ringMm }: Review): string {
  const measured = scans.map(({ planes: _, score, ...scan }) => ({
    ...scan,
    score: Number(score.toFixed(2)),
  }));
  return `${JSON.stringify({ ringMm, scans: measured, decisions: rows }, null, 2)}\n`;
}
