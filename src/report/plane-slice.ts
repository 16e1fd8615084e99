import type { Geometry, Vector3 } from '../imaging/volume.ts';

/** One plane of a volume as it is shown: columns and rows run along patient axes, rows from top to bottom. */
export interface PlaneSlice {
  name: 'axial' | 'coronal' | 'sagittal';
  /** Which of the patient's axes x, y, z (LPS) run across and down, and through. */
  across: 0 | 1 | 2;
  down: 0 | 1 | 2;
  through: 0 | 1 | 2;
  /** The grid's axis that runs through, nearest to the patient's. */
  axis: 0 | 1 | 2;
  width: number;
  height: number;
  /** LPS position, mm, of the left edge and of the top edge, and millimetres per pixel (negative where the axis falls). */
  left: number;
  top: number;
  stepAcross: number;
  stepDown: number;
  /** LPS position of the plane, mm. */
  position: number;
  /** Index of pixel (column, row) in the voxel array. */
  voxelAt(column: number, row: number): number;
}

const planes = [
  { name: 'axial', across: 0, down: 1, through: 2 },
  { name: 'coronal', across: 0, down: 2, through: 1 },
  { name: 'sagittal', across: 1, down: 2, through: 0 },
] as const;

/**
 * The three planes through a voxel, drawn the radiological way: patient's right on the left, front on top (axial) or
 * to the left (sagittal), head on top. Oblique grids are shown along their own axes, under the nearest patient axis.
 *
 * @param at voxel index `[i, j, k]`
 */
export function planesThrough(geometry: Geometry, at: Vector3): PlaneSlice[] {
  return planes.map(({ name, across, down, through }) => {
    const h = gridAxis(geometry, across);
    const v = gridAxis(geometry, down);
    const t = gridAxis(geometry, through);
    const strides = [1, geometry.size[0], geometry.size[0] * geometry.size[1]];
    // Across, LPS rises (right to left, front to back); down, y rises and z falls.
    const flipAcross = h.sign < 0;
    const flipDown = (down === 2 ? -v.sign : v.sign) < 0;
    const base = at[t.axis] * strides[t.axis];
    const lpsAcross = (i: number) => h.start + h.sign * geometry.spacing[h.axis] * i;
    const lpsDown = (i: number) => v.start + v.sign * geometry.spacing[v.axis] * i;
    const [width, height] = [geometry.size[h.axis], geometry.size[v.axis]];
    const stepAcross = geometry.spacing[h.axis];
    const stepDown = (down === 2 ? -1 : 1) * geometry.spacing[v.axis];
    return {
      name,
      across,
      down,
      through,
      axis: t.axis,
      width,
      height,
      left: lpsAcross(flipAcross ? width - 1 : 0) - stepAcross / 2,
      top: lpsDown(flipDown ? height - 1 : 0) - stepDown / 2,
      stepAcross,
      stepDown,
      position: t.start + t.sign * geometry.spacing[t.axis] * at[t.axis],
      voxelAt: (column, row) =>
        base +
        (flipAcross ? width - 1 - column : column) * strides[h.axis] +
        (flipDown ? height - 1 - row : row) * strides[v.axis],
    };
  });
}

/** The grid axis that runs most along a patient axis, its sense, and the LPS position of index 0. */
function gridAxis({ direction, origin }: Geometry, patientAxis: 0 | 1 | 2) {
  const row = [0, 1, 2].map((axis) => direction[3 * patientAxis + axis]);
  let axis: 0 | 1 | 2 = 0;
  for (const i of [1, 2] as const) if (Math.abs(row[i]) > Math.abs(row[axis])) axis = i;
  return { axis, sign: row[axis] < 0 ? -1 : 1, start: origin[patientAxis] };
}

/** Outline of a region in a plane along voxel edges, as a line with gaps: LPS mm, `null` between pieces. */
export function outline(
  mask: Uint8Array,
  slice: PlaneSlice,
): { x: (number | null)[]; y: (number | null)[] } {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  const { width, height } = slice;
  const inside = (c: number, r: number) =>
    c >= 0 && r >= 0 && c < width && r < height && mask[slice.voxelAt(c, r)] !== 0;
  const add = (c0: number, r0: number, c1: number, r1: number) => {
    x.push(slice.left + c0 * slice.stepAcross, slice.left + c1 * slice.stepAcross, null);
    y.push(slice.top + r0 * slice.stepDown, slice.top + r1 * slice.stepDown, null);
  };
  // Edges that follow one another are drawn as one piece.
  for (let r = 0; r <= height; r++) {
    let from = -1;
    for (let c = 0; c <= width; c++) {
      const edge = c < width && inside(c, r) !== inside(c, r - 1);
      if (edge && from < 0) from = c;
      if (edge || from < 0) continue;
      add(from, r, c, r);
      from = -1;
    }
  }
  for (let c = 0; c <= width; c++) {
    let from = -1;
    for (let r = 0; r <= height; r++) {
      const edge = r < height && inside(c, r) !== inside(c - 1, r);
      if (edge && from < 0) from = r;
      if (edge || from < 0) continue;
      add(c, from, c, r);
      from = -1;
    }
  }
  const round = (value: number | null) => (value === null ? null : Math.round(value * 100) / 100);
  return { x: x.map(round), y: y.map(round) };
}
