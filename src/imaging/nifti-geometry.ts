import type { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { geometryOfSteps, orientationMissing } from './grid-axes.ts';
import { geometryDifferences } from './same-geometry.ts';
import type { Geometry, Vector3 } from './volume.ts';

/** Two readings of one header that differ by less, as a share of the spacing, are rounding. */
const sameReading = 1e-3;

/** Rows x, y, z (RAS+, units of the file) times columns i, j, k, origin. */
type Affine = readonly (readonly number[])[];

/**
 * Where the grid of a NIfTI file lies: the sform where it has a code and usable axes, else the qform, else the voxel sizes
 * along right, anterior, superior. NIfTI's RAS+ becomes LPS. Where the header holds two geometries, the unused one is noted.
 *
 * @param affineAt the sform's 12 numbers, row by row
 * @throws NacreError `bad-geometry`
 */
export function niftiGeometry(
  header: NIFTI1 | NIFTI2,
  affineAt: (n: number) => number,
  size: Vector3,
  file: string,
  note: NoteAssumption,
): Geometry {
  const unit = unitOf(header, file, note);
  const geometryOf = (affine: Affine) => {
    const column = (c: number): Vector3 => [
      -affine[0][c] * unit,
      -affine[1][c] * unit,
      affine[2][c] * unit,
    ];
    return geometryOfSteps(size, [column(0), column(1), column(2)], column(3), file);
  };
  const { sform_code, qform_code } = header;
  const sform = sform_code > 0 ? attempt(() => geometryOf(sformOf(affineAt))) : undefined;
  const qform = qform_code > 0 ? attempt(() => geometryOf(qformOf(header, file))) : undefined;
  if (sform === undefined && qform === undefined) {
    const geometry = geometryOf(sizesAlone(header, file));
    note({
      kind: orientationMissing,
      level: 'warning',
      file,
      found: `neither qform nor sform has a code (voxels of ${shown(geometry.spacing)} mm)`,
      taken: 'axes along right, anterior and superior (RAS), the first voxel at the origin',
      why: 'NIfTI defines it so (nifti1.h, method 1); ITK and 3D Slicer read such a file as LPS: left and right, front and back may be exchanged',
    });
    return geometry;
  }
  const taken = sform?.geometry ?? qform?.geometry;
  if (taken === undefined) throw sform?.fault ?? qform?.fault;
  const conflict = (found: string, what: string, why: string) =>
    note({ kind: 'geometry-conflict', level: 'warning', file, found, taken: what, why });
  if (sform?.fault !== undefined) {
    conflict(
      `an sform that is not a grid (${sform.fault.facts.found ?? sform.fault.message}) and a qform that is one`,
      'the qform',
      'nacre measures on perpendicular axes; resample the image if the sform was meant',
    );
  }
  if (sform?.geometry !== undefined && qform?.fault !== undefined) {
    conflict(
      `a qform that is not a grid (${qform.fault.facts.found ?? qform.fault.message}) and an sform that is one`,
      'the sform',
      'NIfTI readers take the sform first; correct the header',
    );
  }
  if (sform?.geometry !== undefined && qform?.geometry !== undefined) {
    const options = { tolerance: sameReading };
    const differences = geometryDifferences(sform.geometry, qform.geometry, options);
    if (differences.length > 0) {
      conflict(
        `sform and qform differ: ${differences.join('; ')}`,
        'the sform',
        'both have a code and place the image differently; ITK may take the qform. Make them agree (nifti_tool, fslorient)',
      );
    }
  }
  requireOrNoteSizes(header, unit, taken, sform?.geometry !== undefined, file, note);
  return taken;
}

type Reading = { geometry?: Geometry; fault?: NacreError };

function attempt(read: () => Geometry): Reading {
  try {
    return { geometry: read() };
  } catch (fault) {
    if (fault instanceof NacreError) return { fault };
    throw fault;
  }
}

/** The voxel sizes of the header beside those of the sform, which ITK and nacre read differently. */
function requireOrNoteSizes(
  { pixDims }: NIFTI1 | NIFTI2,
  unit: number,
  { spacing }: Geometry,
  fromSform: boolean,
  file: string,
  note: NoteAssumption,
): void {
  if (!fromSform) return;
  const sizes = [1, 2, 3].map((axis) => pixDims[axis] * unit);
  if (sizes.every((size, axis) => Math.abs(size - spacing[axis]) <= sameReading * spacing[axis])) {
    return;
  }
  note({
    kind: 'geometry-conflict',
    level: 'warning',
    file,
    found: `pixdim ${shown(sizes)} mm, columns of the sform ${shown(spacing)} mm long`,
    taken: `${shown(spacing)} mm, from the sform`,
    why: 'the header gives two voxel sizes; ITK and PyRadiomics take pixdim, and shape, ring and resampling follow the size. Correct the header that is wrong',
  });
}

function shown(numbers: readonly number[]): string {
  return numbers.map((x) => String(Number(x.toPrecision(5)))).join(' × ');
}

/** Millimetres of one unit of the file. */
function unitOf({ xyzt_units }: NIFTI1 | NIFTI2, file: string, note: NoteAssumption): number {
  const code = xyzt_units & 7;
  if (code === 2) return 1;
  const names = ['no unit', 'metres', 'millimetres', 'micrometres'];
  const factor = [1, 1000, 1, 0.001][code];
  note({
    kind: code === 0 ? 'units-missing' : 'units-converted',
    level: code === 0 ? 'note' : 'warning',
    file,
    found: `${names[code] ?? `an unknown unit (${code})`} in xyzt_units`,
    taken: code === 0 || factor === undefined ? 'millimetres' : `${factor} mm per unit`,
    why:
      code === 0
        ? 'most writers mean millimetres; other units make every distance wrong'
        : 'ITK may take the numbers as millimetres; write the file in millimetres to be sure',
  });
  return factor ?? 1;
}

function sformOf(affineAt: (n: number) => number): Affine {
  return [0, 4, 8].map((row) => [0, 1, 2, 3].map((c) => affineAt(row + c)));
}

/** Rotation from the quaternion (nifti1.h, method 2). The library's own affine is NaN where rounding makes b² + c² + d² exceed 1. */
function qformOf(header: NIFTI1 | NIFTI2, file: string): Affine {
  const { quatern_b: b, quatern_c: c, quatern_d: d, pixDims } = header;
  const squares = b * b + c * c + d * d;
  if (!(squares <= 1 + 1e-3)) {
    throw badGeometry(file, `quaternion (${b}, ${c}, ${d})`, 'a quaternion of length 1 at most');
  }
  const a = Math.sqrt(Math.max(0, 1 - squares));
  const [sx, sy, sz] = positiveSizes(header, file);
  const flip = pixDims[0] < 0 ? -1 : 1;
  return [
    [
      (a * a + b * b - c * c - d * d) * sx,
      2 * (b * c - a * d) * sy,
      2 * (b * d + a * c) * sz * flip,
      header.qoffset_x,
    ],
    [
      2 * (b * c + a * d) * sx,
      (a * a + c * c - b * b - d * d) * sy,
      2 * (c * d - a * b) * sz * flip,
      header.qoffset_y,
    ],
    [
      2 * (b * d - a * c) * sx,
      2 * (c * d + a * b) * sy,
      (a * a + d * d - c * c - b * b) * sz * flip,
      header.qoffset_z,
    ],
  ];
}

function sizesAlone(header: NIFTI1 | NIFTI2, file: string): Affine {
  const [x, y, z] = positiveSizes(header, file);
  return [
    [x, 0, 0, 0],
    [0, y, 0, 0],
    [0, 0, z, 0],
  ];
}

/** An axis of one voxel may have no size: 1 then, as other readers have it. */
function positiveSizes({ pixDims, dims }: NIFTI1 | NIFTI2, file: string): number[] {
  return [1, 2, 3].map((axis) => {
    const size = pixDims[axis];
    if (size > 0 && Number.isFinite(size)) return size;
    if (axis > dims[0] || (size === 0 && dims[axis] === 1)) return 1;
    throw badGeometry(file, `pixdim ${pixDims.slice(1, 4).join(' × ')}`, 'voxel sizes above 0');
  });
}

function badGeometry(file: string, found: string, expected: string): NacreError {
  return new NacreError('bad-geometry', 'the header gives no usable grid', {
    file,
    found,
    expected,
    todo: 'export the image again with its orientation',
  });
}
