import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchCohort } from '../../src/cohort/fetch.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { clinicalCsv, faultOf, writeSmallCohort } from './small-cohort.ts';

const hashOf = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

/** The small cohort with its files as sources; gives the manifest in a folder without data, and the mirror. */
function published(bend: (sources: { sha256: string }[]) => void = () => {}) {
  const original = writeSmallCohort();
  const mirror = dirname(original);
  const packed = readFileSync(join(mirror, 'deep/features.csv.gz'));
  const manifest = JSON.parse(readFileSync(original, 'utf8'));
  manifest.sources = [
    { id: 'c', path: 'clinical.csv', sha256: hashOf(clinicalCsv), bytes: clinicalCsv.length },
    { id: 'f', path: 'deep/features.csv.gz', sha256: hashOf(packed), bytes: packed.length },
  ].map((source) => ({ ...source, address: `https://nacre.invalid/${source.id}` }));
  bend(manifest.sources);
  const folder = mkdtempSync(join(tmpdir(), 'nacre-fetch-'));
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify(manifest));
  return { path, mirror, to: join(folder, 'data') };
}

describe('fetchCohort', () => {
  it('copies from a mirror, verifies, and does nothing the second time', async () => {
    const { path, mirror, to } = published();
    const first = await fetchCohort(path, { mirror, to });
    expect(first.files.map(({ path, result }) => [path, result])).toEqual([
      ['clinical.csv', 'copied'],
      ['deep/features.csv.gz', 'copied'],
    ]);
    expect((await loadCohort(path, { data: to })).patients).toHaveLength(5);
    // No mirror any more, and an address that leads nowhere: what is there is enough.
    const second = await fetchCohort(path, { to });
    expect(second.files.map(({ result }) => result)).toEqual(['present', 'present']);
  });

  it('refuses a file of another checksum and leaves no part of it', async () => {
    const { path, mirror, to } = published((sources) => {
      sources[1].sha256 = '0'.repeat(64);
    });
    const error = await faultOf(fetchCohort(path, { mirror, to }));
    expect(error.code).toBe('checksum-mismatch');
    expect(readdirSync(join(to, 'deep'))).toEqual([]);
    expect(existsSync(join(to, 'clinical.csv'))).toBe(true);
  });

  it('tells a mirror that lacks a file', async () => {
    const { path, to } = published();
    const error = await faultOf(fetchCohort(path, { mirror: tmpdir(), to }));
    expect(error.code).toBe('file-missing');
  });

  it('says that a manifest without sources has nothing to fetch', async () => {
    const error = await faultOf(fetchCohort(writeSmallCohort()));
    expect(error.code).toBe('nothing-to-fetch');
    expect(error.message).toContain('--data');
  });

  it('puts files where loading looks for them', async () => {
    const { path, mirror } = published();
    const before = process.env.NACRE_DATA;
    process.env.NACRE_DATA = mkdtempSync(join(tmpdir(), 'nacre-data-'));
    try {
      const missing = await faultOf(loadCohort(path));
      expect(missing.code).toBe('not-fetched');
      expect(missing.message).toContain('nacre cohort fetch small');
      const { folder } = await fetchCohort(path, { mirror });
      expect(folder).toBe(join(process.env.NACRE_DATA, 'small'));
      expect((await loadCohort(path)).patients).toHaveLength(5);
    } finally {
      if (before === undefined) delete process.env.NACRE_DATA;
      else process.env.NACRE_DATA = before;
    }
  });

  it('does not load a fetched file that was changed afterwards', async () => {
    const { path, mirror, to } = published();
    await fetchCohort(path, { mirror, to });
    writeFileSync(join(to, 'clinical.csv'), clinicalCsv.replace('P1,40', 'P1,30'));
    expect((await faultOf(loadCohort(path, { data: to }))).code).toBe('checksum-mismatch');
    mkdirSync(join(to, 'kept'));
    copyFileSync(join(mirror, 'clinical.csv'), join(to, 'clinical.csv'));
    expect((await loadCohort(path, { data: to })).patients).toHaveLength(5);
  });
});
