import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { checkCohort } from '../../src/cohort/check.ts';
import { identityWarnings } from '../../src/cohort/identity-warnings.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { pseudonymOf } from '../../src/cohort/pseudonyms.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import type { Volume } from '../../src/imaging/volume.ts';
import { readRows } from '../../src/machine/parquet.ts';
import { writeSite } from '../../src/notebook/site/write-site.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import { prepareCohort } from '../../src/study/prepare-cohort.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { captureOutput } from '../cli/captured-output.ts';
import { faultOf } from '../cohort/small-cohort.ts';
import { grid as gridOf } from '../radiomics/small-volumes.ts';

/** A name, a birth date and free text as they stand in the headers of exported scans. */
const secrets = ['DOE^JANE', '19610203', 'metastatic'];
const planted = secrets.join(' ');
const key = 'a key of the hospital, thirty-two bytes';
const captured = captureOutput();

const grid = gridOf([12, 10, 8], [1, 1, 2]);
const noise = RandomStream.of(3, 'privacy');

/** The text in every field of a NIfTI-1 header that takes text, and in an extension (code 6, comment). */
function named(volume: Volume): Buffer {
  const plain = Buffer.from(niftiBytes(volume, { gzip: false }));
  const extension = Buffer.alloc(96);
  extension.writeInt32LE(96, 0);
  extension.writeInt32LE(6, 4);
  extension.write(planted, 8, 'latin1');
  const header = Buffer.from(plain.subarray(0, 352));
  // data_type, db_name, descrip, aux_file, intent_name
  for (const [at, length] of [
    [4, 10],
    [14, 18],
    [148, 80],
    [228, 24],
    [328, 16],
  ] as const) {
    header.fill(0, at, at + length);
    header.write(planted.slice(0, length), at, 'latin1');
  }
  header.writeFloatLE(352 + 96, 108);
  header.writeUInt8(1, 348);
  return gzipSync(Buffer.concat([header, extension, plain.subarray(352)]));
}

/** The same in comments, key/value pairs and descriptive fields of NRRD. */
function namedNrrd({ data }: Volume): Buffer {
  const text =
    `NRRD0004\n# ${planted}\ncontent: ${planted}\ntype: short\ndimension: 3\nspace: left-posterior-superior\n` +
    `sizes: 12 10 8\nspace directions: (1,0,0) (0,1,0) (0,0,2)\nspace origin: (0,0,0)\nendian: little\nencoding: raw\n` +
    `labels: "${planted}" "" ""\nold min: 0\nsample units: ${planted}\nPatientName:=${planted}\nDICOM_0010_0030:=${planted}\n\n`;
  return Buffer.concat([Buffer.from(text), Buffer.from(data.buffer)]);
}

/** Sixteen patients, one as NRRD, one with a file cut short. Ids hold a record number. */
function writeCohort(bend: (manifest: Record<string, unknown>) => void = () => {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-privacy-'));
  mkdirSync(join(folder, 'T2'));
  const labels = Uint8Array.from({ length: 960 }, (_, i) => {
    const [x, y, z] = [i % 12, Math.floor(i / 12) % 10, Math.floor(i / 120)];
    return x > 2 && x < 9 && y > 2 && y < 8 && z > 1 && z < 6 ? 1 : 0;
  });
  const rows = ['id,age,pcr,born'];
  for (let i = 0; i < 16; i++) {
    const id = `MRN77${String(900 - 7 * i).padStart(3, '0')}`;
    rows.push(`${id},${40 + noise.integer(0, 30)},${i % 2},1961-02-${10 + i}`);
    const scan = {
      ...grid,
      data: Int16Array.from(labels, (l) => noise.integer(0, 400) + 90 * l * (i % 2)),
    };
    const bytes = i === 1 ? namedNrrd(scan) : named(scan);
    writeFileSync(join(folder, `T2/${id}.nii.gz`), i === 2 ? bytes.subarray(0, 600) : bytes);
    writeFileSync(join(folder, `T2/${id}-mask.nii.gz`), named({ ...grid, data: labels }));
  }
  writeFileSync(join(folder, 'clinical.csv'), `${rows.join('\n')}\n`);
  const baseline = { meaning: 'm', measured: 'baseline' };
  const manifest = {
    ...{ format: 'nacre-cohort-1', id: 'private', title: 'Made for a test', citation: 'none' },
    ...{ licence: 'none', synthetic: true },
    tables: [
      {
        ...{ id: 'clinical', file: 'clinical.csv', format: 'csv', patient: { column: 'id' } },
        columns: {
          age: { ...baseline, name: 'age', type: 'number', unit: 'a' },
          pcr: {
            ...{ meaning: 'm', measured: 'after', name: 'pcr', type: 'binary' },
            coding: { 0: 'no', 1: 'yes' },
          },
        },
      },
    ],
    images: { T2: { image: 'T2/{patient}.nii.gz', mask: 'T2/{patient}-mask.nii.gz' } },
    predictors: ['age'],
    endpoints: {
      pcr: {
        ...{ rule: 'column', title: 'pCR', positiveName: 'pCR', negativeName: 'non-pCR' },
        ...{ column: 'pcr', positive: ['1'], negative: ['0'] },
      },
    },
  };
  bend(manifest);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

const studyText = (folder: string) => `
id: private
title: private
cohort: ${folder}/manifest.json
endpoints: [pcr]
extraction:
  scans: [T2]
  extractors: [radiomics]
  ringWithin: scan
  radiomics: { featureClass: { firstorder: [Mean, Energy] } }
sets: { all: { extractor: radiomics, clinical: true } }
pipeline:
  mrmr: { method: fcq, features: 4 }
  rfe: { features: 2, step: 1 }
  booster: { rounds: [5], maxDepth: [2], learningRate: [0.3] }
  innerFolds: 2
partitions: 2
seed: 1
`;

const study = (folder: string) => parseStudyConfig(studyText(folder), 'study.yaml');

/** Everything that a study writes, from cache to site. */
async function outputsOf(folder: string, pseudonymKey?: string) {
  const out = join(folder, 'out');
  const config = study(folder);
  const { cohort, extracted } = await prepareCohort(config, {
    ...{ cache: join(out, 'cache'), workers: 1, pseudonymKey },
  });
  await runStudy(config, cohort, { out: join(out, 'run'), workers: 1, extracted });
  await writeReport(join(out, 'run'), { pictures: false });
  const scans = { cohort, regions: { ringWithin: 'scan' as const } };
  const { messages } = await writeSite(join(out, 'site'), join(out, 'run'), { scans });
  writeFileSync(join(out, 'messages.txt'), messages.join('\n'));
  return { out, cohort };
}

/** The text of every file below a folder, packed ones unpacked, scans in base64 unpacked too. */
async function textsBelow(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    let text = bytes.toString('latin1');
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) text += gunzipSync(bytes).toString('latin1');
    if (name.endsWith('.parquet')) text += JSON.stringify(await readRows(path));
    for (const [base64] of text.matchAll(/H4sI[A-Za-z0-9+/=]{100,}/g)) {
      text += gunzipSync(Buffer.from(base64, 'base64')).toString('latin1');
    }
    texts.set(name, `${name}\n${text}`);
  }
  return texts;
}

function holding(texts: Map<string, string>, words: readonly string[]): string[] {
  return [...texts].flatMap(([name, text]) =>
    words.filter((word) => text.includes(word)).map((word) => `${name}: ${word}`),
  );
}

describe('what stands in the headers of scans', () => {
  it('reaches no cache, table, result, report or site', async () => {
    const { out, cohort } = await outputsOf(writeCohort());
    const texts = await textsBelow(out);
    expect(texts.size).toBeGreaterThan(20);
    expect(holding(texts, secrets)).toEqual([]);
    // The test can see what it looks for: ids are in the outputs, and of fifteen patients the scan was read.
    expect(holding(texts, ['MRN77900']).length).toBeGreaterThan(5);
    expect(cohort.patients).toHaveLength(15);
    expect(cohort.excluded[0].reason).toMatch(/bad-gzip/);
  });

  it('reaches no table and no error file of a batch', async () => {
    const folder = writeCohort();
    const names = readdirSync(join(folder, 'T2')).filter((name) => !name.includes('mask'));
    const rows = names.map((name) => `T2/${name},T2/${name.replace('.nii', '-mask.nii')}`);
    writeFileSync(join(folder, 'batch.csv'), `Image,Mask\n${rows.join('\n')}\n`);
    mkdirSync(join(folder, 'out'));
    await runCli([
      'node',
      'nacre',
      'radiomics',
      join(folder, 'batch.csv'),
      '--out',
      join(folder, 'out/t.csv'),
    ]);
    const texts = await textsBelow(join(folder, 'out'));
    texts.set('terminal', captured.out + captured.err);
    expect([...texts.keys()]).toContain('t.csv.errors.csv');
    expect(holding(texts, secrets)).toEqual([]);
  });
});

describe('pseudonyms', () => {
  it('stand for the ids in everything that is written; key and paths do not appear', async () => {
    const folder = writeCohort();
    const file = join(folder, 'key.txt');
    writeFileSync(file, `${key}\n`);
    const { out, cohort } = await outputsOf(folder, file);
    const expected = pseudonymOf('MRN77900', Buffer.from(key));
    expect(expected).toMatch(/^P-[0-9a-f]{16}$/);
    expect(cohort.patients).toContain(expected);
    expect([...cohort.patients]).toEqual([...cohort.patients].sort());
    const texts = await textsBelow(out);
    expect(holding(texts, ['MRN77', key, ...secrets])).toEqual([]);
    expect(holding(texts, [expected]).length).toBeGreaterThan(4);
    expect(cohort.excluded[0].reason).toBe(
      `bad-gzip: patient ${cohort.excluded[0].patient}, T2: refused; its paths are not shown under pseudonyms`,
    );
  });

  it('stand for the ids in what jobs list, tell and write; the rows are those of a whole run', async () => {
    const folder = writeCohort();
    const [file, out] = [join(folder, 'key.txt'), join(folder, 'out')];
    mkdirSync(out);
    writeFileSync(file, key);
    writeFileSync(join(folder, 'study.yaml'), studyText(folder));
    const cache = join(out, 'cache');
    vi.stubEnv('NACRE_CACHE', cache);
    const words = [join(folder, 'study.yaml'), '-w', '1', '--pseudonym-key', file];
    const extract = (...more: string[]) => runCli(['node', 'nacre', 'extract', ...words, ...more]);
    expect(await extract('--list', '--receipt', join(out, 'cohort.json'))).toBe(0);
    const patients = captured.out.trim().split('\n');
    expect(patients).toHaveLength(16);
    for (const patient of patients) {
      const receipt = join(out, `${patient}.json`);
      expect(await extract(`--patient=${patient}`, '--receipt', receipt)).toBe(0);
    }
    const whole = ['--tables', join(out, 'tables'), '--receipt', join(out, 'all.json')];
    // One patient's file is damaged: the patient is left out and listed, which is no lost feature (exit code 4).
    expect(await extract(...whole)).toBe(4);
    process.exitCode = undefined;
    writeFileSync(join(out, 'terminal.txt'), captured.out + captured.err);
    const texts = await textsBelow(out);
    expect(texts.size).toBeGreaterThan(20);
    expect(holding(texts, ['MRN77', folder, key, ...secrets])).toEqual([]);
    expect(captured.err).toContain('refused; its paths are not shown under pseudonyms');
    // What a study under the same key does finds every row but those of the patient at fault.
    const { extracted } = await prepareCohort(study(folder), {
      ...{ cache, workers: 1, pseudonymKey: file },
    });
    const told = JSON.parse(readFileSync(join(out, 'all.json'), 'utf8'));
    expect(extracted?.patients).toEqual(told.patients);
    expect(extracted?.unitsReused).toBe(30);
    // The id itself is nobody's name here.
    expect(await extract('--patient=MRN77900')).toBe(3);
    vi.unstubAllEnvs();
  });

  it('name in a check of the tables who is left out, and who is in them twice', async () => {
    const left = writeCohort((manifest) => (manifest.patients = ['MRN77795', 'MRN77802']));
    const twice = writeCohort();
    appendFileSync(join(twice, 'clinical.csv'), 'MRN77900,50,1,1961-02-10\n');
    for (const [folder, code] of [[left, 0] as const, [twice, 3] as const]) {
      const file = join(folder, 'key.txt');
      writeFileSync(file, key);
      const words = ['node', 'nacre', 'cohort', 'check', join(folder, 'manifest.json'), '--json'];
      captured.out = '';
      expect(await runCli([...words, '--pseudonym-key', file])).toBe(code);
      expect(captured.out).toContain(pseudonymOf('MRN77900', Buffer.from(key)));
      expect(captured.out + captured.err).not.toContain('MRN77');
      process.exitCode = undefined;
    }
  });

  it('show no path where all scans of a cohort are at fault', async () => {
    const folder = writeCohort();
    const file = join(folder, 'key.txt');
    writeFileSync(file, key);
    for (const name of readdirSync(join(folder, 'T2'))) writeFileSync(join(folder, 'T2', name), '');
    const options = { cache: join(folder, 'cache'), workers: 1, pseudonymKey: file };
    const fault = await faultOf(prepareCohort(study(folder), options));
    expect(fault.code).toBe('no-patients');
    expect(fault.message).toMatch(/P-[0-9a-f]{16}/);
    expect(fault.message).not.toMatch(/MRN77|nacre-privacy-/);
  });

  it('are not undone by a site made without the key', async () => {
    const folder = writeCohort();
    const file = join(folder, 'key.txt');
    writeFileSync(file, key);
    const { out } = await outputsOf(folder, file);
    const site = join(folder, 'site');
    const command = ['node', 'nacre', 'site', join(out, 'run'), '--out', site];
    expect(await runCli(command)).toBe(0);
    expect(captured.err).toMatch(/no viewer: the run is under pseudonyms/);
    expect(holding(await textsBelow(site), ['MRN77'])).toEqual([]);
    expect(await runCli([...command, '--pseudonym-key', file])).toBe(0);
    const texts = await textsBelow(site);
    expect(holding(texts, ['MRN77', key])).toEqual([]);
    expect([...texts.keys()].join(' ')).toMatch(/viewer/);
  });

  it('keep every value with its patient', async () => {
    const folder = writeCohort();
    const file = join(folder, 'key.txt');
    writeFileSync(file, key);
    const plain = await loadCohort(join(folder, 'manifest.json'));
    const hidden = await loadCohort(join(folder, 'manifest.json'), { pseudonymKey: file });
    plain.patients.forEach((id, row) => {
      const at = hidden.patients.indexOf(pseudonymOf(id, Buffer.from(key)));
      expect(hidden.blocks.clinical.columns[0].values[at]).toBe(
        plain.blocks.clinical.columns[0].values[row],
      );
      expect(hidden.endpoints.pcr.labels[at]).toBe(plain.endpoints.pcr.labels[row]);
      expect(hidden.images?.T2[at]).toEqual(plain.images?.T2[row]);
    });
    expect(hidden.blocks.clinical.patients).toEqual(hidden.patients);
  });

  it('a manifest that asks for them is not loaded without a key, or with a short one', async () => {
    const folder = writeCohort((manifest) => (manifest.pseudonymise = true));
    const manifest = join(folder, 'manifest.json');
    const before = process.env.NACRE_PSEUDONYM_KEY;
    try {
      delete process.env.NACRE_PSEUDONYM_KEY;
      expect((await faultOf(loadCohort(manifest))).code).toBe('pseudonym-key');
      process.env.NACRE_PSEUDONYM_KEY = 'short';
      expect((await faultOf(loadCohort(manifest))).code).toBe('pseudonym-key');
      process.env.NACRE_PSEUDONYM_KEY = key;
      expect((await loadCohort(manifest)).patients[0]).toMatch(/^P-/);
    } finally {
      if (before === undefined) delete process.env.NACRE_PSEUDONYM_KEY;
      else process.env.NACRE_PSEUDONYM_KEY = before;
    }
    expect((await faultOf(loadCohort(manifest, { pseudonymKey: '/no/such' }))).code).toBe(
      'pseudonym-key',
    );
  });
});

it('cohort check warns of columns that look like an identifier or a date of birth', async () => {
  const folder = writeCohort();
  const { warnings } = await checkCohort(join(folder, 'manifest.json'));
  expect(warnings.join('\n')).toMatch(/column born looks like a date/);
  const rows = ['DOE^JANE', 'ROE^MARY ANN', 'POE^ANNE'].map((id, i) => [
    ...[id, `0${i + 1}.02.1961`, '19610203', `Jane Doe${'abc'[i]}`, 'Luminal A', `${i}@b.org`],
    40 + i,
  ]);
  const header = ['id', 'geb', 'dcm', 'who', 'subtype', 'contact', 'age'];
  const found = identityWarnings(
    { file: 'a.csv', header, rows },
    { patient: 'id', ignored: new Set(['who']) },
  );
  expect(found).toEqual([
    'a.csv: the patient ids in id look like names: use pseudonyms (--pseudonym-key)',
    'a.csv: column geb looks like a date (used: take it out)',
    'a.csv: column dcm looks like a date (used: take it out)',
    'a.csv: column who looks like names or addresses of people (not used)',
    'a.csv: column contact looks like names or addresses of people (used: take it out)',
  ]);
  const titles = identityWarnings(
    { file: 'a.csv', header: ['id', 'PatientName', 'BirthDate'], rows: [['1', 'a', '7']] },
    { patient: 'id', ignored: new Set() },
  );
  expect(titles).toHaveLength(2);
});
