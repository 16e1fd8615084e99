import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { writeNifti } from '../../src/machine/write-nifti.ts';
import { filterImage } from '../../src/radiomics/filter-image.ts';
import { volumeOf } from '../radiomics/small-volumes.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-filter-'));
const at = (name: string) => join(folder, name);
const image = volumeOf([9, 8, 7], (i, j, k) => (i * 31 + j * 17 + k * 7) % 97);
writeNifti(at('image.nii.gz'), image);

async function nacre(...words: string[]) {
  let err = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += text)) || true);
  process.exitCode = 0;
  const code = await runCli(['node', 'nacre', 'filter', at('image.nii.gz'), ...words]);
  process.exitCode = 0;
  vi.restoreAllMocks();
  return { code, err };
}
afterEach(() => vi.restoreAllMocks());

describe('nacre filter', () => {
  it('writes the map of a filter on the grid of the image', async () => {
    const words = [
      '--filter',
      'Laws',
      '--setting',
      'lawsKernel=E5L5S5',
      '--setting',
      'lawsEnergy=2',
    ];
    const { code, err } = await nacre(
      ...words,
      '--setting',
      'boundary=zero',
      '--out',
      at('e.nii.gz'),
    );
    expect([code, err]).toEqual([0, '']);
    const [{ volume }] = filterImage(image, {
      filter: 'Laws',
      lawsKernel: 'E5L5S5',
      lawsEnergy: 2,
      boundary: 'zero',
    });
    const written = await readVolume(at('e.nii.gz'));
    expect(written.size).toEqual(image.size);
    expect(written.data).toEqual(volume.data);
  });

  it('writes one of several maps, or each into a folder', async () => {
    const one = await nacre('--filter', 'Wavelet', '--map', 'LHL', '--out', at('lhl.nii'));
    expect(one.code).toBe(0);
    const all = await nacre('--filter', 'Wavelet', '--out', at('maps'));
    expect(all.code).toBe(0);
    expect(readdirSync(at('maps'))).toHaveLength(8);
    const alone = await readVolume(at('lhl.nii'));
    expect(alone.data).toEqual((await readVolume(at('maps/wavelet-LHL.nii.gz'))).data);
  });

  it('names the maps where a file cannot hold them, and an unknown one', async () => {
    const many = await nacre('--filter', 'Wavelet', '--out', at('x.nii.gz'));
    expect(many.code).toBe(3);
    expect(many.err).toMatch(/8 maps.*wavelet-LLH.*--map/);
    const none = await nacre('--filter', 'Wavelet', '--map', 'LL', '--out', at('x.nii.gz'));
    expect(none.err).toMatch(/no map of this name: found LL, expected wavelet-LLH/);
  });

  it('says which setting changes nothing', async () => {
    const { err } = await nacre(
      '--filter',
      'Mean',
      '--setting',
      'lawsEnergy=3',
      '--out',
      at('m.nii'),
    );
    expect(err).toMatch(/lawsEnergy 3.*the image type Laws is not asked for/);
  });

  it('filters as IBSI does unless PyRadiomics is asked for', async () => {
    const log = ['--filter', 'LoG', '--setting', 'sigma=[1.0]'];
    await nacre(...log, '--out', at('i.nii'));
    await nacre(...log, '--conventions', 'pyradiomics', '--out', at('p.nii'));
    const [ibsi, theirs] = await Promise.all([readVolume(at('i.nii')), readVolume(at('p.nii'))]);
    expect(ibsi.data).toBeInstanceOf(Float64Array);
    expect(theirs.data).toBeInstanceOf(Float32Array);
    expect(theirs.data[250]).not.toBe(ibsi.data[250]);
  });
});
