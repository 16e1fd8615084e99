import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { phantomFiles } from '../../src/cohort/phantom/phantom-manifest.ts';
import { writePhantom } from '../../src/cohort/phantom/write-phantom.ts';
import type { ModelList } from '../../src/deep/models/model-list.ts';
import type { Volume } from '../../src/imaging/volume.ts';
import { writeNifti } from '../../src/machine/write-nifti.ts';
import { sha256 } from '../../src/runtime/hash.ts';
import { madeScan } from '../deep/made-scans.ts';
import { writeMadeOnnx } from '../deep/onnx-file/made-onnx.ts';
import { writeTinyNetwork } from '../deep/tiny-network.ts';

/** A folder in which the examples of help texts and documents find every file that they name, all made by code. */
export interface World {
  folder: string;
  /** Stands in for MedicalNet's list: networks of a few channels, on a server of this machine. */
  list: ModelList;
  close(): void;
}

const root = new URL('../../', import.meta.url).pathname;
const patients = 16;

export async function makeWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-examples-'));
  const at = (name: string) => join(folder, name);
  for (const name of [
    'models',
    'studies',
    'notebooks',
    'runs',
    'data',
    'my',
    'media/usb',
    'venv',
  ]) {
    mkdirSync(at(name), { recursive: true });
  }
  writeScans(folder);
  const { list, server } = await publishModels(folder);
  await writePhantom({ patients, missingScans: 0 }, { out: folder, workers: 1 });
  const elsewhere = at('other-centre');
  await writePhantom({ patients, seed: 2, missingScans: 0 }, { out: elsewhere, workers: 1 });
  renameSync(join(elsewhere, phantomFiles.manifest), join(elsewhere, 'manifest.json'));
  writeOwnCohort(folder);
  writeStudies(folder);
  writeNotebooks(folder);
  return {
    folder,
    list,
    close: () => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeScans(folder: string): void {
  const save = (name: string, volume: Volume) => writeNifti(join(folder, name), volume);
  const { volume, mask } = madeScan();
  for (const name of ['scan', 't1', 'image']) save(`${name}.nii.gz`, volume);
  const masks = ['tumour', 'mask'];
  for (const name of masks) save(`${name}.nii.gz`, mask);
  const shares = Float32Array.from(mask.data, (inside, i) => (inside === 1 ? 0.9 : 0.1 * (i % 3)));
  save('probabilities.nii.gz', { ...mask, data: shares });
  const [nx, ny, nz] = mask.size;
  const header =
    `NRRD0004\ntype: unsigned char\ndimension: 3\nspace: left-posterior-superior\nsizes: ${nx} ${ny} ${nz}\n` +
    `space directions: (${mask.spacing[0]},0,0) (0,${mask.spacing[1]},0) (0,0,${mask.spacing[2]})\n` +
    `space origin: (${mask.origin})\nencoding: raw\n\n`;
  writeFileSync(join(folder, 'labels.nrrd'), Buffer.concat([Buffer.from(header), mask.data]));
  writeFileSync(join(folder, 'answers.yaml'), '"4": 9 centres\n"7": no\n');
  const cases = 'ID,Image,Mask\nP1,scan.nii.gz,tumour.nii.gz\nP2,t1.nii.gz,mask.nii.gz\n';
  writeFileSync(join(folder, 'cases.csv'), cases);
  writeFileSync(join(folder, 'batch.csv'), cases);
  writeFileSync(
    join(folder, 'Params.yaml'),
    'imageType: { Original: {} }\nfeatureClass: { firstorder: [Mean], shape: [MeshVolume] }\nsetting: { binWidth: 25 }\n',
  );
  cpSync(
    join(root, 'test/fixtures/parameter-files/exampleVoxel.yaml'),
    join(folder, 'exampleVoxel.yaml'),
  );
}

/** Networks under the published names, and a list with their checksums: small enough to be run in a test. */
async function publishModels(folder: string): Promise<{ list: ModelList; server: Server }> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '').split('/').at(-1) ?? '';
    response.end(readFileSync(join(folder, 'media/usb/medicalnet', name)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const real = JSON.parse(readFileSync(join(root, 'models/medicalnet.json'), 'utf8')) as ModelList;
  mkdirSync(join(folder, 'media/usb/medicalnet'));
  const models = real.models.map((model, i) => {
    const path = join(folder, 'media/usb/medicalnet', model.file);
    const traits = { planes: [4, 8, 12, 128] } as const;
    writeTinyNetwork(path, 10 + i, { network: model.architecture, traits });
    cpSync(path, join(folder, 'models', model.file));
    const bytes = readFileSync(path);
    const url = `http://127.0.0.1:${port}/${model.file}`;
    return { ...model, url, bytes: bytes.length, sha256: sha256(bytes) };
  });
  writeMadeOnnx(join(folder, 'encoder.onnx'), { shape: ['batch', 1, 32, 32, 32] });
  writeTinyNetwork(join(folder, 'fine-tuned.pth'), 3);
  writeTinyNetwork(join(folder, 'studies', 'tiny34.pth'), 4, { network: 'resnet34' });
  return { list: { ...real, models }, server };
}

/** The template's own cohort, its scans and table made from the phantom's; and the phantom under a user's name. */
function writeOwnCohort(folder: string): void {
  cpSync(join(root, 'data-manifests/template'), join(folder, 'my-cohort'), { recursive: true });
  const ids = Array.from({ length: patients }, (_, i) => `SYN_${String(i + 1).padStart(3, '0')}`);
  const rows = ids.map((id, i) => {
    mkdirSync(join(folder, 'my-cohort/scans', id), { recursive: true });
    for (const scan of ['ceT1', 'T2', 'CT']) {
      const target = join(folder, 'my-cohort/scans', id, scan);
      cpSync(join(folder, phantomFiles.image(id, scan)), `${target}.nii.gz`);
      cpSync(join(folder, phantomFiles.mask(id, scan)), `${target}-mask.nii.gz`);
    }
    return `${id},${40 + i},${i % 2},${(i >> 1) % 2},${(i >> 2) % 2},HER2+,${30 + (i % 7)},${i % 3 === 0 ? 29 : 9},${(i >> 1) % 2}`;
  });
  writeFileSync(
    join(folder, 'my-cohort/clinical.csv'),
    `patient,age,er,pr,her2,subtype,size_before,size_after,pcr\n${rows.join('\n')}\n`,
  );
  const study = join(folder, 'my-cohort/study.yaml');
  writeFileSync(
    study,
    readFileSync(study, 'utf8').replace(
      'extractors: [radiomics]',
      'extractors: [radiomics]\n  radiomics: { featureClass: { firstorder: [Mean], shape: [MeshVolume] } }',
    ),
  );
  cpSync(join(folder, phantomFiles.manifest), join(folder, 'my-cohort.json'));
  // A new patient of the same protocol.
  for (const [scan, name] of Object.entries({ ceT1: 'ce', T2: 't2', CT: 'ct' })) {
    cpSync(join(folder, phantomFiles.image(ids[0], scan)), join(folder, `${name}.nii.gz`));
    cpSync(join(folder, phantomFiles.mask(ids[0], scan)), join(folder, `${name}-mask.nii.gz`));
  }
  symlinkSync(folder, join(folder, 'data/mine'));
}

const pipeline = `pipeline:
  impute: median
  mrmr: { method: fcq, features: 5 }
  rfe: { features: 3, step: 1 }
  booster: { rounds: [10], maxDepth: [2], learningRate: [0.1] }
`;

function writeStudies(folder: string): void {
  const own = sha256(readFileSync(join(folder, 'studies/tiny34.pth')));
  const scans = (id: string, cohort: string, checkpoint: string) => `id: ${id}
title: Small study of synthetic scans
cohort: ${cohort}
endpoints: [pcr]
extraction:
  scans: [ceT1, T2, CT]
  extractors: { radiomics: {}, resnet34: { checkpoint: ${checkpoint}, sha256: ${own} } }
  radiomics: { featureClass: { firstorder: [Mean], shape: [MeshVolume] } }
  deep: { size: 16, spacing: 4 }
sets:
  clinical: { clinical: true }
  radiomics-clinical: { extractor: radiomics, clinical: true }
  resnet34-clinical: { extractor: resnet34, clinical: true }
seed: 1
partitions: 3
${pipeline}`;
  const tables = `id: ispy1
title: Small study of synthetic tables
cohort: synthetic-table
endpoints: [pcr]
sets:
  clinical: { clinical: true }
  radiomics: { extractor: radiomics }
seed: 1
partitions: 4
${pipeline.replace('features: 5', 'features: 40').replace('features: 3', 'features: 20')}`;
  const phantom = `{ phantom: { patients: ${patients}, seed: 1, signal: 1, missingScans: 0, missingValues: 0.3 } }`;
  const files: Record<string, string> = {
    'phantom.yaml': scans('phantom', phantom, 'studies/tiny34.pth'),
    'studies/phantom.yaml': scans('phantom', phantom, 'tiny34.pth'),
    'my-study.yaml': scans('mine', './my-cohort.json', 'studies/tiny34.pth'),
    'my/study.yaml': scans('mine', '../my-cohort.json', '../studies/tiny34.pth'),
    'ispy1.yaml': tables,
    'studies/ispy1.yaml': tables,
    'ispy2.yaml': tables.replace('id: ispy1', 'id: ispy2'),
    'synthetic.yaml': tables.replace('id: ispy1', 'id: synthetic'),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Some real notebooks with their parameter cell alone: what a command line says of parameters meets the real ones. */
function writeNotebooks(folder: string): void {
  for (const name of readdirSync(join(root, 'notebooks')).filter((one) =>
    /^0[068].*\.ipynb$/.test(one),
  )) {
    const notebook = JSON.parse(readFileSync(join(root, 'notebooks', name), 'utf8'));
    const cells = notebook.cells.filter(
      (cell: { cell_type: string; metadata: { tags?: string[] } }) =>
        cell.metadata.tags?.includes('parameters'),
    );
    const outputs = cells.map((cell: object) => ({ ...cell, outputs: [] }));
    writeFileSync(
      join(folder, 'notebooks', name),
      JSON.stringify({ ...notebook, cells: outputs }, null, 1),
    );
  }
}
