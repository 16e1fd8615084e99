import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchScans } from '../../../src/cohort/fetch-scans.ts';
import { sha256 } from '../../../src/runtime/hash.ts';
import { faultOf } from '../small-cohort.ts';
import { bucketPattern, publishSeries } from './made-idc.ts';
import { type MadeServer, madeServer } from './made-server.ts';
import { publishOnSynapse, token } from './made-synapse.ts';

let server: MadeServer;
let folder: string;
beforeEach(async () => {
  server = await madeServer();
  folder = mkdtempSync(join(tmpdir(), 'nacre-archive-'));
  vi.stubEnv('NACRE_IDC_ADDRESS', bucketPattern(server));
  vi.stubEnv('NACRE_SYNAPSE_ADDRESS', server.origin);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

function manifest(archives: object[], patients: string[]): string {
  const path = join(folder, 'manifest.json');
  writeFileSync(
    path,
    JSON.stringify({
      format: 'nacre-cohort-1',
      id: 'made',
      title: 'made',
      citation: 'none',
      licence: 'none',
      synthetic: true,
      patients,
      archives,
      images: { dce: { image: 'dicom/{patient}/dce', mask: 'dicom/{patient}/mask' } },
    }),
  );
  return path;
}
const bytes = (text: string, times = 500) => Buffer.from(text.repeat(times));
const dce = {
  kind: 'idc',
  id: 'dce',
  collection: 'made',
  licence: 'CC BY 4.0',
  path: 'dicom/{patient}/dce',
  modality: ['MR'],
  description: 'made: original dce',
};
const two = [
  {
    patient: 'A',
    description: 'MADE: original DCE',
    date: '2000-03-01',
    objects: { 'late.dcm': bytes('late') },
  },
  {
    patient: 'A',
    description: 'MADE: original DCE',
    date: '2000-01-01',
    objects: { '1.dcm': bytes('a1'), '2.dcm': bytes('a2'), '3.dcm': bytes('a3') },
  },
  { patient: 'A', description: 'localizer', objects: { 'x.dcm': bytes('x') } },
  { patient: 'B', description: 'made: original DCE', objects: { '1.dcm': bytes('b1') } },
];
const to = () => join(folder, 'data');
const fetchMade = (path: string, index?: string) =>
  fetchScans(path, { to: to(), index, waitSeconds: 0 });
/** Every file that a fetch left, its text too. */
const left = () =>
  (existsSync(to()) ? readdirSync(to(), { recursive: true, withFileTypes: true }) : [])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('scans from IDC', () => {
  it('finds series by rule, the first study alone, and keeps hash, licence and DOI', async () => {
    const index = publishSeries(server, folder, two);
    const fetched = await fetchMade(manifest([dce], ['A', 'B', 'C']), index);
    expect(fetched.patients.map(({ patient, files }) => [patient, files])).toEqual([
      ['A', 3],
      ['B', 1],
    ]);
    expect(fetched.without).toEqual(['C']);
    expect(readdirSync(join(to(), 'dicom/A/dce'))).toEqual(['1.dcm', '2.dcm', '3.dcm']);
    const receipts = readdirSync(join(to(), 'archives/received')).map((name) =>
      JSON.parse(readFileSync(join(to(), 'archives/received', name), 'utf8')),
    );
    const ofB = receipts.find(({ patient }) => patient === 'B');
    expect(ofB.files[0]).toMatchObject({
      sha256: sha256(bytes('b1')),
      bytes: 1000,
      licence: 'CC BY 4.0',
      doi: '10.7937/made',
    });
    expect(ofB.files[0].origin).toContain('series 1.2.3.3');
    // The series are kept: a second call needs no index and brings nothing again.
    const objects = () => server.seen.filter(({ url }) => url.endsWith('.dcm')).length;
    const before = objects();
    expect((await fetchMade(join(folder, 'manifest.json'))).patients).toHaveLength(2);
    expect(objects()).toBe(before);
  });

  it('survives redirects, busy answers and broken connections', async () => {
    const index = publishSeries(server, folder, two);
    const keys = [...server.files.keys()].filter((key) => /[123]\.dcm$/.test(key));
    const faults = [{ redirect: true }, { busy: 2 }, { cut: 2 }, { cut: 1, noRanges: true }];
    keys.forEach((key, i) => {
      server.faults.set(key, faults[i]);
    });
    const fetched = await fetchMade(manifest([dce], ['A', 'B']), index);
    expect(fetched.failed).toEqual([]);
    expect(readFileSync(join(to(), 'dicom/A/dce/3.dcm')).equals(bytes('a3'))).toBe(true);
  });

  it('refuses one patient and brings the others; nothing half-written stands under its name', async () => {
    const index = publishSeries(server, folder, two);
    const key = [...server.files.keys()].find((name) => name.endsWith('/2.dcm')) as string;
    for (const fault of [{ endless: true }, { wrongSize: true }, { cut: 99 }]) {
      server.faults.set(key, fault);
      const { failed, patients } = await fetchMade(manifest([dce], ['A', 'B']), index);
      expect(failed.map(({ patient }) => patient)).toEqual(['A']);
      expect(patients.map(({ patient }) => patient)).toEqual(['B']);
      expect(readdirSync(join(to(), 'dicom/A/dce'))).not.toContain('2.dcm');
    }
    server.faults.clear();
    expect((await fetchMade(join(folder, 'manifest.json'))).failed).toEqual([]);
  });

  it('refuses a series that the archive has changed since the index, before it is downloaded', async () => {
    const index = publishSeries(server, folder, two);
    const key = [...server.files.keys()].find((name) => name.endsWith('/2.dcm')) as string;
    server.files.delete(key);
    const { failed } = await fetchMade(manifest([dce], ['A']), index);
    expect(failed[0].reason).toContain('2 objects of 2000 bytes');
    expect(failed[0].reason).toContain('3 objects of 3000 bytes');
    expect(existsSync(join(to(), 'dicom'))).toBe(false);
  });

  it('refuses names that are no file names, and several series where one is wanted', async () => {
    const evil = publishSeries(server, folder, [
      {
        patient: 'A',
        description: 'made: original DCE',
        objects: { '../../../evil.dcm': bytes('e') },
      },
    ]);
    const first = await fetchMade(manifest([dce], ['A']), evil);
    expect(first.failed[0].reason).toContain('evil.dcm');
    expect(left().some((file) => file.includes('evil'))).toBe(false);
    server.files.clear();
    const twice = publishSeries(server, folder, [two[3], two[3]]);
    const second = await fetchMade(manifest([dce], ['B']), twice);
    expect(second.failed[0].reason).toContain('several series');
    const all = await fetchMade(manifest([{ ...dce, several: 'all' }], ['B']), twice);
    expect(all.patients[0].files).toBe(2);
  });

  it('says how to get the index where it is not there, and refuses a collection it lacks', async () => {
    const path = manifest([dce], ['A']);
    const missing = await faultOf(fetchMade(path));
    expect(missing.code).toBe('not-fetched');
    expect(missing.message).toContain('pip download idc-index-data==25.0.5');
    const index = publishSeries(server, folder, [{ ...two[0], collection: 'other' }]);
    expect((await faultOf(fetchMade(path, index))).code).toBe('unknown-name');
  });
});

describe('the rule of an archive', () => {
  it('takes the first study of the patient alone: a later one is not before treatment', async () => {
    const index = publishSeries(server, folder, [
      {
        patient: 'A',
        description: 'localizer',
        date: '2000-01-01',
        objects: { 'x.dcm': bytes('x') },
      },
      { ...two[0], date: '2000-02-01' },
    ]);
    expect((await fetchMade(manifest([dce], ['A']), index)).without).toEqual(['A']);
    const later = manifest([{ ...dce, study: 'first-with' }], ['A']);
    expect((await fetchMade(later, index)).patients[0].files).toBe(1);
  });
});

describe('scans from Synapse', () => {
  const archive = {
    kind: 'synapse',
    id: 'mama',
    licence: 'CC BY-NC 4.0',
    root: 'syn1',
    files: ['table.csv', 'images/{patient}/{patient}_0001.nii.gz', 'masks/{patient}.nii.gz'],
  };
  const files = {
    'table.csv': bytes('table'),
    'images/D1/D1_0001.nii.gz': bytes('image one'),
    'images/D2/D2_0001.nii.gz': bytes('image two'),
    'images/D3/D3_0001.nii.gz': bytes('image three'),
    'masks/D1.nii.gz': bytes('mask one'),
    'masks/D2.nii.gz': bytes('mask two'),
  };
  const published = () => {
    publishOnSynapse(server, files);
    return manifest([archive], ['D1', 'D2']);
  };
  const storedAs = (content: Buffer) =>
    [...server.files].find(([, stored]) => stored.equals(content))?.[0] as string;

  it('brings tables, images and masks, with MD5 checked and SHA-256 kept', async () => {
    const path = published();
    vi.stubEnv('SYNAPSE_AUTH_TOKEN', token);
    const { patients, failed } = await fetchMade(path);
    expect(failed).toEqual([]);
    expect(patients.map(({ files: count }) => count)).toEqual([2, 2]);
    expect(readFileSync(join(to(), 'images/D2/D2_0001.nii.gz')).equals(bytes('image two'))).toBe(
      true,
    );
    expect(readFileSync(join(to(), 'table.csv')).equals(bytes('table'))).toBe(true);
    const receipts = left().filter((file) => file.includes('received'));
    expect(readFileSync(receipts[0], 'utf8')).toMatch(/"sha256": "[0-9a-f]{64}"/);
  });

  it('sends the token to the service alone, and writes it nowhere', async () => {
    const path = published();
    vi.stubEnv('SYNAPSE_AUTH_TOKEN', token);
    server.faults.set(storedAs(bytes('mask one')), { expired: 1 });
    server.faults.set(storedAs(bytes('mask two')), { wrongBytes: true });
    server.faults.set(storedAs(bytes('image two')), { cut: 1, busy: 1 });
    const { failed } = await fetchMade(path);
    expect(failed.map(({ patient }) => patient)).toEqual(['D2']);
    expect(failed[0].reason).toContain('checksum differs');
    for (const { origin, authorization } of server.seen) {
      expect(authorization).toBe(origin === server.storage ? undefined : `Bearer ${token}`);
    }
    const said = JSON.stringify(failed);
    for (const text of [said, ...left().map((file) => readFileSync(file, 'latin1'))]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain('Signature');
    }
    expect(existsSync(join(to(), 'masks/D2.nii.gz'))).toBe(false);
  });

  it('stops at once where the token is missing, refused or expired, without quoting it', async () => {
    const path = published();
    vi.stubEnv('SYNAPSE_AUTH_TOKEN', '');
    const missing = await faultOf(fetchMade(path));
    expect(missing.code).toBe('token-missing');
    expect(missing.message).toContain('SYNAPSE_AUTH_TOKEN');
    vi.stubEnv('SYNAPSE_AUTH_TOKEN', 'an-expired-token');
    const refused = await faultOf(fetchMade(path));
    expect(refused.code).toBe('token-refused');
    for (const text of [refused.message, refused.stack, JSON.stringify(refused.facts)]) {
      expect(text).not.toContain('an-expired-token');
    }
    expect(left()).toEqual([]);
    // A line end in the variable would forge a header.
    vi.stubEnv('SYNAPSE_AUTH_TOKEN', 'two\nlines');
    expect((await faultOf(fetchMade(path))).code).toBe('token-missing');
  });
});

describe('a list of files', () => {
  it('brings the files of each patient by their paths, and refuses another hash', async () => {
    const rows = ['A', 'B'].flatMap((patient) =>
      ['dce', 'mask'].map((what) => {
        const content = bytes(`${patient} ${what}`);
        const path = `dicom/${patient}/${what}/1.dcm`;
        server.files.set(path, content);
        const hash = patient === 'B' && what === 'mask' ? sha256('other') : sha256(content);
        return `${path},${server.origin}/${path},${content.length},${hash}`;
      }),
    );
    writeFileSync(join(folder, 'files.csv'), `path,address,bytes,sha256\n${rows.join('\n')}\n`);
    const path = manifest(
      [{ kind: 'list', id: 'files', licence: 'MIT', file: 'files.csv' }],
      ['A', 'B'],
    );
    const { patients, failed } = await fetchMade(path);
    expect(patients).toEqual([{ patient: 'A', files: 2, bytes: 2500 + 3000 }]);
    expect(failed[0].reason).toContain('checksum differs');
    expect(readdirSync(join(to(), 'dicom/B'))).toEqual(['dce', 'mask']);
    expect(readdirSync(join(to(), 'dicom/B/mask'))).toEqual([]);
  });

  it('names the row that is not understood', async () => {
    writeFileSync(
      join(folder, 'files.csv'),
      `path,address,bytes,sha256\na,https://x/a,12,${sha256('a')}\nb,https://x/b,no,${sha256('b')}\n`,
    );
    const path = manifest(
      [{ kind: 'list', id: 'files', licence: 'MIT', file: 'files.csv' }],
      ['A'],
    );
    const fault = await faultOf(fetchMade(path));
    expect(fault.code).toBe('bad-table');
    expect(fault.facts.row).toBe(2);
  });
});
