import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { phantomFiles } from '../../src/cohort/phantom/phantom-manifest.ts';
import { writePhantom } from '../../src/cohort/phantom/write-phantom.ts';
import { readManifest } from '../../src/cohort/read-manifest.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { readStudyConfig } from '../../src/study/config.ts';
import { readRun } from '../../src/study/run-folder.ts';
import { captureOutput } from '../cli/captured-output.ts';

const printed = captureOutput();
const template = fileURLToPath(new URL('../../data-manifests/template/', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'nacre-template-'));
const cohort = join(place, 'my-cohort');
const at = (...parts: string[]) => join(cohort, ...parts);
const nacre = (...words: string[]) => runCli(['node', 'nacre', ...words]);
const count = 24;
const scans = ['ceT1', 'T2', 'CT'];

/** A tiny SYNTHETIC cohort laid out as the template's README says, two of its patients at fault. */
beforeAll(async () => {
  const { folder: made } = await writePhantom(
    { patients: count, seed: 3, missingScans: 0 },
    { out: join(place, 'phantom'), workers: 1 },
  );
  const [head, ...rows] = readFileSync(join(made, phantomFiles.clinical), 'utf8')
    .trim()
    .split('\n');
  const names = head.split(',');
  const columns = {
    patient: 'patient_id',
    age: 'age',
    er: 'er',
    pr: 'pr',
    her2: 'her2',
    subtype: 'subtype',
    size_before: 'longest_diameter',
    size_after: 'longest_diameter_after',
    pcr: 'pcr',
  };
  const lines = rows.map((row) =>
    Object.values(columns)
      .map((name) => row.split(',')[names.indexOf(name)])
      .join(','),
  );
  for (const row of rows) {
    const [patient] = row.split(',');
    mkdirSync(at('scans', patient), { recursive: true });
    for (const scan of scans) {
      const to = at('scans', patient, scan);
      copyFileSync(join(made, phantomFiles.image(patient, scan)), `${to}.nii.gz`);
      copyFileSync(join(made, phantomFiles.mask(patient, scan)), `${to}-mask.nii.gz`);
    }
  }
  writeFileSync(at('clinical.csv'), `${[Object.keys(columns).join(','), ...lines].join('\n')}\n`);
  cpSync(join(template, 'manifest.json'), at('manifest.json'));
  // The template's own study, with fewer partitions, permutations and features, to be quick.
  const study = readFileSync(join(template, 'study.yaml'), 'utf8')
    .replace('partitions: 10', 'partitions: 2')
    .replace('permutations: 10', 'permutations: 0')
    .replace(
      'extractors: [radiomics]',
      'extractors: [radiomics]\n  radiomics: { featureClass: { firstorder: [], glcm: [] } }',
    )
    .replace('rounds: [100]', 'rounds: [20]');
  writeFileSync(at('study.yaml'), study);
  const mask = at('scans', 'SYN_002', 'T2-mask.nii.gz');
  const empty = await readVolume(mask);
  writeFileSync(mask, niftiBytes({ ...empty, data: empty.data.map(() => 0) }));
  const cut = at('scans', 'SYN_005', 'CT.nii.gz');
  writeFileSync(cut, readFileSync(cut).subarray(0, 3000));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const run = join(place, 'run');
const cache = join(place, 'cache');

describe('data-manifests/template', () => {
  it('parses as it stands', () => {
    expect(readManifest(join(template, 'manifest.json')).endpoints).toHaveProperty('response');
    expect(readStudyConfig(join(template, 'study.yaml')).cohort).toBe('manifest.json');
  });

  it('runs on a folder laid out as its README says, without the patients at fault, who come first', async () => {
    process.env.NACRE_CACHE = cache;
    expect(await nacre('study', at('study.yaml'), '--out', run, '--no-report', '-w', '1')).toBe(
      exitCodes.someFailed,
    );
    const { results } = readRun(run);
    expect(results.cohort.patients).toBe(count - 2);
    const [first, second] = results.cohort.excluded;
    expect(first.reason).toMatch(/empty/);
    expect([first.patient, second.patient]).toEqual(['SYN_002', 'SYN_005']);
    expect(printed.out).toMatch(/Handcrafted \+ clinical/);
    expect(printed.out).toMatch(/modalities and regions, radiomics, balanced accuracy/);
  });
});

describe('nacre train and predict', () => {
  const model = join(place, 'model.json');
  const files = (patient: string, ...of: string[]) =>
    of.flatMap((scan) => [
      `--${scan}`,
      at('scans', patient, `${scan}.nii.gz`),
      `--${scan}-mask`,
      at('scans', patient, `${scan}-mask.nii.gz`),
    ]);
  const clinical = [
    '--clinical',
    'age=50',
    'er=0',
    'pr=negative',
    'her2=1',
    'subtype=HER2+',
    'size_before=30',
  ];

  it('fits all patients and predicts one from scans and clinical variables', async () => {
    const words = ['--feature-set', 'radiomics-clinical', '--endpoint', 'pcr', '--out', model];
    expect(await nacre('train', at('study.yaml'), ...words)).toBe(exitCodes.ok);
    expect(printed.out).toMatch(/trained on 22 patients/);
    const saved = JSON.parse(readFileSync(model, 'utf8'));
    const { featureSets } = readRun(run).results.endpoints[0];
    const there = featureSets.find(({ id }) => id === 'radiomics-clinical');
    expect(saved.card.performance.metrics).toEqual(JSON.parse(JSON.stringify(there?.summary)));
    printed.out = '';
    expect(await nacre('predict', model, ...files('SYN_001', ...scans), ...clinical)).toBe(
      exitCodes.ok,
    );
    expect(printed.out).toMatch(/probability of pCR: 0\.\d+; threshold 0\.500: (non-)?pCR/);
    expect(printed.out).toMatch(/For research only/);
  });

  it('refuses what lies outside training', async () => {
    const needed = Object.keys(JSON.parse(readFileSync(model, 'utf8')).recipe.scans);
    const refused = async (...words: string[]) => {
      printed.err = '';
      expect(await nacre('predict', model, ...words)).toBe(exitCodes.badInput);
      return printed.err;
    };
    expect(await refused(...files('SYN_001', ...needed.slice(1)), ...clinical)).toContain(
      `the model needs the scan ${needed[0]}`,
    );
    const [flag, image] = files('SYN_001', needed[0]);
    expect(await refused(flag, image, ...clinical)).toContain('has no mask');
    const coarse = await readVolume(image);
    const other = join(place, 'coarse.nii.gz');
    const spacing = coarse.spacing.map((mm) => 2 * mm) as [number, number, number];
    writeFileSync(other, niftiBytes({ ...coarse, spacing }));
    const rest = files('SYN_001', ...scans).map((word) => (word === image ? other : word));
    expect(await refused(...rest, ...clinical)).toContain('has voxels unlike those of training');
    const mask = at('scans', 'SYN_001', `${needed[0]}-mask.nii.gz`);
    const drawn = await readVolume(mask);
    const none = join(place, 'none.nii.gz');
    writeFileSync(none, niftiBytes({ ...drawn, data: drawn.data.map(() => 0) }));
    const hollow = files('SYN_001', ...scans).map((word) => (word === mask ? none : word));
    expect(await refused(...hollow, ...clinical)).toMatch(/empty/);
  });
});
