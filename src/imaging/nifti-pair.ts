import type { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { geometryOfSteps, orientationMissing } from './grid-axes.ts';
import type { Geometry, Vector3 } from './volume.ts';

/** The ending of a header that has its voxels in a file of their own. */
const headerEnding = /\.hdr(\.gz)?$/i;

const voxelEnding = /\.img(\.gz)?$/i;

/** True for a name that the voxels of a pair have. */
export function isVoxelsOfPair(file: string): boolean {
  return voxelEnding.test(file);
}

/** True for a name that a header of a pair has. */
export function isHeaderOfPair(file: string): boolean {
  return headerEnding.test(file);
}

/** The voxels of a pair: the file of the same name with the ending .img. @throws NacreError `detached` */
export function voxelsOfPair(
  file: string,
  readBeside: ((name: string) => Uint8Array) | undefined,
): Uint8Array {
  if (readBeside !== undefined && headerEnding.test(file)) return readBeside(voxelNameOf(file));
  throw new NacreError('detached', 'the header keeps its voxels in another file', {
    file,
    found: 'a header of a pair (magic ni1 or ni2)',
    expected:
      'a name that ends in .hdr, with the voxels in a file of the same name that ends in .img',
    todo: 'rename the two files',
  });
}

/** `scan.hdr` → `scan.img`, without its folder. */
export function voxelNameOf(header: string): string {
  return header.slice(nameStart(header)).replace(headerEnding, '.img');
}

/** Where the name of a file begins in its path, of any system. */
function nameStart(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
}

/** Names of the header of a voxel file, `scan.img` → `scan.hdr`, `scan.hdr.gz`; none for other files. */
export function headerNamesOf(voxels: string): string[] {
  if (!isVoxelsOfPair(voxels)) return [];
  const stem = voxels.replace(voxelEnding, '');
  return [`${stem}.hdr`, `${stem}.hdr.gz`, `${stem}.HDR`];
}

/** Removes from an ANALYZE header what NIfTI put in its place: scaling and units. The geometry is `analyzeGeometry`. */
export function withoutNifti(header: NIFTI1 | NIFTI2, file: string, note: NoteAssumption): void {
  header.scl_slope = 0;
  header.scl_inter = 0;
  header.xyzt_units = 2;
  note({
    kind: orientationMissing,
    level: 'warning',
    file,
    found: 'an ANALYZE 7.5 header, whose orientation programs understand differently',
    taken: 'axes along left, posterior and superior (LPS), the first voxel at the origin',
    why: 'ITK takes it so; SPM and others may exchange left and right. Convert it to NIfTI where you know how it lies',
  });
}

/** LPS, the first voxel at the origin, voxel sizes as in the header (mm). */
export function analyzeGeometry(
  { pixDims }: NIFTI1 | NIFTI2,
  size: Vector3,
  file: string,
): Geometry {
  const [x, y, z] = [1, 2, 3].map((axis) => {
    const mm = Math.abs(pixDims[axis]);
    // An axis of one voxel may have none.
    return size[axis - 1] === 1 && mm === 0 ? 1 : mm;
  });
  const steps: [Vector3, Vector3, Vector3] = [
    [x, 0, 0],
    [0, y, 0],
    [0, 0, z],
  ];
  return geometryOfSteps(size, steps, [0, 0, 0], file);
}
