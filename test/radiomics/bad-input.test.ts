import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { extractCase } from '../../src/features/radiomics-worker.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { identityDirection, type Vector3 } from '../../src/imaging/volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { captureOutput } from '../cli/captured-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-bad-input-'));
const at = (name: string) => join(folder, name);
const size: Vector3 = [10, 9, 8];
const grid = { size, spacing: [1, 1, 2], origin: [0, 0, 0], direction: identityDirection } as const;

/** A ramp with some texture, and a box in its middle. */
const intensity = Float32Array.from({ length: 720 }, (_, p) => 3 * (p % 10) + ((p * 29) % 83));
const middle = (p: number) => {
  const [i, j, k] = [p % 10, Math.floor(p / 10) % 9, Math.floor(p / 90)];
  return i > 2 && i < 7 && j > 2 && j < 6 && k > 2 && k < 6;
};
const inside = 4 + 10 * (4 + 9 * 4);
const mask = (of: (p: number) => boolean) => Uint8Array.from({ length: 720 }, (_, p) => +of(p));
const image = (value: (x: number, p: number) => number) => Float32Array.from(intensity, value);
const cut = (name: string, bytes: number) => readFileSync(at(name)).subarray(0, bytes);

writeFileSync(at('image.nii.gz'), niftiBytes({ ...grid, data: intensity }));
writeFileSync(at('mask.nii.gz'), niftiBytes({ ...grid, data: mask(middle) }));
const corrupt = Uint8Array.from(readFileSync(at('image.nii.gz')));
corrupt.fill(0x5a, 200, 260);
const files: Record<string, Uint8Array> = {
  'empty.nii.gz': niftiBytes({ ...grid, data: new Uint8Array(720) }),
  'single.nii.gz': niftiBytes({ ...grid, data: mask((p) => p === inside) }),
  'line.nii.gz': niftiBytes({
    ...grid,
    data: mask((p) => middle(p) && p % 10 === 4 && p < 450 && p >= 360),
  }),
  'slice.nii.gz': niftiBytes({ ...grid, data: mask((p) => middle(p) && p >= 360 && p < 450) }),
  'border.nii.gz': niftiBytes({ ...grid, data: mask((p) => p % 10 < 3 && p < 180) }),
  'whole.nii.gz': niftiBytes({ ...grid, data: mask(() => true) }),
  'other.nii.gz': niftiBytes({ ...grid, origin: [0, 0, 1], data: mask(middle) }),
  'smaller.nii.gz': niftiBytes({ ...grid, size: [10, 9, 4], data: mask(middle).subarray(0, 360) }),
  'real.nii.gz': niftiBytes({ ...grid, data: image((x) => x + 0.5) }),
  'flat.nii.gz': niftiBytes({ ...grid, data: image(() => 7) }),
  'nan.nii.gz': niftiBytes({ ...grid, data: image((x, p) => (p === inside ? Number.NaN : x)) }),
  'infinite.nii.gz': niftiBytes({ ...grid, data: image((x, p) => (p === inside ? Infinity : x)) }),
  'far.nii.gz': niftiBytes({ ...grid, data: image((x, p) => (p === 0 ? Number.NaN : x)) }),
  'cut.nii.gz': cut('image.nii.gz', 300),
  'corrupt.nii.gz': corrupt,
  'header.nii': gunzipSync(readFileSync(at('image.nii.gz'))).subarray(0, 200),
  'text.nii.gz': Buffer.from('Patient,Age\nP1,54\n'),
  'zipped-text.nii.gz': gzipSync('Patient,Age\nP1,54\n'),
  'nothing.nii.gz': Buffer.alloc(0),
};
for (const [name, bytes] of Object.entries(files)) writeFileSync(at(name), bytes);

interface Row {
  what: string;
  image?: string;
  mask?: string;
  label?: number;
  /** Code, file that the error names, and what the rest of its message says. */
  refused: [code: string, file: string, message: RegExp];
}
const refused: Row[] = [
  {
    what: 'an empty mask',
    mask: 'empty.nii.gz',
    refused: [
      'empty-mask',
      'empty.nii.gz',
      /found 0 voxels, expected a region of at least one voxel/,
    ],
  },
  {
    what: 'a single voxel',
    mask: 'single.nii.gz',
    refused: ['single-voxel', 'single.nii.gz', /found 1 voxel, expected a region of 2 dim/],
  },
  {
    what: 'a line',
    mask: 'line.nii.gz',
    refused: [
      'few-dimensions',
      'line.nii.gz',
      /found 1×3×1 voxels, 1 longer than one, expected at least 2/,
    ],
  },
  {
    what: 'NaN in the region',
    image: 'nan.nii.gz',
    refused: ['non-finite', 'nan.nii.gz', /found 1 NaN and 0 infinite voxels .*expected finite/],
  },
  {
    what: 'an infinite voxel in the region',
    image: 'infinite.nii.gz',
    refused: ['non-finite', 'infinite.nii.gz', /found 0 NaN and 1 infinite voxels/],
  },
  {
    what: 'a mask that lies elsewhere',
    mask: 'other.nii.gz',
    refused: [
      'geometry-mismatch',
      'other.nii.gz',
      /found origin .*1\.00 mm apart, expected .*--resample-mask/,
    ],
  },
  {
    what: 'a mask of another size',
    mask: 'smaller.nii.gz',
    refused: ['geometry-mismatch', 'smaller.nii.gz', /found size 10×9×8 and 10×9×4/],
  },
  {
    what: 'a wrong label',
    label: 3,
    refused: ['wrong-label', 'mask.nii.gz', /found labels 1 \(36 voxels\), expected label 3/],
  },
  {
    what: 'an image in place of the mask',
    mask: 'real.nii.gz',
    refused: [
      'not-a-mask',
      'real.nii.gz',
      /found of \d+ voxels \d+ that are not whole .*expected whole numbers/,
    ],
  },
  {
    what: 'a cut image',
    image: 'cut.nii.gz',
    refused: ['bad-gzip', 'cut.nii.gz', /found .*expected/],
  },
  {
    what: 'a corrupt image',
    image: 'corrupt.nii.gz',
    refused: ['bad-gzip', 'corrupt.nii.gz', /found .*expected/],
  },
  {
    what: 'a cut header',
    image: 'header.nii',
    refused: ['bad-header', 'header.nii', /found .*expected/],
  },
  {
    what: 'a text',
    image: 'text.nii.gz',
    refused: [
      'not-an-image',
      'text.nii.gz',
      /begins with 50617469 \(named \.gz, but not gzip\), expected NIfTI/,
    ],
  },
  {
    what: 'a zipped text',
    mask: 'zipped-text.nii.gz',
    refused: ['not-an-image', 'zipped-text.nii.gz', /expected NIfTI/],
  },
  {
    what: 'an empty file',
    mask: 'nothing.nii.gz',
    refused: ['not-an-image', 'nothing.nii.gz', /found an empty file/],
  },
  {
    what: 'no file',
    image: 'gone.nii.gz',
    refused: ['file-missing', 'gone.nii.gz', /found ENOENT, expected a readable file/],
  },
  {
    what: 'a folder',
    image: '.',
    refused: ['not-an-image', '', /found a folder of \d+ entries.*name the file in it/],
  },
];
const measured: Omit<Row, 'refused'>[] = [
  { what: 'one slice', mask: 'slice.nii.gz' },
  { what: 'a flat region', image: 'flat.nii.gz' },
  { what: 'a mask at the border', mask: 'border.nii.gz' },
  { what: 'a mask of the whole image', mask: 'whole.nii.gz' },
  { what: 'NaN outside the region', image: 'far.nii.gz' },
];
const paths = ({ image = 'image.nii.gz', mask = 'mask.nii.gz' }: Omit<Row, 'refused'>) => ({
  image: at(image),
  mask: at(mask),
});

describe('bad input', () => {
  const extractor = new RadiomicsExtractor();

  it.each(refused)('$what is refused: patient, file, found, expected', async (row) => {
    const task = { ...paths(row), label: row.label, patient: 'P7' };
    const { rows, failures } = await extractCase(extractor, task);
    expect(rows).toEqual([]);
    const [code, file, message] = row.refused;
    expect(failures).toHaveLength(1);
    expect(failures[0].code).toBe(code);
    expect(failures[0].message).toContain(`patient P7, file ${at(file)}`);
    expect(failures[0].message).toMatch(message);
  });

  it.each(measured)('$what is measured, a value missing only with its reason', async (row) => {
    const { rows, failures } = await extractCase(extractor, { ...paths(row), patient: 'P7' });
    expect(failures).toEqual([]);
    const [{ values, reasons }] = rows;
    extractor.featureColumns.forEach((name, i) => {
      if (values[i] === null) expect(reasons[name], name).toMatch(/\w/);
      else expect(Number.isFinite(values[i]), name).toBe(true);
    });
    expect(values.filter((value) => value !== null).length).toBeGreaterThan(80);
  });

  it('a region at the border gives what it gives in a larger image', () => {
    const wide: Vector3 = [14, 13, 12];
    const data = new Float32Array(14 * 13 * 12);
    const region = new Uint8Array(data.length);
    const border = mask((p) => p % 10 < 3 && p < 180);
    for (let p = 0; p < 720; p++) {
      const to = (p % 10) + 2 + 14 * ((Math.floor(p / 10) % 9) + 2 + 13 * (Math.floor(p / 90) + 2));
      data[to] = intensity[p];
      region[to] = border[p];
    }
    const big = extractor.execute(
      { ...grid, size: wide, data },
      { ...grid, size: wide, data: region },
    );
    const own = extractor.execute({ ...grid, data: intensity }, { ...grid, data: border });
    expect(big.features).toEqual(own.features);
  });
});

describe('bad input in a batch on the command line', () => {
  const said = captureOutput();

  it('each case has its line in the errors, the good ones their values', async () => {
    const lines = [...refused, ...measured].map((row, i) => {
      const { image, mask } = paths(row);
      return `P${i + 1},${image},${mask},${row.label ?? ''}`;
    });
    writeFileSync(at('batch.csv'), `Patient,Image,Mask,Label\n${lines.join('\n')}\n`);
    const code = await runCli([
      'node',
      'nacre',
      'radiomics',
      at('batch.csv'),
      '--out',
      at('out.csv'),
    ]);
    expect(code).toBe(4);
    const table = (name: string) =>
      Papa.parse<Record<string, string>>(readFileSync(at(name), 'utf8').trim(), { header: true })
        .data;
    const errors = table('out.csv.errors.csv');
    expect(errors.map((line) => line.code)).toEqual(refused.map((row) => row.refused[0]));
    errors.forEach(({ message, Patient }, i) => {
      expect(Patient).toBe(`P${i + 1}`);
      expect(message).toContain(`patient P${i + 1}, file ${at(refused[i].refused[1])}`);
      expect(message).toMatch(refused[i].refused[2]);
      expect(said.err).toContain(message);
    });
    const out = table('out.csv');
    expect(out).toHaveLength(lines.length);
    out.forEach((line, i) => {
      const failed = i < refused.length;
      expect(line.original_firstorder_Mean === '', refused[i]?.what).toBe(failed);
      if (failed) expect(JSON.parse(line.diagnostics_Missing).all).toBe(errors[i].message);
    });
  });

  it('where no column names the patient the error names the row, and alone the file', async () => {
    writeFileSync(
      at('anonymous.csv'),
      'Image,Mask\nimage.nii.gz,mask.nii.gz\nnan.nii.gz,mask.nii.gz\n',
    );
    await runCli(['node', 'nacre', 'radiomics', at('anonymous.csv')]);
    expect(said.err).toContain(`file ${at('nan.nii.gz')}, row 2: the region`);
    said.err = '';
    const words = ['node', 'nacre', 'radiomics', at('nan.nii.gz'), at('mask.nii.gz')];
    expect(await runCli(words)).toBe(3);
    expect(said.err).toContain(`nacre: file ${at('nan.nii.gz')}: the region`);
  });
});
