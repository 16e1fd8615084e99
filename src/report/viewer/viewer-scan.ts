import { compactVoxels } from '../../imaging/compact-voxels.ts';
import { boxOf, crop, growBox } from '../../imaging/crop.ts';
import { niftiBytes } from '../../imaging/nifti-bytes.ts';
import type { RegionChoice } from '../../imaging/tumour-regions.ts';
import { type Mask, markOf, type Vector3, type Volume, voxelCount } from '../../imaging/volume.ts';
import { readRegions } from '../../machine/read-regions.ts';
import { NacreError } from '../../runtime/errors.ts';
import { greyWindow } from '../grey-window.ts';

/** A scan and its regions as the viewer page takes them: NIfTI files in base64, for a page on file:// may fetch nothing. */
export interface ViewerScan {
  patient: string;
  scan: string;
  /** Unit of the grey values: `HU`, or `a.u.` for MRI. */
  unit: string;
  /** True where no patient was scanned. */
  synthetic?: true | undefined;
  /** Grey values shown as black and white at first. */
  window: [number, number];
  /** LPS millimetres where the crosshair stands at first: the middle of the tumour. */
  centre: Vector3;
  /** True where a large scan was cut to the surroundings of the tumour. */
  cropped: boolean;
  image: string;
  intra: string;
  /** Undefined where no ring could be drawn; `missing` gives the reason. */
  peri?: string | undefined;
  missing?: string | undefined;
}

/** Voxels above which a scan is cut to the tumour's surroundings: some 20 MB in the page. */
const mostVoxels = 8_000_000;
/** Millimetres kept around the tumour then. */
const kept = 60;

/**
 * Reads a scan and its mask and draws the ring.
 *
 * @param identity names for the page: patient and scan (`ceT1`, `ct`)
 * @throws NacreError of the readers, `geometry-mismatch`, `empty-mask`
 */
export async function viewerScan(
  identity: { patient: string; scan: string },
  files: { image: string; mask: string },
  choice: RegionChoice = {},
): Promise<ViewerScan> {
  const { scan: whole, regions } = await readRegions(files, choice);
  let ring: Mask | undefined;
  let missing: string | undefined;
  try {
    ring = regions.peritumoral;
  } catch (error) {
    if (!(error instanceof NacreError)) throw error;
    missing = error.message;
  }
  return packScan(identity, whole, regions.intratumoral, ring, missing);
}

/** Same as `viewerScan`, from voxels in memory. */
export function packScan(
  identity: { patient: string; scan: string },
  whole: Volume,
  tumour: Mask,
  ring?: Mask,
  missing?: string,
): ViewerScan {
  const box = boxOf(tumour);
  if (box === undefined) {
    throw new NacreError('empty-mask', 'there is no tumour to show', {
      patient: identity.patient,
      found: '0 voxels',
    });
  }
  const cropped = voxelCount(whole) > mostVoxels;
  const pad = whole.spacing.map((mm) => Math.ceil(kept / mm)) as unknown as Vector3;
  const near = growBox(box, pad, whole);
  const part = <V extends Volume>(volume: V): V => (cropped ? crop(volume, near) : volume);
  const ct = /^ct(?![a-z])/i.test(identity.scan);
  const middle = [0, 1, 2].map((a) => (box.low[a] + box.high[a]) / 2);
  const { origin, spacing, direction: d } = whole;
  const steps = middle.map((index, a) => index * spacing[a]);
  const along = (row: number) =>
    origin[row] + d[3 * row] * steps[0] + d[3 * row + 1] * steps[1] + d[3 * row + 2] * steps[2];
  return {
    ...identity,
    unit: whole.unit ?? (ct ? 'HU' : 'a.u.'),
    ...markOf(whole),
    window: greyWindow(whole, ct),
    centre: [along(0), along(1), along(2)],
    cropped,
    image: base64(compactVoxels(part(whole))),
    intra: base64(part(tumour)),
    peri: ring === undefined ? undefined : base64(part(ring)),
    missing,
  };
}

function base64(volume: Volume): string {
  return Buffer.from(niftiBytes(volume)).toString('base64');
}
