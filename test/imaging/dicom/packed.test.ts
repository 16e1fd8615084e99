import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { seriesOf } from './made-series.ts';

const folder = new URL('./packed/', import.meta.url).pathname;
const files = readdirSync(folder).filter((name) => name.endsWith('.dcm'));

/** `make-packed.py` has the same rule; rescale intercept -5. */
const pixels = Int32Array.from({ length: 1024 }, (_, i) => {
  const [r, c] = [Math.floor(i / 32), i % 32];
  return ((7 * r * r + 13 * c * r + c) % 4096) - 5;
});

describe('packed pixels of DICOM', () => {
  it.each(files)('%s: every value, and nothing on stdout', async (name) => {
    const printed = vi.spyOn(process.stdout, 'write');
    const { volumes } = await seriesOf([readFileSync(join(folder, name))]);
    expect([...volumes[0].data]).toEqual([...pixels]);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  it.each(files)('%s: a frame that ends early is refused', async (name) => {
    const bytes = readFileSync(join(folder, name));
    // An end of image in the middle; before the sequence delimiter stand zeros.
    const cut = Uint8Array.from(bytes).fill(0, bytes.length - 400, bytes.length - 8);
    cut.set([0xff, 0xd9], bytes.length - 402);
    await expect(seriesOf([cut])).rejects.toMatchObject({ code: 'bad-pixels' });
  });

  it.each(files)('%s: a frame of another size than the header says is refused', async (name) => {
    const bytes = Uint8Array.from(readFileSync(join(folder, name)));
    // Rows (0028,0010), US: 32 becomes 31.
    const at = Buffer.from(bytes).indexOf(Buffer.from([0x28, 0, 0x10, 0, 0x55, 0x53, 2, 0, 32, 0]));
    bytes[at + 8] = 31;
    if (name === 'rle.dcm') return;
    await expect(seriesOf([bytes])).rejects.toMatchObject({ code: 'bad-pixels' });
  });
});
