import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/program.ts';
import { loadCohort } from '../../../src/cohort/load-cohort.ts';
import { readQcFile, writeQcFile } from '../../../src/cohort/qc/qc-file.ts';
import { readMask, readVolume } from '../../../src/machine/read-volume.ts';
import { editedLabels, editedPart, labelsOn } from '../../../src/report/qc/editor-scan.ts';
import { Review } from '../../../src/report/qc/review.ts';
import { writeReport } from '../../../src/report/write-report.ts';
import { captureOutput } from '../../cli/captured-output.ts';
import {
  type MadeSeries,
  madeContours,
  madeFiles,
  writeDicom,
} from '../../cohort/dicom/made-dicom.ts';
import { faultOf } from '../../cohort/small-cohort.ts';
import { spoiled, writeSpoiledPhantom } from './spoiled-phantom.ts';

const regionsOf = () => ({});
const captured = captureOutput();
let folder: string;
let manifest: string;
let review: Review;

beforeAll(async () => {
  ({ folder, manifest } = await writeSpoiledPhantom());
  const decisions = join(folder, 'qc.csv');
  const cohort = await loadCohort(manifest, { review: decisions });
  review = await Review.open(cohort, { decisions, regionsOf });
});

describe('the review of a phantom cohort with six spoiled masks', () => {
  it('flags each of them, and puts them before all others', () => {
    const first = review.scans.slice(0, spoiled.length).map((one) => `${one.patient} ${one.scan}`);
    expect(first.sort()).toEqual(spoiled.map(({ patient, scan }) => `${patient} ${scan}`).sort());
    for (const { patient, scan, kinds } of spoiled) {
      const found = review.scans.find((one) => one.patient === patient && one.scan === scan);
      expect(found?.flags.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...kinds]));
    }
    expect(review.scans[0].flags[0].kind).toBe('empty-mask');
  });

  it('leaves the other masks nearly alone', () => {
    const others = review.scans.slice(spoiled.length).filter(({ flags }) => flags.length > 0);
    expect(others.length).toBeLessThan(5);
    // The owner of the mask that another patient has too is named, with a low score.
    const owner = others.find(({ patient, scan }) => patient === 'SYN_020' && scan === 'T2');
    expect(owner?.flags).toEqual([
      { kind: 'same-mask', text: 'the voxels of the mask are those of SYN_011', score: 8 },
    ]);
  });

  it('writes decisions that the cohort honours, and shows them', async () => {
    const number = (patient: string, scan: string) =>
      review.numberOf({ patient, scan } as Parameters<typeof review.numberOf>[0]);
    const now = new Date('2026-01-02T03:04:05Z');
    const by = 'A. Reader';
    await review.decide(number('SYN_001', 'CT'), { action: 'accept', reason: '', by }, now);
    const exclude = { action: 'exclude', reason: 'drawn on "another", lesion', by } as const;
    await review.decide(number('SYN_011', 'T2'), exclude, now);
    await review.decide(number('SYN_013', 'CT'), { action: 'redo', reason: 'empty', by }, now);
    const nothing = { ...exclude, reason: ' ' };
    expect((await faultOf(review.decide(number('SYN_001', 'T2'), nothing, now))).code).toBe(
      'bad-decision',
    );
    expect(await readQcFile(join(folder, 'qc.csv'))).toHaveLength(3);

    const named = join(folder, 'named.json');
    const json = JSON.parse(readFileSync(manifest, 'utf8'));
    writeFileSync(named, JSON.stringify({ ...json, qc: 'qc.csv' }));
    const cohort = await loadCohort(named);
    expect(cohort.patients).toHaveLength(22);
    expect(cohort.excluded).toEqual([
      { patient: 'SYN_011', reason: 'qc: T2 excluded: drawn on "another", lesion' },
      { patient: 'SYN_013', reason: 'qc: the mask of CT is to be redrawn: empty' },
    ]);
    expect(cohort.notices.join('\n')).toMatch(
      /1 of 71 accepted, 2 patients left out, 0 masks edited/,
    );
    expect(cohort.inputs.map(({ file }) => file)).toContain('qc.csv');
    expect(
      cohort.assumptions?.filter(({ kind }) => kind === 'patient-excluded-by-review'),
    ).toHaveLength(2);
    expect(cohort.images?.T2).toHaveLength(22);

    // A new mask ends the wait, and is said to be unreviewed.
    const mask = (patient: string) => join(folder, `synthetic-scans/${patient}_CT_mask.nii.gz`);
    writeFileSync(mask('SYN_013'), readFileSync(mask('SYN_014')));
    const again = await loadCohort(named);
    expect(again.patients).toContain('SYN_013');
    expect(again.assumptions?.find(({ kind }) => kind === 'mask-not-reviewed')).toMatchObject({
      patient: 'SYN_013',
      scan: 'CT',
    });
  });

  it('saves an edited mask beside the old one, and the cohort reads it instead', async () => {
    const number = review.numberOf({ patient: 'SYN_006', scan: 'CT' } as never);
    const { mask } = review.taskOf(number);
    const before = readFileSync(mask);
    const row = await review.saveEdit(
      number,
      readFileSync(join(folder, 'synthetic-scans/SYN_007_CT_mask.nii.gz')),
      'A. Reader',
      new Date('2026-01-02T03:04:05Z'),
    );
    expect(row).toMatchObject({ action: 'edit', edit: 1, by: 'A. Reader' });
    expect(readFileSync(mask)).toEqual(before);
    const cohort = await loadCohort(join(folder, 'named.json'));
    const at = cohort.patients.indexOf('SYN_006');
    const edited = cohort.images?.CT[at]?.mask as string;
    expect(edited).toMatch(/SYN_006_CT_mask\.edited-1\.nii\.gz$/);
    expect(cohort.assumptions?.find(({ kind }) => kind === 'mask-edited')?.patient).toBe('SYN_006');
    // An edited mask that is no longer the one that was saved is refused.
    writeFileSync(edited, before);
    expect((await faultOf(loadCohort(join(folder, 'named.json')))).code).toBe('edited-mask');
  });
});

it('reviews and edits masks of a cohort that lies in DICOM', async () => {
  const place = mkdtempSync(join(tmpdir(), 'nacre-qc-dicom-'));
  const patients = ['P1', 'P2'];
  for (const [n, patientId] of patients.entries()) {
    const series: MadeSeries = {
      ...{ patientId, studyUid: `1.2.${n}`, studyDate: '20240115', seriesUid: `1.2.${n}.4` },
      ...{ number: 1, description: 'T1 VIBE' },
      value: (_, i, j, k) => 100 + i + 2 * j + 3 * k,
    };
    madeFiles(series).forEach(({ elements }, i) => {
      writeDicom(join(place, patientId, 'image', String(i)), elements);
    });
    const square = { low: 5, high: 9, from: 1, to: 4 };
    writeDicom(join(place, patientId, 'RS.dcm'), madeContours(series, 'GTV', square));
  }
  const manifest = join(place, 'manifest.json');
  const images = { T1: { image: '{patient}/image', mask: '{patient}/RS.dcm', roi: 'GTV' } };
  writeFileSync(
    manifest,
    JSON.stringify({
      ...{
        format: 'nacre-cohort-1',
        id: 'dicom',
        title: 'DICOM',
        citation: 'none',
        licence: 'none',
      },
      ...{ synthetic: true, patients, images, qc: 'qc.csv' },
    }),
  );
  const decisions = join(place, 'qc.csv');
  const dicom = await Review.open(await loadCohort(manifest, { review: decisions }), {
    decisions,
    regionsOf,
  });
  expect(dicom.scans.map(({ shape }) => shape?.voxels)).toEqual([100, 100]);
  const now = new Date('2026-01-02T03:04:05Z');
  await dicom.decide(0, { action: 'redo', reason: 'too small', by: 'A' }, now);
  expect((await loadCohort(manifest)).patients).toEqual(['P2']);
  const scan = await readVolume(dicom.taskOf(0).image);
  const { labels, label } = await labelsOn(scan, dicom.taskOf(0));
  const edited = new Uint8Array(labels.data.length).fill(1, 0, 40);
  await dicom.saveEdit(0, editedLabels(labels, label, edited, editedPart(labels, label)), 'A', now);
  const cohort = await loadCohort(manifest);
  expect(cohort.patients).toEqual(patients);
  expect(cohort.images?.T1[0]?.mask).toBe(join(place, 'P1/RS.edited-1.nii.gz'));
  const mask = await readMask(cohort.images?.T1[0]?.mask as string);
  expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(40);
});

it('a study leaves out whom the review excluded, and its report says why', async () => {
  const out = join(folder, 'run');
  const study = join(folder, 'study.yaml');
  writeFileSync(
    study,
    `id: reviewed\ntitle: reviewed\ncohort: named.json\nendpoints: [pcr]\nsets: { clinical: { clinical: true } }\npipeline:\n  mrmr: { method: fcq, features: 4 }\n  rfe: { features: 2, step: 1 }\n  booster: { rounds: [5], maxDepth: [2], learningRate: [0.3] }\n  innerFolds: 2\npartitions: 2\nseed: 1\n`,
  );
  // The edited mask that the test above spoiled is taken out of the decisions.
  const rows = await readQcFile(join(folder, 'qc.csv'));
  writeQcFile(
    join(folder, 'qc.csv'),
    rows.filter(({ action }) => action !== 'edit'),
  );
  expect(
    await runCli(['node', 'nacre', 'study', study, '--out', out, '-w', '1', '--no-report']),
  ).toBe(0);
  await writeReport(out, { pictures: false });
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  expect(page).toContain('drawn on &quot;another&quot;, lesion');
  expect(page).toMatch(/Patients left out: \d/);
  const { cohort } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
  expect(cohort.excluded[0]).toMatchObject({ patient: 'SYN_011' });
});

describe('nacre cohort qc', () => {
  it('writes a folder that works from disk and says what it found', async () => {
    const out = join(folder, 'page');
    // One scan of each patient: the review of all three is opened above.
    const small = join(folder, 'ct.json');
    const json = JSON.parse(readFileSync(manifest, 'utf8'));
    writeFileSync(small, JSON.stringify({ ...json, images: { CT: json.images.CT } }));
    const count = review.scans.filter(({ scan }) => scan === 'CT').length;
    const words = ['node', 'nacre', 'cohort', 'qc', small, '--out', out, '-w', '1'];
    expect(await runCli([...words, '--decisions', join(folder, 'none.csv')])).toBe(0);
    expect(captured.out).toMatch(new RegExp(`${count} scans, [1-9]\\d* with flags`));
    for (const file of [
      'index.html',
      'qc.json',
      'assets/qc.js',
      'assets/qc.css',
      'assets/niivue.js',
    ]) {
      expect(existsSync(join(out, file))).toBe(true);
    }
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    expect(page).not.toContain(folder);
    expect(readFileSync(join(out, 'qc.json'), 'utf8')).not.toContain(folder);
    expect(page.match(/<article/g)).toHaveLength(count);
  });

  it('refuses a cohort without scans and a port that is none', async () => {
    expect(await runCli(['node', 'nacre', 'cohort', 'qc', 'x.json', '--port', 'abc'])).toBe(2);
    expect(
      (await faultOf(Review.open({ ...review.cohort, images: {} }, { decisions: '', regionsOf })))
        .code,
    ).toBe('no-image');
  });
});
