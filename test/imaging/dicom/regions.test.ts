import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Volume } from '../../../src/imaging/volume.ts';
import { readMask, readVolume } from '../../../src/machine/read-volume.ts';
import { AssumptionLog } from '../../../src/runtime/assumptions.ts';
import { type MadeElement, madeDicom, madeSlice } from './made-dicom.ts';
import { segmentationElements, text } from './made-segmentation.ts';

/** A scan of 8 × 8 × 3 voxels of 1 × 1 × 3 mm as a DICOM folder. */
function scanFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-dicom-'));
  for (let k = 0; k < 3; k++) {
    const slice = madeSlice({
      position: [0, 0, 3 * k],
      rows: 8,
      number: k + 1,
      more: [
        { tag: 0x00280011, vr: 'US', value: [8] },
        text(0x00280030, 'DS', '1\\1'),
        { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(128).fill(k) },
      ],
    });
    writeFileSync(join(folder, `slice-${k}`), slice);
  }
  return folder;
}

interface MadeRoi {
  name: string;
  contours: { points: readonly number[]; shape?: string }[];
}

function contourFile(rois: readonly MadeRoi[], frameOfReference = '1.2.3.9'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'nacre-rtstruct-')), 'contours');
  const elements: MadeElement[] = [
    text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.481.3'),
    text(0x00080018, 'UI', '1.2.5'),
    text(0x00080060, 'CS', 'RTSTRUCT'),
    text(0x00100010, 'PN', 'Secret^Name'),
    {
      tag: 0x30060020,
      vr: 'SQ',
      value: rois.map(({ name }, i) => [
        text(0x30060022, 'IS', String(i + 1)),
        text(0x30060024, 'UI', frameOfReference),
        text(0x30060026, 'LO', name),
      ]),
    },
    {
      tag: 0x30060039,
      vr: 'SQ',
      value: rois.map(({ contours }, i) => [
        {
          tag: 0x30060040,
          vr: 'SQ',
          value: contours.map(({ points, shape = 'CLOSED_PLANAR' }) => [
            text(0x30060042, 'CS', shape),
            text(0x30060046, 'IS', String(points.length / 3)),
            text(0x30060050, 'DS', points.join('\\')),
          ]),
        },
        text(0x30060084, 'IS', String(i + 1)),
      ]),
    },
  ];
  writeFileSync(path, madeDicom({ elements }));
  return path;
}

/** The corners of a square in a slice. */
const square = (low: number, high: number, z: number) => [
  ...[low, low, z],
  ...[high, low, z],
  ...[high, high, z],
  ...[low, high, z],
];

const inside = (volume: Volume) => {
  const pixels = volume.size[0] * volume.size[1];
  return [0, 1, 2].map((k) => {
    let count = 0;
    for (let i = 0; i < pixels; i++) count += volume.data[k * pixels + i] === 0 ? 0 : 1;
    return count;
  });
};

describe('contours (RTSTRUCT)', () => {
  it('has pixel centres inside, lower edges included and upper ones not', async () => {
    const grid = await readVolume(scanFolder());
    const mask = async (low: number, high: number) =>
      inside(
        await readVolume(
          contourFile([{ name: 'a', contours: [{ points: square(low, high, 3) }] }]),
          {
            grid,
          },
        ),
      );
    expect(await mask(2, 5)).toEqual([0, 9, 0]);
    expect(await mask(1.9, 5.1)).toEqual([0, 16, 0]);
    expect(await mask(2.1, 4.9)).toEqual([0, 4, 0]);
  });

  it('combines contours of a slice by XOR: one within another is a hole', async () => {
    const grid = await readVolume(scanFolder());
    const contours = [
      { points: square(0.5, 6.5, 0) },
      { points: square(2.5, 4.5, 0) },
      // Within a tenth of the spacing of the nearest slice.
      { points: square(1.5, 3.5, 6.2) },
    ];
    const mask = await readVolume(contourFile([{ name: 'a', contours }]), { grid });
    expect(inside(mask)).toEqual([32, 0, 4]);
  });

  it.each([
    ['between slices', square(1, 4, 1.5), 'CLOSED_PLANAR', /1\.50 mm from the nearest slice/],
    ['beyond the stack', square(1, 4, 12), 'CLOSED_PLANAR', /slice 5, beyond the 3/],
    ['open', square(1, 4, 3), 'OPEN_PLANAR', /shape OPEN_PLANAR/],
    ['a point', [1, 1, 3], 'POINT', /shape POINT/],
    ['not planar', [1, 1, 0, 4, 1, 3, 4, 4, 3], 'CLOSED_PLANAR', /spans 3\.00 mm/],
    ['in another plane', [1, 1, 0, 1, 4, 0, 1, 4, 6, 1, 1, 6], 'CLOSED_PLANAR', /spans 6\.00 mm/],
    ['beside the image', square(20, 30, 3), 'CLOSED_PLANAR', /beside the image/],
  ])('refuses contours %s, with the figure', async (_, points, shape, message) => {
    const grid = await readVolume(scanFolder());
    const file = contourFile([{ name: 'a', contours: [{ points, shape }] }]);
    await expect(readVolume(file, { grid })).rejects.toThrow(message);
  });

  it('notes contours that reach out of the image', async () => {
    const grid = await readVolume(scanFolder());
    const log = new AssumptionLog();
    const file = contourFile([{ name: 'a', contours: [{ points: square(4.5, 12, 3) }] }]);
    const mask = await readVolume(file, { grid, note: log.note });
    expect(inside(mask)).toEqual([0, 9, 0]);
    expect(log.list().map(({ kind }) => kind)).toEqual(['dicom-contour-outside']);
  });

  it('finds the region by name, number or pattern, and lists the names that exist', async () => {
    const grid = await readVolume(scanFolder());
    const file = contourFile(
      ['GTV-1', 'GTV-2', 'Lung'].map((name, i) => ({
        name,
        contours: [{ points: square(0.5, 2.5 + i, 3) }],
      })),
    );
    const voxels = async (roi: string) =>
      inside(await readVolume(`${file}#roi=${roi}`, { grid }))[1];
    expect(await voxels('GTV-2')).toBe(9);
    expect(await voxels('3')).toBe(16);
    expect(await voxels('L*g')).toBe(16);
    await expect(voxels('GTV*')).rejects.toThrow(/GTV-1, GTV-2/);
    await expect(voxels('GTV-3')).rejects.toThrow(/one of GTV-1, GTV-2, Lung; did you mean GTV-1/);
    await expect(readVolume(file, { grid })).rejects.toMatchObject({ code: 'several-regions' });
    await expect(readVolume(file)).rejects.toMatchObject({ code: 'needs-image' });
    // A region that was drawn is label 1, whatever its number.
    expect((await readMask(`${file}#roi=Lung`, { grid })).data[64 + 9]).toBe(1);
  });

  it('refuses contours of another frame of reference, and notes where it cannot be checked', async () => {
    const grid = await readVolume(scanFolder());
    const roi = { name: 'a', contours: [{ points: square(1, 4, 3) }] };
    await expect(readVolume(contourFile([roi], '1.2.3.8'), { grid })).rejects.toMatchObject({
      code: 'other-frame-of-reference',
    });
    const log = new AssumptionLog();
    const { source: _, ...nifti } = grid;
    await readVolume(contourFile([roi]), { grid: nifti, note: log.note });
    expect(log.list().map(({ kind }) => kind)).toEqual(['dicom-frame-of-reference']);
  });
});

interface MadeFrame {
  z: number;
  segment?: number;
  /** Samples of 8 × 8 pixels that are not zero: index and value. */
  samples: readonly (readonly [number, number])[];
  x?: number;
}

function segmentationFile(
  type: 'BINARY' | 'FRACTIONAL' | 'LABELMAP',
  names: readonly string[],
  frames: readonly MadeFrame[],
): string {
  const path = join(mkdtempSync(join(tmpdir(), 'nacre-seg-')), 'segmentation');
  const bits = type === 'BINARY' ? 1 : 8;
  const pixels = new Uint8Array((frames.length * 64 * bits) / 8);
  frames.forEach(({ samples }, f) => {
    for (const [i, value] of samples) {
      const at = f * 64 + i;
      if (bits === 8) pixels[at] = value;
      else pixels[at >> 3] |= 1 << (at & 7);
    }
  });
  const elements = segmentationElements({
    ...{ type, size: 8, most: 200, segments: names, frames, pixels },
  });
  writeFileSync(path, madeDicom({ elements }));
  return path;
}

describe('segmentations (SEG)', () => {
  const whole = (i: number) => [i, 200] as const;

  it('places the frames of a binary segmentation by position; segments by name or number', async () => {
    const grid = await readVolume(scanFolder());
    const file = segmentationFile(
      'BINARY',
      ['tumour', 'node'],
      [
        { z: 6, segment: 1, samples: [whole(0), whole(63)] },
        { z: 0, segment: 2, samples: [whole(9)] },
        { z: 6, segment: 2, samples: [whole(7)] },
      ],
    );
    const all = await readVolume(file, { grid, label: 'all' });
    expect([all.data[9], all.data[128], all.data[135], all.data[191]]).toEqual([2, 1, 2, 1]);
    expect(inside(all)).toEqual([1, 0, 3]);
    expect(inside(await readVolume(`${file}#roi=node`, { grid }))).toEqual([1, 0, 1]);
    expect(inside(await readVolume(`${file}#roi=1`, { grid }))).toEqual([0, 0, 2]);
    await expect(readVolume(file, { grid })).rejects.toThrow(/tumour, node/);
    const log = new AssumptionLog();
    await readVolume(file, { grid, label: 1, note: log.note });
    expect(log.list().map(({ kind }) => kind)).toEqual(['dicom-segment-by-number']);
  });

  it('takes half of a fractional segmentation unless another threshold is named', async () => {
    const grid = await readVolume(scanFolder());
    const samples = [10, 99, 100, 200].map((value, i) => [i, value] as const);
    const file = segmentationFile('FRACTIONAL', ['tumour'], [{ z: 3, segment: 1, samples }]);
    const log = new AssumptionLog();
    expect(inside(await readVolume(file, { grid, note: log.note }))).toEqual([0, 2, 0]);
    expect(log.list().map(({ kind }) => kind)).toEqual(['dicom-fractional']);
    const mask = await readMask(file, { grid, threshold: 0.05 });
    expect(inside(mask)).toEqual([0, 4, 0]);
  });

  it('reads a label map', async () => {
    const grid = await readVolume(scanFolder());
    const samples = [1, 2, 2].map((value, i) => [i, value] as const);
    const file = segmentationFile('LABELMAP', ['tumour', 'node'], [{ z: 3, samples }]);
    expect(inside(await readVolume(`${file}#roi=node`, { grid }))).toEqual([0, 2, 0]);
    expect([...(await readVolume(file, { grid, label: 2 })).data.slice(64, 68)]).toEqual([
      1, 2, 2, 0,
    ]);
  });

  it('refuses segments that share voxels unless one is named', async () => {
    const grid = await readVolume(scanFolder());
    const file = segmentationFile(
      'BINARY',
      ['a', 'b'],
      [
        { z: 0, segment: 1, samples: [whole(3)] },
        { z: 0, segment: 2, samples: [whole(3)] },
      ],
    );
    await expect(readVolume(file, { grid, label: 1 })).rejects.toMatchObject({
      code: 'overlapping-segments',
    });
    expect(inside(await readVolume(`${file}#roi=b`, { grid }))).toEqual([1, 0, 0]);
  });

  it('refuses frames off the grid of the image', async () => {
    const grid = await readVolume(scanFolder());
    const file = (frame: Partial<MadeFrame>) =>
      segmentationFile('BINARY', ['a'], [{ z: 0, segment: 1, samples: [whole(3)], ...frame }]);
    await expect(readVolume(file({ z: 1 }), { grid })).rejects.toThrow(/1\.000 mm off .* along k/);
    await expect(readVolume(file({ z: 9 }), { grid })).rejects.toThrow(/voxel 3 along k/);
    await expect(readVolume(file({ x: 1 }), { grid })).rejects.toThrow(/voxel 8 along i/);
    await expect(readVolume(file({ x: 0.3 }), { grid })).rejects.toThrow(/0\.300 mm off/);
  });
});
