import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dicomFilesBelow } from '../../../src/imaging/dicom/folder.ts';
import { readImageSeries } from '../../../src/imaging/dicom/read-series.ts';
import { groupSeries } from '../../../src/imaging/dicom/series.ts';
import type { Volume } from '../../../src/imaging/volume.ts';
import { readDicomHeader } from '../../../src/machine/dicom/read-header.ts';
import { diskFiles } from '../../../src/machine/disk-files.ts';
import { AssumptionLog } from '../../../src/runtime/assumptions.ts';
import { sharedFolder } from '../../shared-folder.ts';

const shared = sharedFolder();

describe.skipIf(shared === undefined)('DICOM series (../shared/datasets/dicom)', () => {
  const folder = join(shared ?? '', 'datasets', 'dicom');

  async function read(name: string, options = {}) {
    const { dicom } = dicomFilesBelow(diskFiles, join(folder, name));
    const { images } = groupSeries(dicom.map(readDicomHeader));
    expect(images).toHaveLength(1);
    const log = new AssumptionLog();
    const { volumes } = await readImageSeries(images[0], {
      file: name,
      readFile: diskFiles.reader(),
      note: log.note,
      ...options,
    });
    return { volumes, kinds: log.list().map(({ kind }) => kind) };
  }

  /** Voxels that differ from the slices of another volume from `shift` on, after `by` is taken away. */
  function differing(a: Volume, b: Volume, shift = 0, by = 0): number {
    const start = shift * b.size[0] * b.size[1];
    let count = 0;
    for (let i = 0; i < b.data.length; i++) if (a.data[start + i] !== b.data[i] - by) count++;
    return count;
  }

  it('irregular/dce: two volumes, the second 100 higher', async () => {
    const { volumes, kinds } = await read('irregular/dce');
    expect(volumes.map(({ size }) => size)).toEqual([
      [204, 201, 20],
      [204, 201, 20],
    ]);
    expect(volumes[0].spacing[2]).toBeCloseTo(3, 9);
    const [first, second] = volumes;
    expect(differing(first, second, 0, 100)).toBe(0);
    expect(kinds).toEqual(['dicom-phases']);
  });

  it('irregular/dupslice: 20 slices and a note', async () => {
    const { volumes, kinds } = await read('irregular/dupslice');
    expect(volumes.map(({ size }) => size[2])).toEqual([20]);
    expect(kinds).toEqual(['dicom-repeated-slices']);
  });

  it('irregular/missing: refused with the gap, its place and what was expected', async () => {
    await expect(read('irregular/missing')).rejects.toThrow(
      /a gap of 6 mm between the slices at -82.4 and -76.4 mm.*expected 3 mm.*the missing slice/,
    );
  });

  it('irregular/tilt: refused with the angle; upright on request', async () => {
    await expect(read('irregular/tilt')).rejects.toThrow(/15\.00°/);
    const { volumes, kinds } = await read('irregular/tilt', { deskew: true });
    expect(volumes[0].spacing[2]).toBeCloseTo(3 * Math.cos(Math.PI / 12), 6);
    expect(kinds).toEqual(['dicom-deskewed']);
  });

  it('irregular/dupnum, dupslice, missing, bigendian: the slices of the same positions', async () => {
    const phantom = (await read('ct-phantom/image')).volumes[0];
    for (const name of ['irregular/dupnum', 'irregular/dupslice', 'irregular/bigendian']) {
      const { volumes } = await read(name);
      const shift = Math.round((volumes[0].origin[2] - phantom.origin[2]) / phantom.spacing[2]);
      expect(differing(phantom, volumes[0], shift)).toBe(0);
    }
  });
});
