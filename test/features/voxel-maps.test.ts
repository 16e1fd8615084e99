import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { extractVoxelMaps } from '../../src/features/extract-voxel-maps.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { writeNifti } from '../../src/machine/write-nifti.ts';
import { parseParameterText } from '../../src/radiomics/parameter-file.ts';
import { maskOf, volumeOf } from '../radiomics/small-volumes.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-voxel-maps-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());
const at = (name: string) => join(folder, name);
const size = [12, 11, 9] as const;
writeNifti(
  at('t1.nii.gz'),
  volumeOf(size, (i, j, k) => (i * 31 + j * 17 + k * 7 + i * j * k) % 97),
);
writeNifti(
  at('tumour.nii.gz'),
  maskOf(size, (i, j, k) => (i - 6) ** 2 + (j - 5) ** 2 + (k - 4) ** 2 < 14),
);
const text = `
imageType: {Original: {}, Square: {}}
featureClass: {firstorder: [Mean, Entropy], glcm: [JointEntropy], glrlm: [RunEntropy]}
setting: {binWidth: 10}
voxelSetting: {kernelRadius: 1, initValue: nan, voxelBatch: 40}
`;
const settings = parseParameterText(text);
const bytesOf = (out: string) =>
  Object.fromEntries(
    readdirSync(at(out)).map((name) => [name, readFileSync(at(`${out}/${name}`)).toString('hex')]),
  );

describe('extractVoxelMaps', () => {
  it('writes a map per feature and image, the same bytes whatever the workers', async () => {
    const [image, mask] = [at('t1.nii.gz'), at('tumour.nii.gz')];
    const files = await extractVoxelMaps(image, mask, at('one'), settings);
    expect(files).toHaveLength(8);
    await extractVoxelMaps(image, mask, at('two'), settings, { workers: 2 });
    expect(bytesOf('two')).toEqual(bytesOf('one'));
    expect(existsSync(at('one/.parts'))).toBe(false);
    const map = await readVolume(at('one/original_firstorder_Mean.nii.gz'));
    expect(map.data[0]).toBeNaN();
    const { maps } = JSON.parse(readFileSync(at('one/maps.json'), 'utf8'));
    expect(maps).toContain('square_glrlm_RunEntropy.nii.gz');
  });

  it('takes finished pieces of an interrupted run, and no others', async () => {
    const [image, mask] = [at('t1.nii.gz'), at('tumour.nii.gz')];
    const abort = new AbortController();
    let pieces = 0;
    const progress = (total: number, already: number) => {
      counts.push([total, already]);
      return { tick: () => ++pieces === 3 && abort.abort(new Error('stop')), stop: () => {} };
    };
    const counts: [number, number][] = [];
    const run = { progress: progress as never, signal: abort.signal };
    await expect(extractVoxelMaps(image, mask, at('res'), settings, run)).rejects.toThrow('stop');
    const kept = readdirSync(at('res/.parts')).length;
    expect(kept).toBeGreaterThan(0);
    expect(readdirSync(at('res')).filter((name) => name.endsWith('.nii.gz'))).toEqual([]);
    await extractVoxelMaps(image, mask, at('res'), settings, {
      resume: true,
      progress: (total, already) => {
        counts.push([total, already]);
        return { tick() {}, stop() {} };
      },
    });
    expect(counts[1]).toEqual([counts[0][0], kept]);
    expect(bytesOf('res')).toEqual(bytesOf('one'));
  });
});

describe('nacre voxel-maps', () => {
  const nacre = async (...words: string[]) => {
    let err = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((part) => Boolean((err += part)) || true);
    process.exitCode = 0;
    const pair = [at('t1.nii.gz'), at('tumour.nii.gz')];
    const code = await runCli(['node', 'nacre', 'voxel-maps', ...pair, ...words]);
    process.exitCode = 0;
    return { code, err };
  };

  it('takes a parameter file as it is, and settings that win over it', async () => {
    writeFileSync(at('voxel.yaml'), `${text}`);
    const words = ['--params', at('voxel.yaml'), '--out', at('cli')];
    expect((await nacre(...words)).code).toBe(0);
    expect(bytesOf('cli')).toEqual(bytesOf('one'));
    const other = ['--voxel-setting', 'kernelRadius=2', '--voxel-setting', 'initValue=-1'];
    expect((await nacre(...words.slice(0, 2), ...other, '--out', at('wide'))).code).toBe(0);
    const map = await readVolume(at('wide/original_firstorder_Mean.nii.gz'));
    expect(map.data[0]).toBe(-1);
  });

  it('refuses classes without maps, a kernel that is none, and a wrong label', async () => {
    writeFileSync(at('shape.yaml'), 'featureClass: {shape: []}\n');
    const shape = await nacre('--params', at('shape.yaml'), '--out', at('x'));
    expect(shape.code).toBe(3);
    expect(shape.err).toMatch(/none of the feature classes has maps: found shape/);
    const kernel = await nacre('--voxel-setting', 'kernelRadius=0', '--out', at('x'));
    expect(kernel.err).toMatch(/kernelRadius/);
    const label = await nacre('--label', '4', '--out', at('x'));
    expect(label.err).toMatch(/label 4/);
  });
});
