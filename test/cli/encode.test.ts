import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { convertModel } from '../../src/deep/models/convert-model.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { readParquet } from '../../src/machine/parquet.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { madeScan } from '../deep/made-scans.ts';
import { writeMadeOnnx } from '../deep/onnx-file/made-onnx.ts';
import { writeTinyNetwork } from '../deep/tiny-network.ts';
import { captureOutput } from './captured-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-cli-encode-'));
const at = (name: string) => join(folder, name);
const printed = captureOutput();

beforeAll(async () => {
  writeTinyNetwork(at('net.pth'), 4, { random: true });
  await convertModel(at('net.pth'), at('net.onnx'), { variant: 'medicalnet' });
  for (const seed of [1, 2]) {
    const { volume, mask } = madeScan({ seed });
    writeFileSync(at(`scan${seed}.nii.gz`), niftiBytes(volume));
    writeFileSync(at(`mask${seed}.nii.gz`), niftiBytes(mask));
  }
  writeFileSync(at('other.nii.gz'), niftiBytes(madeScan({ size: [20, 20, 20] }).mask));
});

/** What the network of 4 to 16 channels is called. */
const block = 'resnet10-w0_0625-random4';

/** Small inputs: 16³ voxels of 3 mm. */
const nacre = (...args: string[]) =>
  runCli([
    ...['node', 'nacre', 'encode', ...args],
    ...['--model', at('net.onnx'), '--size', '16', '--spacing', '3', '--workers', '1'],
  ]);
const one = [at('scan1.nii.gz'), at('mask1.nii.gz')];

describe('nacre encode, one region', () => {
  it('prints name and value, and tells that the weights are random and the crop small', async () => {
    expect(await nacre(...one, '--modality', 'ceT1')).toBe(exitCodes.ok);
    const lines = printed.out.trim().split('\n');
    expect(lines).toHaveLength(16);
    expect(lines[12]).toMatch(/^ceT1\.intra\.resnet10-w0_0625-random4_12\t\d/);
    expect(lines.every((line) => Number.isFinite(Number(line.split('\t')[1])))).toBe(true);
    expect(printed.err).toContain(`${block} has RANDOM weights`);
    expect(printed.err).toContain('the input is 16×16×16 voxels');
  });

  it('the ring gives other features; CSV and Parquet hold the same', async () => {
    const peri = ['--region', 'peri', '--ring', '6', '--patient', 'P7'];
    expect(await nacre(...one, ...peri, '--out', at('peri.parquet'))).toBe(exitCodes.ok);
    expect(await nacre(...one, ...peri, '--out', at('peri.csv'))).toBe(exitCodes.ok);
    expect(await nacre(...one, '--out', at('intra.parquet'))).toBe(exitCodes.ok);
    const ring = await readParquet(at('peri.parquet'));
    const tumour = await readParquet(at('intra.parquet'));
    expect(ring.patients).toEqual(['P7']);
    expect(ring.columns[0]).toMatchObject({ name: `peri.${block}_0`, region: 'peri' });
    const values = ring.columns.map((column) => column.values[0]);
    expect(values).not.toEqual(tumour.columns.map((column) => column.values[0]));
    const [header, row] = readFileSync(at('peri.csv'), 'utf8').trim().split('\n');
    expect(header.split(',').slice(1)).toEqual(ring.columns.map(({ name }) => name));
    expect(row.split(',').slice(1).map(Number)).toEqual(values);
  });

  it('saliency is a NIfTI file on the grid of the scan', async () => {
    const feature = ['--feature', `${block}_7`, '--out', at('s.csv')];
    expect(await nacre(...one, ...feature, '--saliency', at('map.nii.gz'))).toBe(exitCodes.ok);
    const map = await readVolume(at('map.nii.gz'));
    expect(map.size).toEqual([40, 36, 20]);
    expect(map.data.some((value) => value !== 0)).toBe(true);
  });

  it('the layer map is a NIfTI file on the grid of the layer', async () => {
    const feature = ['--feature', `${block}-layer2_7`, '--out', at('s.csv')];
    expect(await nacre(...one, ...feature, '--layer-map', at('layer.nii.gz'))).toBe(exitCodes.ok);
    const map = await readVolume(at('layer.nii.gz'));
    expect(map.size).toEqual([2, 2, 2]);
    expect(map.spacing).toEqual([24, 24, 24]);
  });

  it('refuses what is missing or does not fit with 3, and writes nothing', async () => {
    const to = ['--out', at('never.csv')];
    expect(await nacre(at('absent.nii.gz'), one[1], ...to)).toBe(exitCodes.badInput);
    expect(printed.err).toContain('absent.nii.gz');
    expect(await nacre(one[0], at('other.nii.gz'), ...to)).toBe(exitCodes.badInput);
    expect(printed.err).toMatch(/20×20×20/);
    expect(await nacre(...one, ...to, '--label', '9')).toBe(exitCodes.badInput);
    expect(printed.err).toMatch(/label 9|found.*1/);
    const absent = ['encode', ...one, '--model', 'resnet34', '--models', folder, ...to];
    expect(await runCli(['node', 'nacre', ...absent])).toBe(exitCodes.badInput);
    expect(printed.err).toContain('nacre models fetch resnet34');
    expect(printed.err).not.toContain('    at ');
    expect(existsSync(at('never.csv'))).toBe(false);
  });

  it('a command line that cannot be meant gives 2 and says why', async () => {
    expect(await nacre(...one, '--feature', 'resnet10_7')).toBe(exitCodes.usage);
    expect(printed.err).toContain('--feature belongs with --saliency or --layer-map');
    expect(await nacre(one[0])).toBe(exitCodes.usage);
    expect(printed.err).toContain('name the mask');
    expect(await nacre(...one, '--region', 'around')).toBe(exitCodes.usage);
    expect(await nacre(at('cases.csv'))).toBe(exitCodes.usage);
    expect(printed.err).toContain('a batch needs --out');
  });
});

describe('nacre encode, ONNX files of other makers', () => {
  const slab = () => writeMadeOnnx(at('slab.onnx'), { shape: ['n', 1, 8, 16, 16] });
  const encode = (...args: string[]) => runCli(['node', 'nacre', 'encode', ...one, ...args]);

  it('a flag that no network would use gives 2 and says whose it is', async () => {
    for (const flags of [
      ['--layers', 'layer2'],
      ['--variant', 'monai'],
      ['--stem-stride', '2'],
      ['--layer-map', at('never.nii.gz'), '--feature', 'slab_0'],
    ]) {
      expect(await encode('--model', slab(), ...flags)).toBe(exitCodes.usage);
      expect(printed.err).toContain(`${flags[0]} is for MedicalNet and MONAI networks`);
    }
    for (const flags of [
      ['--axes', 'NCXYZ'],
      ['--channels', '2'],
      ['--further-scans', at('scan2.nii.gz')],
      ['--network-output', 'features'],
    ]) {
      expect(await nacre(...one, ...flags)).toBe(exitCodes.usage);
      expect(printed.err).toContain(`${flags[0]} is for ONNX files of other makers`);
    }
    expect(await encode('--model', slab(), '--size', '20')).toBe(exitCodes.badInput);
    expect(printed.err).toContain('found N×1×20×20×20 (NCZYX), expected N×1×8×16×16');
  });

  it('--save-input writes what each network saw, every channel, and the table has the spacing of each', async () => {
    const joint = writeMadeOnnx(at('joint.onnx'), { shape: ['n', 2, 16, 16, 16] });
    const further = ['--further-scans', at('scan2.nii.gz')];
    const seen = ['--save-input', at('joint.npy'), at('joint.nii.gz')];
    expect(await encode('--model', joint, ...further, ...seen)).toBe(exitCodes.ok);
    expect(readFileSync(at('joint.npy'), 'latin1')).toContain("'shape': (2, 16, 16, 16)");
    const channels = [1, 2].map((c) => readVolume(at(`joint-channel${c}.nii.gz`)));
    const [first, second] = await Promise.all(channels);
    expect(first.data).not.toEqual(second.data);

    const both = ['--model', at('net.onnx'), slab(), '--size', '16', '--spacing', '3'];
    const out = ['--save-input', at('seen.npy'), '--out', at('both.csv')];
    expect(await encode(...both, ...out)).toBe(exitCodes.ok);
    const other = /seen-(slab-[0-9a-f]{8})\.npy/.exec(printed.err)?.[1];
    expect(readFileSync(at(`seen-${other}.npy`), 'latin1')).toContain("'shape': (8, 16, 16)");
    const [header, row] = readFileSync(at('both.csv'), 'utf8').trim().split('\n');
    const columns = header.split(',');
    const spacing = (name: string) =>
      Number(row.split(',')[columns.indexOf(`intra.${name}_spacing_z`)]);
    expect(spacing('input')).toBe(3);
    expect(spacing(`${other}-input`)).toBeGreaterThan(3);
  });
});

describe('nacre encode, a batch', () => {
  const batch = (name: string, ...rows: string[]) => {
    writeFileSync(at(name), `${['ID,Image,Mask', ...rows].join('\n')}\n`);
    return at(name);
  };
  const good = ['P1,scan1.nii.gz,mask1.nii.gz', 'P2,scan2.nii.gz,mask2.nii.gz'];

  it('gives each case what it gives alone', async () => {
    const list = batch('two.csv', ...good);
    expect(await nacre(list, '--modality', 'ct', '--out', at('two.parquet'))).toBe(exitCodes.ok);
    expect(existsSync(at('two.parquet.errors.csv'))).toBe(false);
    const both = await readParquet(at('two.parquet'));
    expect(both.patients).toEqual(['P1', 'P2']);
    expect(both.columns[3]).toMatchObject({ block, modality: 'ct' });
    const second = [at('scan2.nii.gz'), at('mask2.nii.gz')];
    expect(await nacre(...second, '--out', at('alone.parquet'))).toBe(exitCodes.ok);
    const alone = await readParquet(at('alone.parquet'));
    expect(both.columns.map(({ values }) => values[1])).toEqual(
      alone.columns.map(({ values }) => values[0]),
    );
  });

  it('lists and counts a bad case, keeps its row empty and goes on', async () => {
    const list = batch('bad.csv', good[0], 'P9,scan1.nii.gz,other.nii.gz', good[1]);
    expect(await nacre(list, '--out', at('bad.parquet'))).toBe(exitCodes.someFailed);
    expect(printed.err).toContain('1 of 3 cases failed');
    const { patients, columns } = await readParquet(at('bad.parquet'));
    expect(patients).toEqual(['P1', 'P9', 'P2']);
    for (const { values } of columns) {
      expect(values[1]).toBeNaN();
      expect(Number.isFinite(values[0] + values[2])).toBe(true);
    }
    const [header, ...rows] = readFileSync(at('bad.parquet.errors.csv'), 'utf8').trim().split('\n');
    expect(header).toBe('row,patient,code,message');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatch(/^2,P9,\S+,.*other\.nii\.gz/);
    process.exitCode = undefined;
    // Mended, the list of failures goes.
    batch('bad.csv', ...good);
    expect(await nacre(list, '--out', at('bad.parquet'))).toBe(exitCodes.ok);
    expect(existsSync(at('bad.parquet.errors.csv'))).toBe(false);
  });

  it('refuses with 3 a batch of which nothing is left, is missing, or names a patient twice', async () => {
    const to = ['--out', at('none.csv')];
    const none = batch('none-good.csv', 'P1,absent.nii.gz,mask1.nii.gz');
    expect(await nacre(none, ...to)).toBe(exitCodes.badInput);
    expect(printed.err).toContain('none of 1 cases');
    process.exitCode = undefined;
    expect(await nacre(at('absent.csv'), ...to)).toBe(exitCodes.badInput);
    expect(printed.err).toContain('absent.csv');
    expect(await nacre(batch('twice.csv', good[0], good[0]), ...to)).toBe(exitCodes.badInput);
    expect(printed.err).toContain('patient P1');
    expect(await nacre(batch('empty.csv'), ...to)).toBe(exitCodes.badInput);
    expect(existsSync(at('none.csv'))).toBe(false);
  });
});

describe('nacre encode, every field of the preprocessing and ONNX files of other makers', () => {
  const run = (...args: string[]) =>
    runCli(['node', 'nacre', 'encode', ...one, '--workers', '1', ...args]);
  const foreign = () => writeMadeOnnx(at('foreign.onnx'), { shape: ['n', 1, 16, 16, 16] });

  it('an ONNX file gives its own columns; the table ends with the spacing of the input', async () => {
    const flags = ['--model', foreign(), '--spacing', '3', '--window', '0,1000', '--keep'];
    expect(await run(...flags, '--modality', 'T1', '--out', at('foreign.csv'))).toBe(exitCodes.ok);
    const [header, row] = readFileSync(at('foreign.csv'), 'utf8').trim().split('\n');
    expect(header).toMatch(
      /^patient,T1\.intra\.foreign-[0-9a-f]{8}_0,.*_2,T1\.intra\.input_spacing_x,.*_y,.*_z$/,
    );
    expect(row.split(',').slice(-3)).toEqual(['3', '3', '3']);
    expect(printed.err).toMatch(/foreign\.onnx: sha256 [0-9a-f]{64}/);
  });

  it('saves what the network saw, in the place of the patient and for NumPy', async () => {
    const save = ['--save-input', at('seen.nii.gz'), at('seen.npy')];
    const flags = ['--model', foreign(), '--spacing', '4,4,3', '--normalise', 'region'];
    expect(await run(...flags, ...save)).toBe(exitCodes.ok);
    const seen = await readVolume(at('seen.nii.gz'));
    expect(seen.size).toEqual([16, 16, 16]);
    expect(seen.spacing.map((mm) => Number(mm.toFixed(4)))).toEqual([4, 4, 3]);
    const npy = readFileSync(at('seen.npy'));
    expect(npy.subarray(1, 6).toString()).toBe('NUMPY');
    expect(npy.toString('latin1', 10, 100)).toContain("'shape': (16, 16, 16)");
    const body = npy.subarray(npy.length - 4 * 16 ** 3);
    const values = Float32Array.from({ length: 16 ** 3 }, (_, i) => body.readFloatLE(4 * i));
    expect(values).toEqual(Float32Array.from(seen.data));
  });

  it('several scans are channels, max pooling has a name of its own, wrong shapes are refused', async () => {
    const both = writeMadeOnnx(at('both.onnx'), { shape: ['n', 2, 16, 16, 16], map: true });
    const scans = ['--further-scans', at('scan2.nii.gz')];
    expect(await run('--model', both, ...scans, '--pool', 'max')).toBe(exitCodes.ok);
    expect(printed.out.trim().split('\n')).toHaveLength(3);
    expect(await run('--model', both)).toBe(exitCodes.badInput);
    expect(printed.err).toMatch(/image of n×2×16×16×16, expected N×1×16×16×16/);
    const small = ['--size', '16', '--spacing', '3', '--pool', 'max'];
    expect(await run('--model', at('net.onnx'), ...small)).toBe(exitCodes.ok);
    expect(printed.out).toContain(`intra.${block}-max_0`);
    expect(await run('--model', both, '--window', '0,1', '--normalise', 'body')).toBe(
      exitCodes.usage,
    );
  });

  it('device auto runs on the CPU where there is nothing else, and says so', async () => {
    expect(await run('--model', foreign(), '--device', 'auto')).toBe(exitCodes.ok);
    if (process.platform === 'linux') expect(printed.err).toMatch(/cuda cannot be used.*the CPU/);
    expect(await run('--model', foreign(), '--device', 'dml')).toBe(exitCodes.badInput);
    expect(printed.err).toMatch(/onnxruntime cannot use dml.*--device cpu or --device auto/);
  });
});
