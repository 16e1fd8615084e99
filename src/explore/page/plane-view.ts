import type { Vector3 } from '../../imaging/volume.ts';
import { type PlaneSlice, planesThrough } from '../../report/plane-slice.ts';
import { printed, significant } from '../../report/printed-number.ts';
import type { OpenedScan } from '../protocol.ts';
import { byId } from './dom.ts';
import { type Overlay, paintPlane } from './paint-plane.ts';

/** Vermilion and sky blue, as in the viewer of the site. */
const colours = { intra: [213, 94, 0], peri: [86, 180, 233] } as const;

/** The scan in three planes through one voxel, drawn on plain canvases: no WebGL is needed. */
export class PlaneView {
  private scan: OpenedScan | undefined;
  private tumour: Overlay | undefined;
  private ring: Overlay | undefined;
  private at: Vector3 = [0, 0, 0];
  private planned = false;
  private readonly planes = ['axial', 'coronal', 'sagittal'].map((name) => ({
    name,
    canvas: byId(name, HTMLCanvasElement),
    slider: byId(`${name}-slice`, HTMLInputElement),
    output: byId(`${name}-at`, HTMLOutputElement),
  }));
  private readonly black = byId('black', HTMLInputElement);
  private readonly white = byId('white', HTMLInputElement);

  constructor() {
    for (const [p, { canvas, slider }] of this.planes.entries()) {
      slider.addEventListener('input', () => {
        const plane = this.slices()[p];
        if (plane === undefined) return;
        this.moveTo(plane.axis, this.counted(plane.axis, Number(slider.value)));
      });
      canvas.addEventListener('pointerdown', (event) => this.pointAt(p, event));
      canvas.addEventListener('pointermove', (event) => {
        if (event.buttons === 1) this.pointAt(p, event);
      });
      canvas.addEventListener(
        'wheel',
        (event) => {
          if (this.scan === undefined || event.ctrlKey) return;
          event.preventDefault();
          const plane = this.slices()[p];
          this.moveTo(plane.axis, this.at[plane.axis] + Math.sign(event.deltaY));
        },
        { passive: false },
      );
    }
    for (const input of [this.black, this.white]) {
      input.addEventListener('input', () => this.draw());
    }
    for (const id of ['show-intra', 'show-peri']) {
      byId(id, HTMLInputElement).addEventListener('change', () => this.draw());
    }
    byId('to-tumour', HTMLButtonElement).addEventListener('click', () => {
      if (this.scan !== undefined) this.show(this.scan.centre);
    });
  }

  open(scan: OpenedScan): void {
    this.scan = scan;
    this.ring = undefined;
    const { data: mask, size } = scan.tumour;
    this.tumour = { mask, size, at: scan.partAt, colour: colours.intra };
    const rounded = (value: number) => String(Number(value.toPrecision(4)));
    this.black.value = rounded(scan.window[0]);
    this.white.value = rounded(scan.window[1]);
    byId('unit', HTMLElement).textContent = scan.unit;
    this.show(scan.centre);
  }

  /** The ring as it was drawn last; undefined: there is none. */
  setRing(mask: Uint8Array | undefined): void {
    const { scan } = this;
    this.ring =
      scan === undefined || mask === undefined
        ? undefined
        : { mask, size: scan.tumour.size, at: scan.partAt, colour: colours.peri };
    this.draw();
  }

  private show(at: Vector3): void {
    this.at = at;
    const slices = this.slices();
    this.planes.forEach(({ slider }, p) => {
      slider.max = String((this.scan?.geometry.size[slices[p].axis] ?? 1) - 1);
    });
    this.draw();
  }

  private moveTo(axis: number, index: number): void {
    const { scan } = this;
    if (scan === undefined) return;
    const at = [...this.at] as [number, number, number];
    at[axis] = Math.max(0, Math.min(scan.geometry.size[axis] - 1, index));
    this.at = at;
    this.draw();
  }

  /**
   * From the index of a slice to its place in the count, and back. Slices are counted as in the viewer of the site, towards the
   * patient's right, front and head, however the grid lies.
   */
  private counted(axis: number, index: number): number {
    if (this.scan === undefined) return index;
    const { direction, size } = this.scan.geometry;
    const along = [0, 1, 2].map((row) => direction[3 * row + axis]);
    const main = along.reduce(
      (best, d, row) => (Math.abs(d) > Math.abs(along[best]) ? row : best),
      0,
    );
    const forwards = main === 2 ? along[main] > 0 : along[main] < 0;
    return forwards ? index : size[axis] - 1 - index;
  }

  private slices(): PlaneSlice[] {
    return this.scan === undefined ? [] : planesThrough(this.scan.geometry, this.at);
  }

  private pointAt(p: number, event: PointerEvent): void {
    const slice = this.slices()[p];
    if (slice === undefined || this.scan === undefined) return;
    const { canvas } = this.planes[p];
    const box = canvas.getBoundingClientRect();
    // The picture is fitted into the square and centred.
    const scale = Math.min(box.width / canvas.width, box.height / canvas.height);
    const x = (event.clientX - box.left - (box.width - canvas.width * scale) / 2) / scale;
    const y = (event.clientY - box.top - (box.height - canvas.height * scale) / 2) / scale;
    const column = Math.floor((x / canvas.width) * slice.width);
    const row = Math.floor((y / canvas.height) * slice.height);
    if (column < 0 || row < 0 || column >= slice.width || row >= slice.height) return;
    const index = slice.voxelAt(column, row);
    const [nx, ny] = this.scan.geometry.size;
    this.at = [index % nx, Math.floor(index / nx) % ny, Math.floor(index / (nx * ny))];
    this.draw();
  }

  /** Once per frame, however often something moved. */
  private draw(): void {
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame(() => {
      this.planned = false;
      this.slices().forEach((slice, p) => {
        this.drawPlane(slice, p);
      });
      this.describe();
    });
  }

  private drawPlane(slice: PlaneSlice, p: number): void {
    const { scan } = this;
    if (scan === undefined) return;
    const { canvas, slider, output, name } = this.planes[p];
    const overlays = [
      ...(byId('show-intra', HTMLInputElement).checked ? [this.tumour] : []),
      ...(byId('show-peri', HTMLInputElement).checked ? [this.ring] : []),
    ].filter((overlay) => overlay !== undefined);
    paintPlane(
      canvas,
      slice,
      { voxels: scan.voxels, size: scan.geometry.size, at: this.at },
      { black: Number(this.black.value), white: Number(this.white.value), overlays },
    );
    this.crosshair(canvas, slice);
    const index = this.counted(slice.axis, this.at[slice.axis]);
    slider.value = String(index);
    output.textContent = String(index + 1);
    canvas.setAttribute(
      'aria-label',
      `${name} slice ${index + 1} of ${scan.geometry.size[slice.axis]}, with tumour and ring`,
    );
  }

  private crosshair(canvas: HTMLCanvasElement, slice: PlaneSlice): void {
    const { scan, at } = this;
    const context = canvas.getContext('2d');
    if (scan === undefined || context === null) return;
    const [nx, ny] = scan.geometry.size;
    const voxel = at[0] + nx * (at[1] + ny * at[2]);
    const step = slice.width > 1 ? slice.voxelAt(1, 0) - slice.voxelAt(0, 0) : 1;
    for (let row = 0; row < slice.height; row++) {
      const column = (voxel - slice.voxelAt(0, row)) / step;
      if (!Number.isInteger(column) || column < 0 || column >= slice.width) continue;
      const x = ((column + 0.5) / slice.width) * canvas.width;
      const y = ((row + 0.5) / slice.height) * canvas.height;
      context.strokeStyle = 'rgba(255, 255, 255, .45)';
      context.lineWidth = Math.max(1, canvas.width / 400);
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, canvas.height);
      context.moveTo(0, y);
      context.lineTo(canvas.width, y);
      context.stroke();
      return;
    }
  }

  private describe(): void {
    const { scan, at } = this;
    if (scan === undefined) return;
    const { size, origin, spacing, direction: d } = scan.geometry;
    const value = scan.voxels[at[0] + size[0] * (at[1] + size[1] * at[2])];
    const point = [0, 1, 2].map(
      (row) =>
        origin[row] + [0, 1, 2].reduce((sum, a) => sum + d[3 * row + a] * spacing[a] * at[a], 0),
    );
    byId('where', HTMLElement).replaceChildren(
      `${point.map((mm) => printed(mm.toFixed(1))).join(', ')} mm (LPS): ${significant(value, 6)} ${scan.unit} · ${size.join(' × ')} voxels of ${spacing.map((mm) => significant(mm, 4)).join(' × ')} mm`,
    );
  }
}
