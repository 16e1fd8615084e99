import { basename } from 'node:path';
import { boxOf, crop } from '../../imaging/crop.ts';
import { type MaskIntensities, maskIntensities } from '../../imaging/mask-intensities.ts';
import { type MaskShape, maskShape } from '../../imaging/mask-shape.ts';
import { peritumoralRing } from '../../imaging/peritumoral-ring.ts';
import {
  type RegionChoice,
  type TumourRegions,
  tumourRegions,
} from '../../imaging/tumour-regions.ts';
import { geometryOf, type Mask, type Vector3, type Volume } from '../../imaging/volume.ts';
import { hashOfImage, readImage } from '../../machine/read-volume.ts';
import type { Assumption } from '../../runtime/assumptions.ts';
import { isNacreError, type NacreError } from '../../runtime/errors.ts';
import { sha256 } from '../../runtime/hash.ts';
import { type PlaneTile, planeTiles } from './plane-tiles.ts';

export interface QcTask {
  patient: string;
  scan: string;
  image: string;
  mask: string;
  regions: RegionChoice;
  /** True under pseudonyms: messages then do not quote the paths of the files. */
  hidesPaths: boolean;
}

/** One scan and its mask, measured, with its pictures. */
export interface ScanQuality {
  patient: string;
  scan: string;
  /** Why the mask could not be measured. */
  fault?: { code: string; message: string } | undefined;
  /** Hashes of the files; empty where a file cannot be read. */
  imageSha256: string;
  maskSha256: string;
  /** Hash of the voxels alone, which finds the same mask in another file or with another header. */
  voxelsSha256: { image: string; mask: string };
  size?: Vector3 | undefined;
  spacing?: Vector3 | undefined;
  shape?: MaskShape | undefined;
  intensities?: MaskIntensities | undefined;
  /** The ring, and the share of it that the border of scan or body cuts off, 0 to 1; or why there is none. */
  ring?: { voxels: number; cutShare: number } | { missing: string } | undefined;
  assumptions: Assumption[];
  planes: PlaneTile[];
}

/** Reads a scan with its mask, measures both and draws the three planes. Errors are returned in the result, not thrown. */
export async function scanQuality(task: QcTask): Promise<ScanQuality> {
  const { patient, scan, regions } = task;
  const quality: ScanQuality = {
    ...{ patient, scan, imageSha256: '', maskSha256: '' },
    voxelsSha256: { image: '', mask: '' },
    assumptions: [],
    planes: [],
  };
  let volume: Volume | undefined;
  try {
    const note = ({ file: _, ...rest }: Assumption) =>
      quality.assumptions.push({ ...rest, patient, scan });
    const image = await readImage(task.image, { note });
    volume = image.volume;
    quality.imageSha256 = image.sha256;
    quality.size = volume.size;
    quality.spacing = volume.spacing;
    quality.voxelsSha256.image = voxelHash(volume);
    quality.maskSha256 = await hashIfReadable(task.mask);
    const { label, maskThreshold: threshold } = regions;
    const mask = await readImage(task.mask, { grid: volume, label, threshold, note });
    quality.maskSha256 = mask.sha256;
    const drawn = tumourRegions(volume, mask.volume, { ...regions, file: task.mask });
    const tumour = drawn.intratumoral;
    quality.voxelsSha256.mask = voxelHash(tumour);
    quality.shape = maskShape(tumour);
    const ring = ringOf(drawn, regions);
    quality.ring = 'missing' in ring ? ring : { voxels: ring.voxels, cutShare: ring.cutShare };
    const peritumoral = 'missing' in ring ? undefined : ring.mask;
    quality.intensities = maskIntensities(volume, tumour, peritumoral);
    quality.planes = planeTiles(volume, tumour, peritumoral);
  } catch (error) {
    if (!isNacreError(error)) throw error;
    quality.fault = { code: error.code, message: messageOf(error, task) };
    if (volume !== undefined) quality.planes = planeTiles(volume);
  }
  return quality;
}

/** The error message, with names of files but not of folders. */
function messageOf(error: NacreError, { image, mask, hidesPaths }: QcTask): string {
  const { found, expected } = error.facts;
  if (hidesPaths) return 'names of files are not shown under pseudonyms';
  const file = error.facts.file === image ? image : mask;
  return [
    basename(file),
    ...(found === undefined ? [] : [`found ${found}`]),
    ...(expected === undefined ? [] : [`expected ${expected}`]),
  ].join(', ');
}

function ringOf(
  regions: TumourRegions,
  { ringMm = 5 }: RegionChoice,
): { mask: Mask; voxels: number; cutShare: number } | { missing: string } {
  try {
    const mask = regions.peritumoral;
    const voxels = insideOf(mask);
    const cutShare = 1 - voxels / insideOf(uncutRing(regions.intratumoral, ringMm));
    return { mask, voxels, cutShare };
  } catch (error) {
    if (!isNacreError(error)) throw error;
    return { missing: error.message };
  }
}

/** The ring that an endless scan would hold: the mask's box with room for the ring on every side. */
function uncutRing(tumour: Mask, outer: number): Mask {
  const part = crop(tumour, boxOf(tumour) as NonNullable<ReturnType<typeof boxOf>>);
  const pad = part.spacing.map((mm) => Math.ceil(outer / mm));
  const size = part.size.map((n, axis) => n + 2 * pad[axis]) as unknown as Vector3;
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  const [nx, ny, nz] = part.size;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = nx * (j + ny * k);
      const to = pad[0] + size[0] * (pad[1] + j + size[1] * (pad[2] + k));
      data.set(part.data.subarray(row, row + nx), to);
    }
  }
  return peritumoralRing({ ...geometryOf(tumour), size, data }, { outer });
}

function insideOf({ data }: Mask): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) count++;
  return count;
}

function voxelHash({ data, size }: Volume): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return sha256(`${size.join('×')} ${sha256(bytes)}`);
}

async function hashIfReadable(path: string): Promise<string> {
  try {
    return await hashOfImage(path, 'mask');
  } catch {
    // The reader throws an error that describes the file.
    return '';
  }
}
