/** Three numbers along the axes i, j, k of the voxel grid (or x, y, z in space). */
export type Vector3 = readonly [number, number, number];

/** 3×3 matrix in row-major order. */
export type Matrix3 = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/**
 * Where a voxel grid lies in the patient, as in ITK and DICOM: LPS, millimetres.
 * The centre of voxel (i, j, k) is `origin + direction · (spacing ∘ (i, j, k))`.
 */
export interface Geometry {
  /** Voxels along i, j, k: `[nx, ny, nz]`. */
  readonly size: Vector3;
  /** Millimetres between voxel centres along i, j, k; positive. */
  readonly spacing: Vector3;
  /** LPS position of the centre of voxel (0, 0, 0), mm. */
  readonly origin: Vector3;
  /** Row-major; its columns are the unit vectors of i, j, k in LPS. */
  readonly direction: Matrix3;
  /**
   * True where no patient was scanned: voxels made by code. Whatever is computed from such a volume (crops, regions, filtered
   * and resampled images, files) keeps the mark, so that every picture of it can show it.
   */
  readonly synthetic?: true | undefined;
}

export type VoxelArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** A scan: voxels in x-fastest order (index `i + nx · (j + ny · k)`) and where they lie. Never changed in place. */
export interface Volume<A extends VoxelArray = VoxelArray> extends Geometry {
  readonly data: A;
  /** Unit of the values, where it is known: `HU`. Kept by what leaves the values as they are (cropping, resampling). */
  readonly unit?: string | undefined;
  /** The DICOM slices that the volume was read from; undefined for other formats and for changed volumes. */
  readonly source?: DicomSource | undefined;
}

/** Where a volume came from. UIDs tie contours and segmentations to it; they must reach no output but DICOM. */
export interface DicomSource {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly frameOfReference?: string | undefined;
  /** 1-based, of how many volumes in the series. */
  readonly phase: number;
  readonly phases: number;
  /** In the order of k. */
  readonly slices: readonly {
    file: string;
    /** 0-based. */
    frame: number;
    sopClass: string;
    sopInstance: string;
  }[];
}

/** A region on a grid: 1 inside, 0 outside. */
export interface Mask extends Geometry {
  readonly data: Uint8Array;
}

export const identityDirection: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Number of voxels of a grid. */
export function voxelCount({ size }: Geometry): number {
  return size[0] * size[1] * size[2];
}

/** Volume of one voxel, mm³. */
export function voxelVolume({ spacing }: Geometry): number {
  return spacing[0] * spacing[1] * spacing[2];
}

/** The geometry alone of a volume or mask, with the mark of what was made by code. */
export function geometryOf(grid: Geometry): Geometry {
  const { size, spacing, origin, direction } = grid;
  return { size, spacing, origin, direction, ...markOf(grid) };
}

/** Begins the `descrip` of NIfTI files whose voxels were made by code. */
export const syntheticWord = 'SYNTHETIC';

/** The mark of what was made by code; nothing where there is none. */
export function markOf({ synthetic }: Pick<Geometry, 'synthetic'>): Pick<Geometry, 'synthetic'> {
  return synthetic ? { synthetic } : {};
}

/** The unit of a volume; nothing where it is not known. */
export function unitOf({ unit }: Pick<Volume, 'unit'>): Pick<Volume, 'unit'> {
  return unit === undefined ? {} : { unit };
}

/** LPS position, mm, of a (possibly fractional) voxel index. */
export function indexToPoint(geometry: Geometry, [i, j, k]: Vector3): Vector3 {
  const { spacing: s, origin: o, direction: d } = geometry;
  const x = s[0] * i;
  const y = s[1] * j;
  const z = s[2] * k;
  return [
    o[0] + d[0] * x + d[1] * y + d[2] * z,
    o[1] + d[3] * x + d[4] * y + d[5] * z,
    o[2] + d[6] * x + d[7] * y + d[8] * z,
  ];
}

/** Fractional voxel index of an LPS position (direction is orthonormal, so its inverse is its transpose). */
export function pointToIndex(geometry: Geometry, [x, y, z]: Vector3): Vector3 {
  const { spacing: s, origin: o, direction: d } = geometry;
  const dx = x - o[0];
  const dy = y - o[1];
  const dz = z - o[2];
  return [
    (d[0] * dx + d[3] * dy + d[6] * dz) / s[0],
    (d[1] * dx + d[4] * dy + d[7] * dz) / s[1],
    (d[2] * dx + d[5] * dy + d[8] * dz) / s[2],
  ];
}
