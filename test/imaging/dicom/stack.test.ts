import { describe, expect, it } from 'vitest';
import { parseDicomHeader } from '../../../src/imaging/dicom/header.ts';
import { groupSeries } from '../../../src/imaging/dicom/series.ts';
import { indexToPoint } from '../../../src/imaging/volume.ts';
import { AssumptionLog } from '../../../src/runtime/assumptions.ts';
import { axial, group, type MadeElement, type MadeSlice, madeSlice } from './made-dicom.ts';
import { seriesOf } from './made-series.ts';

const text = (tag: number, vr: string, value: string): MadeElement => ({ tag, vr, value });

/** Slices 3 mm apart, each with values of its own. */
function slicesAt(places: readonly number[], more: (i: number) => MadeSlice['more'] = () => []) {
  return places.map((z, i) =>
    madeSlice({ position: [0, 0, z], number: i + 1, more: more(i) ?? [] }),
  );
}

const first = (volume: { data: ArrayLike<number> }, slice: number) => volume.data[slice * 6];

describe('stacks of DICOM slices', () => {
  it('sorts by position along the normal, whatever file, number and orientation say', async () => {
    // Coronal: rows along x, columns along -z, normal along y.
    const orientation = [1, 0, 0, 0, 0, -1];
    const order = [2, 0, 3, 1];
    const { volumes } = await seriesOf(
      order.map((k, i) =>
        madeSlice({
          orientation,
          position: [5, 2.5 * k, 7],
          number: 9 - i,
          values: Array(6).fill(k),
        }),
      ),
    );
    const [volume] = volumes;
    expect([0, 1, 2, 3].map((k) => first(volume, k))).toEqual([0, 1, 2, 3]);
    expect(volume.spacing).toEqual([0.5, 0.75, 2.5]);
    expect(volume.direction).toEqual([1, 0, 0, 0, 0, 1, 0, -1, 0]);
    expect(indexToPoint(volume, [2, 1, 3])).toEqual([6, 7.5, 6.25]);
    expect(volume.source?.slices.map(({ file }) => file)).toEqual(
      [1, 3, 0, 2].map((i) => `made-${i}`),
    );
  });

  it('keeps series of other orientation, matrix or spacing apart', () => {
    const files = [
      madeSlice(),
      madeSlice({ orientation: [1, 0, 0, 0, 0, -1] }),
      madeSlice({ rows: 3 }),
      madeSlice({ more: [text(0x00280030, 'DS', '1\\1')] }),
    ];
    const headers = files.map((bytes, i) => parseDicomHeader(bytes, `made-${i}`));
    expect(groupSeries(headers).images).toHaveLength(4);
    expect(groupSeries(headers.reverse()).images).toHaveLength(4);
  });

  it.each([
    ['temporal position', (phase: number) => text(0x00200100, 'IS', String(phase))],
    ['acquisition time', (phase: number) => text(0x00080032, 'TM', `1200${phase}0.5`)],
    ['trigger time', (phase: number) => text(0x00181060, 'DS', String(100 * phase))],
    ['content time', (phase: number) => text(0x00080033, 'TM', `1200${phase}0`)],
  ])('splits each position by %s', async (by, attribute) => {
    // Phases in another order than the files.
    const files = [3, 1, 2].flatMap((phase) =>
      [6, 0, 3].map((z) =>
        madeSlice({
          position: [0, 0, z],
          values: Array(6).fill(10 * phase + z),
          more: [attribute(phase)],
        }),
      ),
    );
    const log = new AssumptionLog();
    const { volumes, stack } = await seriesOf(files, { note: log.note });
    expect(stack.by).toBe(by);
    expect(volumes.map((volume) => [0, 1, 2].map((k) => first(volume, k)))).toEqual([
      [10, 13, 16],
      [20, 23, 26],
      [30, 33, 36],
    ]);
    expect(log.list()[0].taken).toBe(`3 volumes, by ${by}`);
  });

  it('asks temporal position before the times, and notes where they disagree', async () => {
    const files = [1, 2].flatMap((phase) =>
      [0, 3].map((z) =>
        madeSlice({
          position: [0, 0, z],
          number: phase,
          more: [
            text(0x00200100, 'IS', String(phase)),
            text(0x00080032, 'TM', phase === 1 ? '120100' : '120000'),
          ],
        }),
      ),
    );
    const log = new AssumptionLog();
    const { volumes } = await seriesOf(files, { note: log.note });
    expect(volumes.map((volume) => first(volume, 0))).toEqual([10, 20]);
    expect(log.list().map(({ kind }) => kind)).toContain('dicom-phase-order');
  });

  it('orders times over midnight by their date, and refuses them without one', async () => {
    const files = (dated: boolean) =>
      [0, 1].flatMap((phase) =>
        [0, 3].map((z) =>
          madeSlice({
            position: [0, 0, z],
            number: phase + 1,
            more: [
              text(0x00080032, 'TM', phase === 0 ? '235950' : '000110'),
              ...(dated ? [text(0x00080022, 'DA', phase === 0 ? '20200131' : '20200201')] : []),
            ],
          }),
        ),
      );
    const { volumes } = await seriesOf(files(true));
    expect(volumes.map((volume) => first(volume, 0))).toEqual([10, 20]);
    await expect(seriesOf(files(false))).rejects.toThrow(
      /nothing in the headers distinguishes them/,
    );
  });

  it('refuses positions that occur several times where nothing tells the slices apart', async () => {
    const files = [0, 3, 0, 3].map((z, i) => madeSlice({ position: [0, 0, z], number: i + 1 }));
    await expect(seriesOf(files)).rejects.toThrow(/2 different slices at 0 mm along the normal/);
    const same = files.map((_, i) =>
      madeSlice({
        position: [0, 0, i % 2 === 0 ? 0 : 3],
        number: i + 1,
        more: [text(0x00080032, 'TM', '120000'), text(0x00180081, 'DS', i < 2 ? '2.3' : '4.6')],
      }),
    );
    await expect(seriesOf(same)).rejects.toThrow(/they differ in echo time/);
  });

  it('refuses a phase that lacks a slice', async () => {
    const files = [0, 3, 6, 0, 3].map((z, i) =>
      madeSlice({
        position: [0, 0, z],
        number: i + 1,
        more: [text(0x00200100, 'IS', i < 3 ? '1' : '2')],
      }),
    );
    await expect(seriesOf(files)).rejects.toThrow(/some positions hold more slices than others/);
  });

  it('leaves out slices with the position and pixels of another, and notes it', async () => {
    const log = new AssumptionLog();
    const files = [...slicesAt([0, 3, 6]), ...slicesAt([0, 3, 6]).slice(1, 2)];
    const { volumes } = await seriesOf(files, { note: log.note });
    expect(volumes[0].size[2]).toBe(3);
    expect(log.list()[0].found).toBe('1 slice with the position and the pixels of another');
    // A whole series that is there twice.
    const twice = await seriesOf([...slicesAt([0, 3, 6]), ...slicesAt([0, 3, 6])]);
    expect(twice.volumes.map(({ size }) => size[2])).toEqual([3]);
    // The same stored values under another slope are another slice.
    const other = madeSlice({ position: [0, 0, 3], number: 2, slope: '2' });
    await expect(seriesOf([...slicesAt([0, 3, 6]), other])).rejects.toThrow(/different pixels/);
  });

  it('keeps empty slices that two phases have in common', async () => {
    const files = [1, 2].flatMap((phase) =>
      [0, 3, 6].map((z) =>
        madeSlice({
          position: [0, 0, z],
          values: Array(6).fill(z === 0 ? 0 : phase),
          more: [text(0x00200100, 'IS', String(phase))],
        }),
      ),
    );
    const { volumes } = await seriesOf(files);
    expect(volumes.map(({ size }) => size[2])).toEqual([3, 3]);
  });

  it('refuses gaps that differ by more than 1%, with place and figure', async () => {
    expect((await seriesOf(slicesAt([0, 3, 6.02, 9]))).volumes[0].size[2]).toBe(4);
    await expect(seriesOf(slicesAt([0, 3, 6, 9.05, 12]))).rejects.toThrow(
      /3.05 mm between the slices at 6 and 9.05 mm.*expected 3 mm/,
    );
    await expect(seriesOf(slicesAt([0, 3, 9, 12, 15]))).rejects.toThrow(
      /gap of 6 mm between the slices at 3 and 9 mm.*the missing slice/,
    );
  });

  it('refuses a stack more than 0.1° off the normal, and slices beside it', async () => {
    const tilted = (degrees: number) =>
      [0, 1, 2, 3].map((k) =>
        madeSlice({
          position: [0, 3 * k * Math.tan((degrees * Math.PI) / 180), 3 * k].map((x) =>
            Number(x.toFixed(6)),
          ) as [number, number, number],
          number: k + 1,
        }),
      );
    await seriesOf(tilted(0.09));
    await expect(seriesOf(tilted(0.2))).rejects.toThrow(/0\.20° between the normal/);
    const [a, , c, d] = tilted(0);
    const beside = madeSlice({ position: [0.2, 0, 3], number: 2 });
    await expect(seriesOf([a, beside, c, d])).rejects.toThrow(/at 3 mm.*0.2 mm beside the line/);
  });

  it('moves a tilted stack upright on request: a plane through it stays a plane', async () => {
    const step = 0.75;
    // The value is the y position, so that the upright volume has the same value along each row.
    const files = [0, 1, 2].map((k) =>
      madeSlice({
        position: [0, k * step, 3 * k],
        rows: 4,
        values: Array.from({ length: 12 }, (_, i) => 100 * (k + Math.floor(i / 3))),
        number: k + 1,
      }),
    );
    const { volumes } = await seriesOf(files, { deskew: true });
    const [volume] = volumes;
    expect(volume.size).toEqual([3, 6, 3]);
    expect(volume.direction).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    for (let k = 0; k < 3; k++) {
      const rows = [0, 1, 2, 3, 4, 5].map((j) => volume.data[k * 18 + j * 3]);
      expect(rows).toEqual([0, 1, 2, 3, 4, 5].map((j) => (j >= k && j < k + 4 ? 100 * j : 0)));
    }
  });

  it.each([
    ['monochrome1', [text(0x00280004, 'CS', 'MONOCHROME1')]],
    ['colour', [text(0x00280004, 'CS', 'RGB'), { tag: 0x00280002, vr: 'US', value: [3] }]],
    ['localiser', [text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\LOCALIZER')]],
    ['secondary-capture', [text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7')]],
    ['no-position', [{ tag: 0x00200032, value: undefined }]],
    ['no-spacing', [{ tag: 0x00280030, value: undefined }]],
    ['modality-lut', [group(0x00283000, text(0x00283003, 'LO', 'x'))]],
  ] as const)('refuses %s by name', async (code, more) => {
    await expect(seriesOf([madeSlice({ more })])).rejects.toMatchObject({ code });
  });

  it('reads an enhanced multi-frame image by its per-frame groups', async () => {
    const frames = [
      { z: 3, time: 2, slope: '2' },
      { z: 0, time: 1, slope: '1' },
      { z: 3, time: 1, slope: '1' },
      { z: 0, time: 2, slope: '0.5' },
    ];
    const perFrame = frames.map(({ z, time, slope }) => [
      group(0x00209111, { tag: 0x00209128, vr: 'UL', value: [time] }),
      group(0x00209113, text(0x00200032, 'DS', `0\\0\\${z}`)),
      group(0x00289145, text(0x00281052, 'DS', '0'), text(0x00281053, 'DS', slope)),
    ]);
    const bytes = Uint16Array.from({ length: 24 }, (_, i) => Math.floor(i / 6) + 1);
    const more = [
      { tag: 0x00200032, value: undefined },
      { tag: 0x00200037, value: undefined },
      { tag: 0x00280030, value: undefined },
      text(0x00280008, 'IS', '4'),
      group(
        0x52009229,
        group(0x00209116, text(0x00200037, 'DS', axial.join('\\'))),
        group(0x00289110, text(0x00280030, 'DS', '0.75\\0.5'), text(0x00180050, 'DS', '3')),
      ),
      { tag: 0x52009230, vr: 'SQ', value: perFrame },
      { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(bytes.buffer) },
    ];
    const { volumes } = await seriesOf([madeSlice({ more })]);
    expect(volumes.map((volume) => [first(volume, 0), first(volume, 1)])).toEqual([
      [2, 3],
      [2, 2],
    ]);
    expect(volumes[0].spacing).toEqual([0.5, 0.75, 3]);
    expect(volumes[1].source?.slices.map(({ frame }) => frame)).toEqual([3, 0]);
  });

  it('names no patient in any message', async () => {
    const files = [0, 3, 0, 3].map((z, i) => madeSlice({ position: [0, 0, z], number: i + 1 }));
    await expect(seriesOf(files)).rejects.not.toThrow(/Secret|P1/);
  });
});
