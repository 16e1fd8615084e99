import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../../src/cli/program.ts';
import {
  indexToPoint,
  pointToIndex,
  type Vector3,
  type Volume,
} from '../../../src/imaging/volume.ts';
import { indexHeaders } from '../../../src/machine/dicom/header-index.ts';
import { readVolume } from '../../../src/machine/read-volume.ts';
import { sha256 } from '../../../src/runtime/hash.ts';
import { captureOutput } from '../../cli/captured-output.ts';
import { sharedFolder } from '../../shared-folder.ts';
import {
  type Element,
  type MadeSeries,
  madeContours,
  madeFiles,
  writeDicom,
} from './made-dicom.ts';

const captured = captureOutput();
const nacre = (...words: string[]) => runCli(['node', 'nacre', ...words]);
const place = () => mkdtempSync(join(tmpdir(), 'nacre-dicom-'));

beforeAll(() => vi.stubEnv('NACRE_CACHE', place()));

/** Names of a person, spelled as different tags would. */
const person = { last: 'Xyzmustermann', first: 'Erikaqq', doctor: 'Whitecoatson' };
const secrets = [
  ...[person.last, person.first, person.doctor, 'ACC4711', '19610203', '1961', 'St. Elsewhere'],
  ...['20240115', '20240301', '1.2.826.0.1'],
].map((text) => text.toLowerCase());

/** Every kind of text, standard, private and unknown, with a name in it. */
const planted: Element[] = [
  ['00080050', 'SH', 'ACC4711'],
  ['00080080', 'LO', 'St. Elsewhere'],
  ['00080081', 'ST', `Ward of ${person.doctor}`],
  ['00080090', 'PN', `${person.doctor}^Dr`],
  ['00081010', 'SH', person.doctor],
  ['00081030', 'LO', `MRI ${person.first} ${person.last} 03.02.1961`],
  ['00081040', 'LO', person.last],
  ['00081048', 'PN', `${person.doctor}^Dr`],
  ['00081050', 'PN', `${person.doctor}^Dr`],
  ['00081070', 'PN', `${person.doctor}^Tech`],
  ['00081080', 'LO', `${person.last}, 1961`],
  ['00100010', 'PN', `${person.last}^${person.first}`],
  ['00100030', 'DA', '19610203'],
  ['00101000', 'LO', `${person.last}-ID`],
  ['00101001', 'PN', `${person.first}^${person.last}`],
  ['00101040', 'LO', `1 ${person.last} Street`],
  ['00102160', 'SH', person.first],
  ['001021B0', 'LT', `${person.first} ${person.last} was seen by ${person.doctor}`],
  ['00104000', 'LT', `${person.last}, ${person.first}`],
  ['00180010', 'LO', `Gadolinium for ${person.last}`],
  ['00180015', 'CS', person.last.toUpperCase()],
  ['00181000', 'LO', person.doctor],
  ['00181030', 'LO', `BREAST ${person.last.toUpperCase()} DYN`],
  ['00204000', 'LT', `${person.first}`],
  ['00324000', 'LT', person.last],
  ['00400254', 'LO', `${person.last} step`],
  ['00091001', 'LO', `${person.last}^${person.first}`],
  ['00091002', 'UN', Buffer.from(`${person.last} `)],
  ['00290010', 'LO', `CREATOR ${person.last}`],
  ['00291010', 'UT', `<name>${person.first} ${person.last}</name>`],
];

const blob = (i: number, j: number, k: number) =>
  i > 4 && i < 11 && j > 4 && j < 11 && k > 0 && k < 5 ? 1 : 0;

/** One woman with two studies: a dynamic series, its tumour drawn on it, and a T2 without; a year later the same. */
function writeClinic(folder: string, more: readonly Element[] = []): void {
  let n = 0;
  const studies = [
    { date: '20240115', root: '1.2.826.0.1.11', from: 1 },
    { date: '20240301', root: '1.2.826.0.1.12', from: 2 },
  ];
  for (const { date, root, from } of studies) {
    const common = { patientId: 'PAT7', studyUid: root, studyDate: date, more };
    const dynamic: MadeSeries = {
      ...common,
      seriesUid: `${root}.1`,
      number: 5,
      description: `AX T1 DYN ${more.length > 0 ? person.last : 'VIBE'} 5min`,
      times: ['100000', '100130', '100300'],
      value: (phase, i, j, k) => 100 + ((3 * i + 5 * j + k) % 7) + 200 * phase * blob(i, j, k),
    };
    const t2: MadeSeries = {
      ...common,
      seriesUid: `${root}.2`,
      number: 3,
      description: 'AX T2 TSE',
      value: (_, i, j, k) => 50 + ((i + j + k) % 9),
    };
    for (const series of [dynamic, t2]) {
      // Names without order or ending.
      for (const { elements } of madeFiles(series)) {
        writeDicom(join(folder, String(sha256(String(n++)).slice(0, 10))), elements);
      }
    }
    const square = { low: 5, high: 10, from, to: 4 };
    writeDicom(join(folder, `${n++}`), madeContours(dynamic, 'GTV', square, more));
  }
  writeFileSync(join(folder, 'notes.txt'), `${person.last}`);
  writeFileSync(
    join(folder, 'broken'),
    Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(40, 7)]),
  );
}

describe('nacre dicom list', () => {
  it('shows patients, days, series, phases and what was drawn on them', async () => {
    const folder = place();
    writeClinic(folder);
    expect(await nacre('dicom', 'list', folder, '--json')).toBe(0);
    const { series } = JSON.parse(captured.out);
    expect(series).toHaveLength(6);
    const dynamic = series.filter((row: { phases: number }) => row.phases === 3);
    expect(dynamic.map((row: { day: number }) => row.day)).toEqual([0, 46]);
    expect(dynamic[0]).toMatchObject({
      ...{ patient: 'PAT7', number: 5, modality: 'MR', description: 'AX T1 DYN VIBE 5min' },
      ...{ slices: 18, matrix: '16×14', spacing: '1.5×1.5×3' },
    });
    const contours = series.filter((row: { modality: string }) => row.modality === 'RTSTRUCT');
    expect(contours.map((row: { regions: string }) => row.regions)).toEqual(['GTV', 'GTV']);
    expect(contours.map((row: { refersTo: string }) => row.refersTo).sort()).toEqual(
      dynamic.map((row: { series: string }) => row.series).sort(),
    );
    captured.out = '';
    expect(await nacre('dicom', 'list', folder, '--csv')).toBe(0);
    expect(captured.out.split('\n')[0]).toMatch(/^patient,day,series,number,modality/);
    expect(captured.out.trim().split('\n')).toHaveLength(7);
    captured.out = '';
    expect(await nacre('dicom', 'list', folder)).toBe(0);
    expect(captured.out).toMatch(/1 patients, 4 image series, 2 contour sets/);
    expect(await nacre('dicom', 'list', join(folder, 'none'))).toBe(3);
  });

  it('reads a header once: a second run and one that was stopped read only what is new or changed', async () => {
    const [folder, cache] = [place(), place()];
    writeClinic(folder);
    const files = readdirSync(folder).length;
    const run = async (
      signal?: AbortSignal,
      stopAt = Number.POSITIVE_INFINITY,
      stop = () => {},
    ) => {
      const seen = { known: 0, read: 0 };
      const index = await indexHeaders(folder, {
        ...{ cache, signal },
        progress: (_, known) => {
          seen.known = known;
          return () => {
            if (++seen.read === stopAt) stop();
          };
        },
      });
      return { ...seen, headers: index.headers, index };
    };
    const abort = new AbortController();
    await expect(run(abort.signal, 2, () => abort.abort())).rejects.toThrow();
    const first = await run();
    expect(first.known).toBeGreaterThan(0);
    expect(first.known + first.read).toBe(files);
    expect(first.index.unreadable.map(({ code }) => code)).toEqual(['bad-dicom']);
    expect(first.index.others).toBe(1);
    const second = await run();
    expect(second).toMatchObject({ known: files, read: 0 });
    expect(JSON.stringify(second.headers)).toBe(JSON.stringify(first.headers));
    // Rights: the cache holds what the files hold.
    const [name] = readdirSync(cache);
    expect(statSync(join(cache, name)).mode & 0o77).toBe(0);
    utimesSync(join(folder, readdirSync(folder)[0]), 1, 1);
    expect(await run()).toMatchObject({ known: files - 1, read: 1 });
  });
});

describe('nacre dicom import', () => {
  it('plans at first, then writes scans, masks and a manifest; CE-T1 is the first phase after contrast', async () => {
    const [folder, to] = [place(), place()];
    writeClinic(folder);
    expect(await nacre('dicom', 'import', folder, '--to', to, '--subtract')).toBe(0);
    const plan = readFileSync(join(to, 'series.yaml'), 'utf8');
    expect(plan).toMatch(/ceT1:\n {6}series: [0-9a-f]{8}\n {6}phase: 2/);
    expect(plan).toMatch(/T1 by description, contrast by 3 phases/);
    expect(plan).toMatch(/AX T2 TSE.*no contours or segmentation refer to it/s);
    expect(existsSync(join(to, 'manifest.json'))).toBe(false);
    expect(await nacre('dicom', 'import', folder, '--to', to, '--subtract')).toBe(0);
    const scan = await readVolume(join(to, 'scans/PAT7/ceT1.nii.gz'));
    const difference = await readVolume(join(to, 'scans/PAT7/ceT1-sub.nii.gz'));
    const mask = await readVolume(join(to, 'scans/PAT7/ceT1-mask.nii.gz'));
    expect(scan.size).toEqual([16, 14, 6]);
    for (let k = 0, at = 0; k < 6; k++) {
      for (let j = 0; j < 14; j++) {
        for (let i = 0; i < 16; i++, at++) {
          expect(scan.data[at]).toBe(100 + ((3 * i + 5 * j + k) % 7) + 200 * blob(i, j, k));
          expect(difference.data[at]).toBe(200 * blob(i, j, k));
          expect(mask.data[at]).toBe(blob(i, j, k));
        }
      }
    }
    expect(indexToPoint(scan, [0, 0, 0])).toEqual([-12, -10, -8]);
    captured.out = '';
    expect(await nacre('cohort', 'check', join(to, 'manifest.json'))).toBe(0);
    expect(captured.out).toMatch(/Patients: 1 joined/);
    expect(await nacre('extract', join(to, 'study.yaml'), '-w', '1')).toBe(0);
  });

  it('lets no name, date, accession number or UID into an output, whatever tags they stand in', async () => {
    const [folder, to, out] = [place(), place(), place()];
    writeClinic(folder, planted);
    const [list, csv] = [join(out, 'list.txt'), join(out, 'list.csv')];
    expect(await nacre('dicom', 'list', folder)).toBe(0);
    writeFileSync(list, captured.out);
    captured.out = '';
    expect(await nacre('dicom', 'list', folder, '--csv')).toBe(0);
    writeFileSync(csv, captured.out);
    for (let i = 0; i < 2; i++) {
      expect(await nacre('dicom', 'import', folder, '--to', join(to, 'cohort'))).toBe(0);
    }
    const manifest = join(to, 'cohort/manifest.json');
    expect(
      await nacre(
        'cohort',
        'qc',
        manifest,
        '--out',
        join(out, 'page'),
        '--scans',
        'all',
        '-w',
        '1',
      ),
    ).toBe(0);
    expect(
      await nacre(
        'extract',
        join(to, 'cohort/study.yaml'),
        '--tables',
        join(out, 'tables'),
        '-w',
        '1',
      ),
    ).toBe(0);
    writeFileSync(join(out, 'terminal.txt'), captured.out + captured.err);
    const texts = [...textsBelow(to), ...textsBelow(out)];
    expect(texts.length).toBeGreaterThan(10);
    const found = texts.flatMap(({ name, text }) =>
      secrets.filter((word) => text.toLowerCase().includes(word)).map((word) => `${name}: ${word}`),
    );
    expect(found).toEqual([]);
    // The test sees what it looks for, and the description is there without the name.
    expect(texts.some(({ text }) => text.includes('PAT7'))).toBe(true);
    expect(readFileSync(list, 'utf8')).toContain('AX T1 DYN *** 5min');
  });

  it('numbers patients whose id is a name, and takes pseudonyms', async () => {
    const [folder, to] = [place(), place()];
    writeClinic(folder, [...planted, ['00100020', 'LO', `${person.last}^${person.first}`]]);
    for (let i = 0; i < 2; i++) expect(await nacre('dicom', 'import', folder, '--to', to)).toBe(0);
    expect(readdirSync(join(to, 'scans'))).toEqual(['patient-001']);
    const key = join(place(), 'key.txt');
    writeFileSync(key, 'a key that is long enough');
    const hidden = place();
    const words = ['dicom', 'import', folder, '--to', hidden, '--pseudonym-key', key];
    for (let i = 0; i < 2; i++) expect(await nacre(...words)).toBe(0);
    expect(readdirSync(join(hidden, 'scans'))[0]).toMatch(/^P-[0-9a-f]{16}$/);
    expect(captured.out + captured.err).not.toContain(person.last);
  });

  it('leaves to the user what is ambiguous, and refuses a plan of another folder', async () => {
    const [folder, to] = [place(), place()];
    const common = { patientId: 'PAT8', studyUid: '1.2.3.4.5', studyDate: '20240115' };
    const value = (_: number, i: number, j: number, k: number) => 100 + i + j + k;
    const make = (n: number): MadeSeries => ({
      ...common,
      seriesUid: `1.2.3.4.5.${n}`,
      number: n,
      description: `T2 TSE ${n}`,
      value,
    });
    for (const n of [1, 2]) {
      const series = make(n);
      madeFiles(series).forEach(({ elements }, i) => {
        writeDicom(join(folder, `${n}/${i}`), elements);
      });
      const contours = madeContours(series, 'Tumour', { low: 5, high: 8 + n, from: 1, to: 4 });
      writeDicom(join(folder, `${n}/contours`), contours);
    }
    expect(await nacre('dicom', 'import', folder, '--to', to)).toBe(0);
    expect(captured.out).toMatch(/0 scans chosen, 1 left to you/);
    // Nothing was decided: nothing is imported.
    expect(await nacre('dicom', 'import', folder, '--to', to)).toBe(3);
    const path = join(to, 'series.yaml');
    const plan = readFileSync(path, 'utf8');
    const [, series, mask] = /candidates:\s+- series: (\S+)\s+mask: (\S+)/.exec(
      plan,
    ) as RegExpExecArray;
    const decide = (id: string) =>
      writeFileSync(
        path,
        plan.replace('series: "?"', `series: "${id}"`).replace('mask: "?"', `mask: "${mask}"`),
      );
    decide('00000000');
    expect(await nacre('dicom', 'import', folder, '--to', to)).toBe(3);
    expect(captured.err).toMatch(/series that the folder lacks/);
    decide(series);
    expect(await nacre('dicom', 'import', folder, '--to', to)).toBe(0);
    expect(readdirSync(join(to, 'scans/PAT8')).sort()).toEqual(['T2-mask.nii.gz', 'T2.nii.gz']);
  });
});

function textsBelow(folder: string): { name: string; text: string }[] {
  return (readdirSync(folder, { recursive: true }) as string[]).flatMap((name) => {
    const path = join(folder, name);
    if (!statSync(path).isFile()) return [];
    const bytes = readFileSync(path);
    let text = `${name}\n${bytes.toString('latin1')}`;
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) text += gunzipSync(bytes).toString('latin1');
    for (const [base64] of text.matchAll(/H4sI[A-Za-z0-9+/=]{100,}/g)) {
      text += gunzipSync(Buffer.from(base64, 'base64')).toString('latin1');
    }
    return [{ name, text }];
  });
}

const shared = sharedFolder();
const source = shared === undefined ? '' : join(shared, 'datasets/dicom');
const there = source !== '' && existsSync(source);

describe.skipIf(!there)(
  `all of datasets/dicom in one folder, mixed, names without ending${there ? '' : ' (skipped: ../shared/datasets/dicom is not there)'}`,
  () => {
    it('becomes the right scans and masks; check, qc and extraction run through', async () => {
      const [folder, to] = [place(), place()];
      const files = (readdirSync(source, { recursive: true }) as string[]).filter((name) =>
        name.endsWith('.dcm'),
      );
      files.sort((a, b) => (sha256(a) < sha256(b) ? -1 : 1));
      for (const [i, name] of files.entries())
        copyFileSync(join(source, name), join(folder, String(i)));
      const run = () => nacre('dicom', 'import', folder, '--to', to);
      expect(await run()).toBe(0);
      // Three contour sets of one name on the CT phantom, of which two hold the same: the user decides.
      const path = join(to, 'series.yaml');
      const plan = readFileSync(path, 'utf8');
      expect(plan.match(/series: "\?"/g)).toHaveLength(1);
      const [, series, mask] =
        /series: (\S+)\s+mask: (\S+)\s+roi: GTV-1\s+what: [^\n]*125256 voxels/.exec(
          plan,
        ) as RegExpExecArray;
      writeFileSync(
        path,
        plan.replace('series: "?"', `series: ${series}`).replace('mask: "?"', `mask: ${mask}`),
      );
      expect(await run()).toBe(0);
      const nifti = (patient: string) =>
        patient === 'STS_001'
          ? join(source, 'sts/STS_001/nifti')
          : join(shared ?? '', 'datasets/sts', patient);
      const phantom = join(shared ?? '', 'reference/ibsi/ct-phantom');
      const expected: [patient: string, scan: string, image: string, mask: string][] = [
        ...['STS_001', 'STS_002', 'STS_008', 'STS_012'].flatMap((patient) =>
          (['CT', 'MR_T1', ...(patient === 'STS_001' ? ['PET'] : [])] as const).map(
            (name): [string, string, string, string] => [
              ...([patient, name === 'MR_T1' ? 'T1' : name] as const),
              join(nifti(patient), `${name}_image.nii.gz`),
              join(nifti(patient), `${name}_mask.nii.gz`),
            ],
          ),
        ),
      ];
      const ofPhantom = readdirSync(phantom, { recursive: true }) as string[];
      const [image] = ofPhantom.filter((name) => name === 'image.nii.gz');
      const [region] = ofPhantom.filter((name) => /mask.*nii\.gz$/.test(name));
      expected.push(['1', 'CT', join(phantom, image), join(phantom, region)]);
      for (const [patient, scan, imageFile, maskFile] of expected) {
        const own = join(to, 'scans', patient, scan);
        const scanDifferent = different(
          await readVolume(`${own}.nii.gz`),
          await readVolume(imageFile),
        );
        const maskDifferent = different(
          await readVolume(`${own}-mask.nii.gz`),
          await readVolume(maskFile),
        );
        expect({ patient, scan, scanDifferent, maskDifferent }).toEqual({
          patient,
          scan,
          scanDifferent: 0,
          maskDifferent: 0,
        });
      }
      const manifest = join(to, 'manifest.json');
      expect(
        (readdirSync(join(to, 'scans'), { recursive: true }) as string[]).filter((name) =>
          name.endsWith('-mask.nii.gz'),
        ),
      ).toHaveLength(10);
      expect(await nacre('cohort', 'check', manifest)).toBe(0);
      expect(await nacre('cohort', 'qc', manifest, '--out', join(to, 'qc'), '-w', '1')).toBe(0);
      mkdirSync(join(to, 'tables'));
      expect(
        await nacre('extract', join(to, 'study.yaml'), '--tables', join(to, 'tables'), '-w', '1'),
      ).toBe(0);
      expect(readdirSync(join(to, 'tables'))).toContain('radiomics.parquet');
    });
  },
);

/** Voxels that differ at the same place in millimetres; the grids may run in opposite senses. */
function different(a: Volume, b: Volume): number {
  if (a.data.length !== b.data.length) return a.data.length;
  const at = (index: Vector3) => pointToIndex(b, indexToPoint(a, index)).map(Math.round);
  const [nx, ny] = b.size;
  const flat = ([i, j, k]: number[]) => i + nx * (j + ny * k);
  const start = flat(at([0, 0, 0]));
  const steps = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const
  ).map((axis) => flat(at(axis)) - start);
  let count = 0;
  for (let k = 0, n = 0; k < a.size[2]; k++) {
    for (let j = 0; j < a.size[1]; j++) {
      for (let i = 0; i < a.size[0]; i++, n++) {
        const there = b.data[start + i * steps[0] + j * steps[1] + k * steps[2]];
        if (!(Math.abs(a.data[n] - there) <= 1e-6 * Math.abs(there))) count++;
      }
    }
  }
  return count;
}
