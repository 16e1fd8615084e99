import type { DroppedFile } from '../protocol.ts';

/** What belongs together: a file, a header with its voxels, or a DICOM series. */
export interface Pile {
  name: string;
  files: DroppedFile[];
}

export interface OwnFiles {
  image: Pile | undefined;
  mask: Pile | undefined;
}

/** Names that a mask usually has. */
const maskName = /(mask|seg|label|roi|tumou?r|gtv|rtstruct|contour|lesion)/i;
/** A header, or the voxels beside one. */
const detached = /\.(nhdr|mhd|hdr|zraw|(raw|img)(\.gz)?)$/i;

/** Files that were chosen in one go. */
export function pileOf(files: DroppedFile[]): Pile {
  const [first] = files;
  if (first === undefined) return { name: '', files };
  return { name: first.path.split('/')[0], files };
}

/**
 * What was dropped, by what belongs together: a folder, a header with its voxels (by their common name), loose DICOM files (those that
 * are named like a mask apart), any other file alone.
 */
export function pilesOf(dropped: readonly DroppedFile[][]): Pile[] {
  const together = new Map<string, DroppedFile[]>();
  for (const files of dropped) {
    if (files.length === 0) continue;
    const key = keyOf(files[0].path);
    together.set(key, [...(together.get(key) ?? []), ...files]);
  }
  return [...together.values()].map(pileOf);
}

/**
 * Which is the scan and which the mask. Of several the one named like a mask is the mask, else the second. One alone is what is still
 * missing; where both were there it is the next scan, or named like a mask, another mask of the same.
 */
export function rolesOf(piles: readonly Pile[], before: OwnFiles): OwnFiles {
  const [first] = piles;
  if (first === undefined) return before;
  if (piles.length === 1) {
    const { image, mask } = before;
    const both = image !== undefined && mask !== undefined;
    if (maskName.test(first.name) && (mask === undefined || both)) return { image, mask: first };
    if (image === undefined) return { image: first, mask };
    return both ? { image: first, mask: undefined } : { image, mask: first };
  }
  const mask = piles.find(({ name }) => maskName.test(name)) ?? piles[1];
  const image = piles.find((pile) => pile !== mask && !maskName.test(pile.name));
  return { image: image ?? piles.find((pile) => pile !== mask), mask };
}

function keyOf(path: string): string {
  if (path.includes('/')) return `folder ${path.split('/')[0]}`;
  if (detached.test(path)) return `header ${path.replace(detached, '')}`;
  if (/\.(dcm|ima)$/i.test(path) || !path.includes('.'))
    return maskName.test(path) ? 'DICOM mask' : 'DICOM';
  return `file ${path}`;
}
