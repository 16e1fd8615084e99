import { basename } from 'node:path';
import { editedMaskPath, originalMask } from '../../cohort/qc/qc-file.ts';
import { airThreshold } from '../../imaging/body.ts';
import { compactVoxels } from '../../imaging/compact-voxels.ts';
import { boxOf, crop, growBox } from '../../imaging/crop.ts';
import { niftiBytes } from '../../imaging/nifti-bytes.ts';
import { geometryDifferences } from '../../imaging/same-geometry.ts';
import { type RegionChoice, tumourRegions } from '../../imaging/tumour-regions.ts';
import {
  type Geometry,
  geometryOf,
  indexToPoint,
  type Mask,
  markOf,
  type Vector3,
  type Volume,
  voxelCount,
} from '../../imaging/volume.ts';
import { readVolume } from '../../machine/read-volume.ts';
import { isNacreError, NacreError } from '../../runtime/errors.ts';
import { greyWindow } from '../grey-window.ts';
import type { QcTask } from './scan-quality.ts';

/** A scan with its mask as the editor of the review page takes them: NIfTI files in base64. */
export interface EditorScan {
  number: number;
  patient: string;
  scan: string;
  /** Unit of the grey values: `HU`, or `a.u.` for MRI. */
  unit: string;
  /** True where no patient was scanned. */
  synthetic?: true | undefined;
  /** Grey values shown as black and white at first. */
  window: [number, number];
  /** LPS millimetres where the crosshair stands at first. */
  centre: Vector3;
  /** Value of the tumour in the mask. */
  label: number;
  /** The scan, cut to the surroundings of the tumour where it is large. */
  image: string;
  peri?: string | undefined;
  /** All labels of the mask on the whole grid of the scan, empty where the mask cannot be used; `note` then gives the reason. */
  labels: string;
  /** First voxel of the cut scan in the whole grid. */
  offset: Vector3;
  /** Name of the mask's file without ending, which an edited one begins with; neutral under pseudonyms. */
  maskName: string;
  /** Number of the edit that is shown; 0 for the mask that the manifest names. */
  edits: number;
  note?: string | undefined;
}

/** Voxels above which a scan is cut to the tumour's surroundings: some 20 MB in the page. */
const mostVoxels = 8_000_000;
/** Millimetres kept around the tumour then. */
const kept = 60;

/**
 * Reads a scan for the editor. A mask that cannot be used (missing, unreadable, on another grid) begins empty.
 *
 * @throws NacreError of the reader where the scan itself cannot be read
 */
export async function editorScan(
  identity: { number: number; patient: string; scan: string },
  files: Pick<QcTask, 'image' | 'mask' | 'regions' | 'hidesPaths'>,
): Promise<EditorScan> {
  const volume = await readVolume(files.image);
  const { labels, label, note } = await labelsOn(volume, files);
  const tumour = regionOf(labels, label);
  const box = boxOf(tumour);
  const { offset, size } = editedPart(labels, label);
  const last = offset.map((n, a) => n + size[a] - 1) as unknown as Vector3;
  const part = <V extends Volume>(whole: V): V => crop(whole, { low: offset, high: last });
  const ring = box && ringOf(volume, tumour, files.regions);
  const { low, high } = box ?? { low: [0, 0, 0], high: volume.size.map((n) => n - 1) };
  const ct = airThreshold(volume.data) !== undefined && /^ct(?![a-z])/i.test(identity.scan);
  return {
    ...identity,
    unit: volume.unit ?? (ct ? 'HU' : 'a.u.'),
    ...markOf(volume),
    window: greyWindow(volume),
    centre: indexToPoint(volume, low.map((n, a) => (n + high[a]) / 2) as unknown as Vector3),
    label,
    image: base64(compactVoxels(part(volume))),
    peri: ring && base64(part(ring)),
    labels: base64(labels),
    offset,
    ...maskNameOf(identity, files),
    note,
  };
}

export interface EditableLabels {
  /** On the grid of the scan, in 8 or 16 bits; empty where the mask cannot be used. */
  labels: Volume<Uint8Array | Uint16Array>;
  /** Value of the tumour in them. */
  label: number;
  /** Reason why the labels begin empty. */
  note?: string | undefined;
}

/**
 * The mask as it can be edited: with its other labels where it holds labels on the grid of the scan; the tumour alone where
 * it holds probabilities or is resampled.
 */
export async function labelsOn(
  scan: Volume,
  { mask, regions }: Pick<QcTask, 'mask' | 'regions'>,
): Promise<EditableLabels> {
  const grid = geometryOf(scan);
  // An edited mask of a cohort with a threshold must lie above it again.
  const label = Math.max(regions.label ?? 1, Math.ceil(regions.maskThreshold ?? 0));
  let read: Volume;
  try {
    const { label: number, maskThreshold: threshold } = regions;
    read = await readVolume(mask, { grid: scan, label: number, threshold });
  } catch (error) {
    if (!isNacreError(error)) throw error;
    return {
      labels: emptyLabels(grid, label),
      label,
      note: beginsEmpty('cannot be read', error.code),
    };
  }
  const sameGrid = geometryDifferences(scan, read).length === 0;
  if (sameGrid && regions.maskThreshold === undefined) {
    const labels = wholeLabels(read);
    if (labels !== undefined) return { labels: { ...grid, data: labels }, label };
  }
  const labels = emptyLabels(grid, label);
  try {
    const { intratumoral } = tumourRegions(scan, read, { ...regions, file: mask });
    for (let i = 0; i < labels.data.length; i++)
      if (intratumoral.data[i] !== 0) labels.data[i] = label;
    return { labels, label };
  } catch (error) {
    if (!isNacreError(error)) throw error;
    return { labels, label, note: beginsEmpty('cannot be used', error.code) };
  }
}

function beginsEmpty(why: string, code: string): string {
  return `The mask ${why} (${code}): the drawing begins empty.`;
}

function emptyLabels(grid: Geometry, label: number): Volume<Uint8Array | Uint16Array> {
  const voxels = voxelCount(grid);
  return { ...grid, data: label > 255 ? new Uint16Array(voxels) : new Uint8Array(voxels) };
}

/** Undefined where a value is not a label. */
function wholeLabels({ data }: Volume): Uint8Array | Uint16Array | undefined {
  let most = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!(Number.isInteger(value) && value >= 0 && value < 65536)) return undefined;
    if (value > most) most = value;
  }
  return most > 255 ? Uint16Array.from(data) : Uint8Array.from(data);
}

/**
 * The mask file after an edit: edited voxels get the label, earlier voxels of the label are cleared, other labels stay
 * unless they were drawn over.
 *
 * @param edited one byte per voxel of the cut scan, x fastest; not 0 inside
 * @param cut first voxel and size of the cut scan in the whole grid
 * @throws NacreError `geometry-mismatch`
 */
export function editedLabels(
  labels: Volume<Uint8Array | Uint16Array>,
  label: number,
  edited: Uint8Array,
  cut: { offset: Vector3; size: Vector3 },
): Uint8Array {
  const [mx, my, mz] = cut.size;
  const fits = cut.offset.every((n, a) => n >= 0 && n + cut.size[a] <= labels.size[a]);
  if (!fits || edited.length !== mx * my * mz) {
    throw new NacreError('geometry-mismatch', 'the edited mask does not fit the scan', {
      found: `${edited.length} voxels for ${cut.size.join('×')} at ${cut.offset.join(', ')}`,
      expected: `a part of ${labels.size.join('×')}`,
    });
  }
  const data = label > 255 ? Uint16Array.from(labels.data) : labels.data.slice();
  for (let i = 0; i < data.length; i++) if (data[i] === label) data[i] = 0;
  const [nx, ny] = labels.size;
  for (let k = 0, at = 0; k < mz; k++) {
    for (let j = 0; j < my; j++) {
      const row = cut.offset[0] + nx * (cut.offset[1] + j + ny * (cut.offset[2] + k));
      for (let i = 0; i < mx; i++, at++) if (edited[at] !== 0) data[row + i] = label;
    }
  }
  return niftiBytes({ ...geometryOf(labels), data });
}

/** The part of the whole grid that the editor shows. */
export function editedPart(labels: Volume, label: number): { offset: Vector3; size: Vector3 } {
  const box = boxOf(regionOf(labels, label));
  if (box === undefined || voxelCount(labels) <= mostVoxels) {
    return { offset: [0, 0, 0], size: labels.size };
  }
  const pad = labels.spacing.map((mm) => Math.ceil(kept / mm)) as unknown as Vector3;
  const { low, high } = growBox(box, pad, labels);
  return { offset: low, size: high.map((n, a) => n - low[a] + 1) as unknown as Vector3 };
}

function regionOf(labels: Volume, label: number): Mask {
  const data = new Uint8Array(labels.data.length);
  for (let i = 0; i < data.length; i++) if (labels.data[i] === label) data[i] = 1;
  return { ...geometryOf(labels), data };
}

function maskNameOf(
  { patient, scan }: { patient: string; scan: string },
  { mask, hidesPaths }: { mask: string; hidesPaths: boolean },
): Pick<EditorScan, 'maskName' | 'edits'> {
  const [, edits = '0'] = /\.edited-(\d+)\.nii\.gz$/.exec(mask) ?? [];
  const name = basename(editedMaskPath(originalMask(mask), 1));
  return {
    maskName: hidesPaths ? `mask-of-${patient}-${scan}` : name.replace(/\.edited-1\.nii\.gz$/, ''),
    edits: Number(edits),
  };
}

function ringOf(volume: Volume, tumour: Mask, regions: RegionChoice): Mask | undefined {
  try {
    return tumourRegions(volume, tumour, { ...regions, label: 1, maskThreshold: undefined })
      .peritumoral;
  } catch (error) {
    // The flags of the scan already report the missing ring.
    if (isNacreError(error)) return undefined;
    throw error;
  }
}

function base64(volume: Volume): string {
  return Buffer.from(niftiBytes(volume)).toString('base64');
}
