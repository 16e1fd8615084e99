import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { checkCohort } from '../../src/cohort/check.ts';
import { parseManifest } from '../../src/cohort/read-manifest.ts';
import { memoryByteSource } from '../../src/deep/checkpoint/byte-source.ts';
import { readModelList } from '../../src/deep/models/model-list.ts';
import { convertMedicalNet } from '../../src/deep/onnx/convert.ts';
import { rebuilt } from '../../src/deep/onnx/specialise.ts';
import { readOnnxContents } from '../../src/deep/onnx-file/onnx-contents.ts';
import { parseStateDict } from '../../src/deep/state-dict.ts';
import { parseDicomHeader } from '../../src/imaging/dicom/header.ts';
import { parseRegions } from '../../src/imaging/dicom/read-dicom.ts';
import { readImageSeries } from '../../src/imaging/dicom/read-series.ts';
import { groupSeries } from '../../src/imaging/dicom/series.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { parseVolume } from '../../src/imaging/parse-volume.ts';
import { predictPortable } from '../../src/learning/portable-pipeline.ts';
import { readParquet, writeColumns, writeParquet } from '../../src/machine/parquet.ts';
import { readRawTable } from '../../src/machine/read-table.ts';
import { parseNotebook } from '../../src/notebook/notebook-file.ts';
import { withParameters } from '../../src/notebook/parameters.ts';
import { parseParameterText } from '../../src/radiomics/parameter-file.ts';
import { isNacreError } from '../../src/runtime/errors.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import { readTrainedModel } from '../../src/study/model-file.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import { clinicalCsv, smallManifest, writeSmallCohort } from '../cohort/small-cohort.ts';
import { legacyFixture, torchZipFixture } from '../deep/checkpoint/tiny-checkpoint.ts';
import { randomState } from '../deep/onnx/random-state.ts';
import { madeOnnx } from '../deep/onnx-file/made-onnx.ts';
import { tiny } from '../deep/tiny-network.ts';
import { smallNrrd, smallVolume } from '../imaging/small-nrrd.ts';
import { tinyModel as trained } from '../study/tiny-model.ts';
import { workbookBomb } from '../table/workbook.ts';
import { imageSeeds, regionSeeds } from './dicom-seeds.ts';

/** A reader with whole files that it reads, to be made worse. */
export interface FuzzTarget {
  name: string;
  /** Mutations of the full run. */
  inputs: number;
  isText: boolean;
  seeds: readonly Uint8Array[];
  /** Reads a file; its errors must name `file`. */
  read(bytes: Uint8Array, file: string): unknown;
}

const root = new URL('../../', import.meta.url).pathname;
const goldens = join(root, 'test/deep/checkpoint/goldens');

/** NIfTI-2 of one slice, big-endian, float32. */
function nifti2(): Uint8Array {
  const view = new DataView(new ArrayBuffer(544 + 24));
  view.setInt32(0, 540);
  [0x6e, 0x2b, 0x32, 0, 0x0d, 0x0a, 0x1a, 0x0a].forEach((byte, i) => {
    view.setUint8(4 + i, byte);
  });
  view.setInt16(12, 16);
  view.setInt16(14, 32);
  [3n, 3n, 2n, 1n, 1n, 1n, 1n, 1n].forEach((n, i) => {
    view.setBigInt64(16 + 8 * i, n);
  });
  [1, 1, 1, 1].forEach((n, i) => {
    view.setFloat64(104 + 8 * i, n);
  });
  view.setBigInt64(168, 544n);
  return new Uint8Array(view.buffer);
}

const checkpoints = (ending: string) =>
  readdirSync(goldens)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name): Uint8Array => readFileSync(join(goldens, name)));

function parquetSeeds(): Uint8Array[] {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-fuzz-seed-'));
  const path = join(folder, 'a.parquet');
  const values = (f: (i: number) => number) => Float64Array.from({ length: 40 }, (_, i) => f(i));
  const ids = Array.from({ length: 40 }, (_, i) => `P${i}`);
  writeParquet(
    path,
    featureTable(ids, [
      { name: 'a.x', block: 'a', values: values((i) => Math.sin(i)) },
      { name: 'a.constant', block: 'a', modality: 'T2', region: 'intra', values: values(() => 3) },
    ]),
  );
  const first = readFileSync(path);
  writeColumns(path, [
    { name: 'patient', type: 'STRING', data: ids },
    { name: 'n', type: 'INT32', data: ids.map((_, i) => i % 3) },
    { name: 'word', type: 'STRING', data: ids.map((_, i) => (i % 2 === 0 ? 'yes' : 'no')) },
  ]);
  const second = readFileSync(path);
  rmSync(folder, { recursive: true });
  return [first, second];
}

function workbook(): Uint8Array {
  const open = '<?xml version="1.0" encoding="UTF-8"?>';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const cell = (at: string, text: string) =>
    `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
  return zipSync({
    'xl/workbook.xml': strToU8(
      `${open}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `${open}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    'xl/worksheets/sheet1.xml': strToU8(
      `${open}<worksheet xmlns="${main}"><dimension ref="A1:B2"/><sheetData><row r="1">${cell('A1', 'id')}${cell('B1', 'age')}</row><row r="2">${cell('A2', 'P1')}<c r="B2"><v>41</v></c></row></sheetData></worksheet>`,
    ),
  });
}

/** Readers that open a path: the bytes go into a file of that name. */
function throughFile(read: (path: string) => unknown): FuzzTarget['read'] {
  let folder: string | undefined;
  return (bytes, file) => {
    if (folder === undefined) {
      const made = mkdtempSync(join(tmpdir(), 'nacre-fuzz-'));
      folder = made;
      process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    }
    const path = join(folder, file);
    writeFileSync(path, bytes);
    return read(path);
  };
}

/** A converted network of a few kB. */
const tinyModel = convertMedicalNet(randomState('resnet10', 1, tiny), 'resnet10', {
  ...tiny,
  version: '0',
});

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const cell = (cell_type: string, source: string, more: object = {}) => ({
  cell_type,
  id: cell_type,
  metadata: {},
  source: [source],
  ...more,
});
const notebook = JSON.stringify({
  cells: [
    cell('markdown', '# Title'),
    cell('code', 'const run = "../runs/x"; // the run', {
      metadata: { tags: ['parameters'] },
      execution_count: 1,
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['done\n'] },
        { output_type: 'display_data', data: { 'text/html': '<b>1</b>' }, metadata: {} },
      ],
    }),
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});
const parameters =
  'imageType:\n  Original: {}\n  LoG:\n    sigma: [1.0, 3.0]\nfeatureClass:\n  shape:\n  firstorder: [Mean]\n' +
  'setting:\n  binWidth: 25\n  label: 1\n  resampledPixelSpacing: [1, 1, 1]\n';
const study = readFileSync(join(root, 'studies/synthetic.yaml'));

export const targets: readonly FuzzTarget[] = [
  {
    name: 'NIfTI',
    inputs: 22_000,
    isText: false,
    seeds: [niftiBytes(smallVolume, { gzip: false }), niftiBytes(smallVolume), nifti2()],
    read: parseVolume,
  },
  {
    name: 'NRRD',
    inputs: 18_000,
    isText: true,
    seeds: [smallNrrd('raw'), smallNrrd('gzip')],
    read: (bytes, file) => parseVolume(bytes, file, () => new Uint8Array(48)),
  },
  {
    name: 'DICOM, images',
    inputs: 20_000,
    isText: false,
    seeds: imageSeeds(),
    read: async (bytes, file) => {
      const { images } = groupSeries([parseDicomHeader(bytes, file)]);
      for (const series of images) {
        await readImageSeries(series, { file, readFile: () => bytes });
      }
    },
  },
  {
    name: 'DICOM, contours and segmentations',
    inputs: 8000,
    isText: false,
    seeds: regionSeeds(),
    read: (bytes, file) =>
      parseRegions(bytes, file, {
        file,
        part: {},
        grid: { ...smallVolume, size: [4, 4, 2], spacing: [1, 1, 3], origin: [0, 0, 0] },
      }),
  },
  {
    name: 'pth',
    inputs: 20_000,
    isText: false,
    seeds: [
      ...checkpoints('.pth'),
      legacyFixture(),
      torchZipFixture({ deflate: true }),
      torchZipFixture({ zip64: true }),
    ],
    read: (bytes, file) => parseStateDict(memoryByteSource(file, bytes)),
  },
  {
    name: 'safetensors',
    inputs: 12_000,
    isText: false,
    seeds: checkpoints('.safetensors'),
    read: (bytes, file) => parseStateDict(memoryByteSource(file, bytes)),
  },
  {
    name: 'ONNX, converted',
    inputs: 8000,
    isText: false,
    seeds: [tinyModel],
    read: (bytes, file) => rebuilt(bytes, file),
  },
  {
    name: 'ONNX, of any maker',
    inputs: 8000,
    isText: false,
    seeds: [
      madeOnnx({ shape: ['n', 1, 8, 8, 8] }),
      madeOnnx({ shape: ['n', 3, 'h', 'w'], map: true }),
    ],
    read: throughFile(readOnnxContents),
  },
  {
    name: 'list of models',
    inputs: 4000,
    isText: true,
    seeds: [readFileSync(join(root, 'models/medicalnet.json'))],
    read: throughFile(readModelList),
  },
  {
    name: 'Parquet, features',
    inputs: 9000,
    isText: false,
    seeds: parquetSeeds(),
    read: throughFile(readParquet),
  },
  {
    name: 'Parquet, table',
    inputs: 9000,
    isText: false,
    seeds: parquetSeeds(),
    read: throughFile((path) => readRawTable(path, { format: 'parquet' })),
  },
  {
    name: 'Parquet, zstd and gzip',
    inputs: 4000,
    isText: false,
    seeds: ['polars-default', 'polars-gzip', 'pyarrow-zstd-2', 'pyarrow-gzip-1'].map((name) =>
      readFileSync(join(root, `test/table/fixtures/${name}.parquet`)),
    ),
    read: throughFile((path) => readRawTable(path, { format: 'parquet' })),
  },
  {
    name: 'YAML, study',
    inputs: 5000,
    isText: true,
    seeds: [study],
    read: (bytes, file) => parseStudyConfig(text(bytes), file),
  },
  {
    name: 'YAML, radiomics',
    inputs: 8000,
    isText: true,
    seeds: [Buffer.from(parameters)],
    read: (bytes, file) => parseParameterText(text(bytes), { file }),
  },
  {
    name: 'manifest',
    inputs: 10_000,
    isText: true,
    seeds: [Buffer.from(JSON.stringify(smallManifest()))],
    read: (bytes, file) => parseManifest(text(bytes), file),
  },
  {
    name: 'trained model',
    inputs: 6000,
    isText: true,
    seeds: [Buffer.from(JSON.stringify(trained())), Buffer.from('['.repeat(100_000))],
    read: throughFile((path) => {
      const model = readTrainedModel(path);
      try {
        predictPortable(model.pipeline, new Map([['radiomics.Mean', 3]]));
      } catch (error) {
        // Scales that lead out of float32: the value of the patient is named, not the file.
        if (!isNacreError(error)) throw error;
      }
      return model;
    }),
  },
  {
    name: 'notebook',
    inputs: 10_000,
    isText: true,
    seeds: [Buffer.from(notebook)],
    read: (bytes, file) => {
      const read = parseNotebook(text(bytes), file);
      return withParameters(read, {});
    },
  },
  {
    name: 'CSV',
    inputs: 4000,
    isText: true,
    seeds: [Buffer.from(clinicalCsv)],
    read: throughFile((path) => readRawTable(path, { format: 'csv' })),
  },
  {
    name: 'CSV, gzip',
    inputs: 2000,
    isText: false,
    seeds: [gzipSync(clinicalCsv)],
    read: throughFile((path) => readRawTable(path, { format: 'csv.gz' })),
  },
  {
    // Thousands of equal ids, which must be counted in one walk.
    name: 'cohort check',
    inputs: 100,
    isText: true,
    seeds: [Buffer.from(`case,label,a\n${'x-P1,0,1\n'.repeat(100_000)}`)],
    read: (bytes, file) => {
      const path = writeSmallCohort({
        manifest: (m) => Object.assign(m.features[0], { file, format: 'csv' }),
      });
      const folder = dirname(path);
      writeFileSync(join(folder, file), bytes);
      return checkCohort(path).finally(() => rmSync(folder, { recursive: true }));
    },
  },
  {
    name: 'Excel, unpacking without end',
    inputs: 100,
    isText: false,
    seeds: [
      workbookBomb('xl/worksheets/sheet1.xml', '<row><c><v>1</v></c></row>', 240),
      workbookBomb('xl/sharedStrings.xml', '<si><t>x</t></si>', 240),
    ],
    read: throughFile((path) => readRawTable(path, { format: 'xlsx' })),
  },
  {
    name: 'Excel',
    inputs: 3000,
    isText: false,
    seeds: [workbook()],
    read: throughFile((path) => readRawTable(path, { format: 'xlsx' })),
  },
];
