import { describe, expect, it } from 'vitest';
import { AssumptionLog } from '../../../src/runtime/assumptions.ts';
import { type MadeSlice, madeDicom, madeSlice, pixelBytes } from './made-dicom.ts';
import { seriesOf } from './made-series.ts';

async function valuesOf(...slices: MadeSlice[]) {
  const placed = slices.map((slice, k) => ({ position: [0, 0, 3 * k] as const, ...slice }));
  const { volumes } = await seriesOf(placed.map(madeSlice));
  return [...volumes[0].data];
}

describe('stored values of DICOM', () => {
  it.each([
    [{ bits: 8 }, [0, 1, 127, 128, 254, 255]],
    [{ bits: 8, signed: true }, [0, 1, 127, -128, -2, -1]],
    [{ bits: 16 }, [0, 1, 32767, 32768, 65534, 65535]],
    [{ bits: 16, signed: true }, [0, 1, 32767, -32768, -2, -1]],
    [{ bits: 32 }, [0, 1, 2 ** 31, 2 ** 32 - 1, 70000, 5]],
    [{ bits: 32, signed: true }, [0, 1, -(2 ** 31), 2 ** 31 - 1, -70000, -5]],
  ] as const)('%o in every byte order', async (form, values) => {
    for (const syntax of ['explicit', 'implicit', 'big', 'deflated'] as const) {
      expect(await valuesOf({ ...form, values, syntax })).toEqual(values);
    }
  });

  it('removes what stands above the stored bits, and extends the sign', async () => {
    const rubbish = [0xf000, 0xa001, 0x1fff, 0x5800, 0x0fff, 0xc801];
    const stored = { stored: 12, values: rubbish };
    expect(await valuesOf(stored)).toEqual([0, 1, 0xfff, 0x800, 0xfff, 0x801]);
    expect(await valuesOf({ ...stored, signed: true })).toEqual([0, 1, -1, -2048, -1, -2047]);
  });

  it('finds stored bits that lie above others (high bit)', async () => {
    const values = [0x0010, 0x0fff, 0xfff0, 0x8000, 0x7ff5, 0x0020];
    const form = { stored: 12, highBit: 15, values };
    expect(await valuesOf(form)).toEqual([1, 0xff, 0xfff, 0x800, 0x7ff, 2]);
    expect(await valuesOf({ ...form, signed: true })).toEqual([1, 0xff, -1, -2048, 0x7ff, 2]);
  });

  it('reads both kinds of encoding and sign in one series, with the rescale of each slice', async () => {
    const [low, middle, high] = [
      { values: [0, 1, 2, 3, 4, 5], slope: '0.5', intercept: '-1' },
      { values: [-1, -2, -3, 0, 1, 2], signed: true, slope: '2', syntax: 'big' },
      { values: [9, 9, 9, 9, 9, 9], slope: '1', intercept: '0.25', syntax: 'implicit' },
    ] as const;
    expect(await valuesOf(low, middle, high)).toEqual([
      ...[-1, -0.5, 0, 0.5, 1, 1.5],
      ...[-2, -4, -6, 0, 2, 4],
      ...[9.25, 9.25, 9.25, 9.25, 9.25, 9.25],
    ]);
  });

  it('keeps whole values whole, in an array that holds all of them', async () => {
    const { volumes } = await seriesOf([
      madeSlice({ values: [0, 65535, 3, 4, 5, 6], intercept: '-1024' }),
    ]);
    expect(volumes[0].data).toBeInstanceOf(Int32Array);
    expect([...volumes[0].data]).toEqual([-1024, 64511, -1021, -1020, -1019, -1018]);
  });

  it('reads floating point pixels', async () => {
    const values = [0.5, -1.25, 3e8, 0, 1, 2];
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    const more = [
      { tag: 0x7fe00010, value: undefined },
      { tag: 0x00280101, value: undefined },
      { tag: 0x00280102, value: undefined },
      { tag: 0x00280103, value: undefined },
      { tag: 0x7fe00008, vr: 'OF', value: bytes },
    ];
    expect(await valuesOf({ bits: 32, more })).toEqual(values);
  });

  it('notes padding values, Philips scaling and lossy compression', async () => {
    const log = new AssumptionLog();
    const more = [
      { tag: 0x00280120, vr: 'US', value: [63536] },
      { tag: 0x00282110, vr: 'CS', value: '01' },
      { tag: 0x20050010, vr: 'LO', value: 'Philips MR Imaging DD 001' },
      { tag: 0x2005100e, vr: 'FL', value: [0.02] },
    ];
    await seriesOf([madeSlice({ signed: true, more })], { note: log.note });
    const notes = log.list();
    expect(notes.map(({ kind }) => kind)).toEqual([
      'dicom-lossy',
      'dicom-padding',
      'dicom-philips-scaling',
      'dicom-single-slice',
    ]);
    expect(notes[1].found).toContain('-2000');
  });

  it('refuses pixels that are longer or shorter than the header says', async () => {
    const pixels = (bytes: Uint8Array) => ({ more: [{ tag: 0x7fe00010, vr: 'OW', value: bytes }] });
    const right = pixelBytes([1, 2, 3, 4, 5, 6], 16);
    await expect(valuesOf(pixels(right.slice(0, 10)))).rejects.toThrow(/fewer pixels.*10 bytes/);
    await expect(valuesOf(pixels(pixelBytes([1, 2, 3, 4, 5, 6, 0, 7], 16)))).rejects.toThrow(
      /more pixels/,
    );
    // Two zero words of filling are no pixels.
    expect(await valuesOf(pixels(pixelBytes([1, 2, 3, 4, 5, 6, 0, 0], 16)))).toHaveLength(6);
  });

  it('refuses a file that is too short for its pixels before anything is allocated', async () => {
    const more = [
      { tag: 0x00280010, vr: 'US', value: [8000] },
      { tag: 0x00280011, vr: 'US', value: [8000] },
    ];
    await expect(valuesOf({ more })).rejects.toThrow(/fewer pixels.*128000000 bytes/);
  });

  it('refuses a deflated file that unpacks to more than its pixels', async () => {
    const more = [{ tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(40_000_000) }];
    await expect(valuesOf({ syntax: 'deflated', more })).rejects.toThrow(/more than its header/);
  });

  it('refuses frames that lie about their number', async () => {
    const frames = (count: string) => [{ tag: 0x00280008, vr: 'IS', value: count }];
    await expect(valuesOf({ more: frames('3') })).rejects.toThrow(/fewer pixels|where its slices/);
    await expect(valuesOf({ more: frames('-1') })).rejects.toThrow(/impossible size/);
    const groups = [...frames('2'), { tag: 0x52009230, vr: 'SQ', value: [[]] }];
    await expect(valuesOf({ more: groups })).rejects.toThrow(/1 per-frame groups.*2/);
  });

  it('refuses sequences nested 10,000 deep, and attributes without end', async () => {
    const head = [0x08, 0, 0x15, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff];
    const item = [0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff];
    const deep = new Uint8Array(10_000 * 20);
    for (let depth = 0; depth < 10_000; depth++) deep.set([...head, ...item], depth * 20);
    const file = Buffer.concat([madeDicom({ elements: [] }), deep]);
    await expect(seriesOf([file])).rejects.toThrow(/made-0/);
    const endless = Buffer.concat([madeSlice().slice(0, -20), Buffer.from(head)]);
    await expect(seriesOf([endless])).rejects.toThrow(/made-0/);
  });
});
