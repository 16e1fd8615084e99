import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { syntheticTable } from '../../src/cohort/synthetic-table.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { readNotebook } from '../../src/notebook/notebook-file.ts';
import { syntheticScan } from '../../src/notebook/synthetic-scan.ts';
import { readStudyConfig } from '../../src/study/config.ts';
import { prepareCohort } from '../../src/study/prepare-cohort.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { stayedNumbers } from './numbers/stayed-numbers.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-own-'));

/** The synthetic patients as somebody else would have written them down: other ids, columns, block, endpoint and files. */
function writeOwnCohort(): string {
  const { patients, blocks, endpoints } = syntheticTable({ patients: 60, seed: 9 });
  const cell = (value: number) => (Number.isNaN(value) ? '' : String(value));
  const values = (name: string) =>
    blocks.clinical.columns.find((column) => column.name === `clinical.${name}`)?.values ??
    new Float64Array();
  const clinical = patients.map((_, row) =>
    [
      `Fall-${row + 1}`,
      cell(values('age')[row]),
      ['neg', 'pos'][values('er')[row]] ?? '',
      endpoints.pcr.labels[row] === 1 ? 'CR' : 'rest',
    ].join(','),
  );
  writeFileSync(
    join(folder, 'faelle.csv'),
    `Fall,Alter,Östrogen,Ergebnis\n${clinical.join('\n')}\n`,
  );
  const columns = blocks.radiomics.columns.slice(0, 20);
  const features = patients.map((_, row) =>
    [...columns.map((column) => cell(column.values[row])), `${row + 1}`].join(','),
  );
  writeFileSync(
    join(folder, 'merkmale.csv'),
    `${[...columns.map((_, i) => `M${i + 1}`), 'Nummer'].join(',')}\n${features.join('\n')}\n`,
  );
  const { volume, tumour } = syntheticScan('mri');
  writeFileSync(join(folder, 'Fall-3-T2.nii.gz'), niftiBytes(volume));
  writeFileSync(join(folder, 'Fall-3-Herd.nii.gz'), niftiBytes(tumour));
  const column = (name: string, more: object) => ({ name, meaning: name, ...more });
  const manifest = {
    format: 'nacre-cohort-1',
    id: 'faelle',
    title: 'Somebody else’s cases (made by code)',
    citation: 'none',
    licence: 'none',
    synthetic: true,
    tables: [
      {
        id: 'liste',
        file: 'faelle.csv',
        format: 'csv',
        patient: { column: 'Fall' },
        columns: {
          Alter: column('alter', { measured: 'baseline', type: 'number', unit: 'a' }),
          Östrogen: column('oestrogen', {
            measured: 'baseline',
            type: 'binary',
            coding: { neg: 'negative', pos: 'positive' },
            one: 'pos',
          }),
          Ergebnis: column('ergebnis', {
            measured: 'after',
            type: 'category',
            coding: { CR: 'complete', rest: 'residual' },
          }),
        },
      },
    ],
    features: [
      {
        block: 'merkmale',
        file: 'merkmale.csv',
        format: 'csv',
        patient: { column: 'Nummer', match: '(\\d+)', as: 'Fall-$1' },
        modality: 'T2',
        region: 'intra',
      },
    ],
    predictors: ['alter', 'oestrogen'],
    images: { T2: { image: '{patient}-T2.nii.gz', mask: '{patient}-Herd.nii.gz' } },
    endpoints: {
      remission: {
        rule: 'column',
        column: 'ergebnis',
        positive: ['CR'],
        negative: ['rest'],
        title: 'Remission',
        positiveName: 'remission',
        negativeName: 'residual',
      },
    },
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const study = join(folder, 'study.yaml');
  writeFileSync(
    study,
    `id: faelle
title: Cases of another clinic
cohort: ./manifest.json
endpoints: [remission]
featureSets:
  - { id: liste, title: List, blocks: [clinical] }
  - { id: alles, title: Everything, blocks: [merkmale, clinical] }
seed: 4
partitions: 3
audit: { permutations: 2 }
pipeline: { mrmr: { features: 8 }, rfe: { features: 4 }, booster: { rounds: [20], maxDepth: [2] } }
`,
  );
  return study;
}

// Ten notebooks, each in a kernel of its own: a minute on a free machine, many on a busy one.
it('a cohort of other names goes through every notebook by its parameter cell', async () => {
  // As on a machine without Chromium: figures stay interactive, and no test waits for a browser.
  vi.stubEnv('NACRE_CHROMIUM', join(folder, 'no-chromium'));
  const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const complain = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const study = writeOwnCohort();
  const run = join(folder, 'run');
  const config = readStudyConfig(study);
  const { cohort } = await prepareCohort(config, { studyFile: study });
  await runStudy(config, cohort, { out: run, workers: 1 });
  const files = readdirSync('notebooks').filter((file) => file.endsWith('.ipynb'));
  expect(files).toHaveLength(10);
  const out = join(folder, 'done');
  mkdirSync(out);
  // An eighth of the voxels, and one network of each kind of block (basic, bottleneck) at its full width: no step is left out.
  const set = [
    `studyFile=${study}`,
    `run=${run}`,
    'patient=Fall-3',
    'modality=ct',
    'size=32',
    'networks=["resnet10", "resnet50"]',
  ];
  const sites = ['here=ACRIN 6698', 'there=I-SPY 2'];
  const code = await runCli([
    'node',
    'nacre',
    'notebook',
    'run',
    ...files.map((file) => `notebooks/${file}`),
    ...[...set, ...sites].flatMap((value) => ['--parameter', value]),
    '--out-dir',
    out,
  ]);
  const complaints = complain.mock.calls.map(([text]) => String(text)).join('');
  print.mockRestore();
  complain.mockRestore();
  vi.unstubAllEnvs();
  expect({ code, complaints: complaints.replace(/^notebooks: .*\n/gm, '') }).toEqual({
    code: 0,
    complaints: '',
  });
  const stayed: string[] = [];
  for (const file of files) {
    const text = JSON.stringify(readNotebook(join(out, file)).cells);
    // 09 is about the two parts of I-SPY 2, whatever the run.
    if (!file.startsWith('09')) expect(text).toMatch(/Somebody else|Fall-3, T2/);
    expect(text).not.toMatch(/"output_type":"error"/);
    // The cohort has an MRI and no CT: none made by code stands in its place.
    expect(text).not.toMatch(/made by code \(the cohort has none\)/);
    stayed.push(
      ...stayedNumbers(readNotebook(join('notebooks', file)), readNotebook(join(out, file))).map(
        (one) => `${file}: ${one}`,
      ),
    );
  }
  // Every other number of a sentence is another one here than in the saved notebooks of the default study.
  expect(stayed).toEqual([]);
}, 1_800_000);
