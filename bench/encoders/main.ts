import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { readParquet } from '../../src/machine/parquet.ts';
import { sha256 } from '../../src/runtime/hash.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import type { StudyResults } from '../../src/study/results.ts';
import { peerPython, peerVersions } from '../peers/peer-environment.ts';
import { meanOverSlices, repeated } from '../peers/slices.ts';
import { TorchWorker } from '../peers/torch-worker.ts';
import { type ComparedNetwork, comparedNetworks } from './networks.ts';

/**
 * Networks of others through `nacre encode` and through a study of six SYNTHETIC patients, beside MedicalNet's and
 * handcrafted features. All weights are RANDOM; torch runs each network on the very crop that `encode` made. Writes
 * bench/encoders.md.
 */
const nacre = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const python = peerPython('monai');
const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-encoders-'));
const at = (name: string) => join(folder, name);
/** The first seed of which three of six patients have pCR, as stratified partitions of six need it. */
const phantom = { patients: 6, seed: 6, signal: 1 };
const shown = 'SYN_001';

interface Row {
  network: ComparedNetwork;
  features: number;
  /** Largest difference between encode and torch, as a share of the features' root mean square. */
  difference: number;
  /** Whether the study has the same values for this patient, bit for bit. */
  sameInStudy: boolean;
  values: Float64Array;
}

const torch = new TorchWorker(python, 'monai_encoders.py');
try {
  run('cohort', 'phantom', '--patients', '6', '--seed', '6', '--out', at('cohort'));
  const rows: Row[] = [];
  for (const network of comparedNetworks) rows.push(await compare(network));
  const results = runStudy(rows);
  for (const row of rows) row.sameInStudy = await sameInStudy(row);
  writeWhole(fileURLToPath(new URL('../encoders.md', import.meta.url)), page(rows, results));
} finally {
  torch.close();
  rmSync(folder, { recursive: true, force: true });
}

function run(...words: string[]): string {
  return execFileSync(process.execPath, ['--import', 'tsx', nacre, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1e8,
  });
}

function fileOf({ name, make }: ComparedNetwork): string {
  return at(`${name}${make.call === 'export' ? '.onnx' : '.pth'}`);
}

async function compare(network: ComparedNetwork): Promise<Row> {
  const { make, size, spacing, words, flat } = network;
  const patient = at(`cohort/synthetic-scans/${shown}`);
  const seen = at(`seen-${size}.npy`);
  const crop = ['--size', String(size), '--spacing', String(spacing)];
  const scan = [`${patient}_ceT1.nii.gz`, `${patient}_ceT1_mask.nii.gz`];
  // The crop is the same for all networks of one size; one that is at hand draws it.
  if (!existsSync(seen)) {
    run('models', 'random', 'resnet10', '--to', at('any.pth'));
    run('encode', ...scan, '--model', at('any.pth'), ...crop, '--save-input', seen);
  }
  const features = at('features.f32');
  const makeFor = async ({ data, shape }: Npy) => {
    const volume = at('volume.f32');
    writeFileSync(volume, flat === undefined ? data : repeated(data, shape[0], flat));
    await torch.call(make.call, {
      ...{ seed: 3, output: fileOf(network), volume, features },
      shape: flat === undefined ? [1, 1, ...shape] : [shape[0], flat, shape[1], shape[2]],
      ...make.options,
      ...(make.call === 'export' ? { pooled: false } : {}),
    });
  };
  await makeFor(npy(seen));
  const ownCrop = at('seen-own.npy');
  const encode = ['encode', ...scan, '--model', fileOf(network), ...words, ...crop];
  const printed = run(...encode, '--save-input', ownCrop);
  // A two-dimensional network has as many slices as the crop needs: torch draws the same weights again for them.
  const input = flat === undefined ? npy(ownCrop) : slicesOfRegion(npy(ownCrop));
  if (flat !== undefined) await makeFor(input);
  const bytes = readFileSync(features);
  const raw = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  const theirs = flat === undefined ? raw : meanOverSlices(raw, input.shape[0]);
  const values = Float64Array.from(printed.trim().split('\n'), (line) =>
    Number(line.split('\t')[1]),
  );
  const row = {
    network,
    features: values.length,
    difference: share(values, theirs),
    sameInStudy: false,
    values,
  };
  process.stdout.write(
    `${network.title}: ${values.length} features, ${row.difference.toExponential(1)}\n`,
  );
  return row;
}

interface Npy {
  data: Float32Array;
  shape: number[];
}

function npy(path: string): Npy {
  const bytes = readFileSync(path);
  const header = bytes.subarray(10, 10 + bytes.readUInt16LE(8)).toString('latin1');
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '';
  const body = bytes.subarray(10 + bytes.readUInt16LE(8));
  return {
    data: new Float32Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.length)),
    shape: shape
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(Number),
  };
}

/** The slices that a two-dimensional network is shown: a masked crop is 0 in those without the region. */
function slicesOfRegion({ data, shape: [slices, ny, nx] }: Npy): Npy {
  const slice = (s: number) => data.subarray(s * ny * nx, (s + 1) * ny * nx);
  const kept = Array.from({ length: slices }, (_, s) => slice(s)).filter((one) =>
    one.some((value) => value !== 0),
  );
  const out = new Float32Array(kept.length * ny * nx);
  kept.forEach((one, s) => {
    out.set(one, s * ny * nx);
  });
  return { data: out, shape: [kept.length, ny, nx] };
}

function share(ours: Float64Array, theirs: Float32Array): number {
  if (ours.length !== theirs.length) return Number.NaN;
  let [largest, square] = [0, 0];
  for (let f = 0; f < ours.length; f++) {
    largest = Math.max(largest, Math.abs(ours[f] - theirs[f]));
    square += theirs[f] * theirs[f];
  }
  return largest / Math.sqrt(square / ours.length);
}

function runStudy(rows: readonly Row[]): StudyResults {
  const builtIn = ['radiomics', 'resnet10', 'resnet18', 'resnet34', 'resnet50'];
  const onnxRows = rows.map(({ network }) => {
    const { name, title, make, study } = network;
    const path = fileOf(network);
    const file = make.call === 'export' ? { onnx: path } : { checkpoint: path };
    return [name, { ...file, sha256: sha256(readFileSync(path)), title, ...study }] as const;
  });
  const names = [...builtIn, ...onnxRows.map(([name]) => name)];
  mkdirSync(at('study'));
  const file = at('study/encoders.yaml');
  writeFileSync(
    file,
    stringify({
      id: 'encoders',
      title: 'Encoders of others on six SYNTHETIC patients, all weights RANDOM',
      cohort: { phantom },
      endpoints: ['pcr'],
      extraction: {
        scans: ['ceT1'],
        regions: ['intra'],
        extractors: {
          ...Object.fromEntries(builtIn.map((name) => [name, {}])),
          ...Object.fromEntries(onnxRows),
        },
        weights: 'random',
        deep: { size: 40, spacing: 1.5 },
      },
      sets: Object.fromEntries(names.map((extractor) => [extractor, { extractor }])),
      comparison: { reference: 'resnet34', sets: names },
      ...{ seed: 1, partitions: 3, testShare: 0.33, audit: { permutations: 0 } },
      pipeline: {
        mrmr: { method: 'fcq', features: 5 },
        rfe: { features: 2, step: 1 },
        booster: { rounds: [20], maxDepth: [2], learningRate: [0.1] },
        innerFolds: 2,
      },
    }),
  );
  const out = at('study/run');
  run('study', file, '--out', out, '--no-report');
  return JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as StudyResults;
}

/** The study computed its features anew, in a worker: they are those that `encode` printed. */
async function sameInStudy({ network, values }: Row): Promise<boolean> {
  const table = await readParquet(at(`study/run/features/${network.name}.parquet`));
  const row = table.patients.indexOf(shown);
  return (
    table.columns.length === values.length &&
    table.columns.every((column, c) => Object.is(column.values[row], values[c]))
  );
}

function page(rows: readonly Row[], results: StudyResults): string {
  const [endpoint] = results.endpoints;
  const scores = new Map(endpoint.featureSets.map((set) => [set.id, set]));
  const score = (id: string) => {
    const { mean, sd } = scores.get(id)!.summary.balancedAccuracy;
    return `${(100 * mean).toFixed(1)} ± ${(100 * sd).toFixed(1)}`;
  };
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = rows.map(({ network, features, difference, sameInStudy: same }) =>
    line([
      network.title,
      String(features),
      difference.toExponential(1),
      same ? 'the same bits' : 'OTHER VALUES',
      score(network.name),
    ]),
  );
  const builtIn = ['radiomics', 'resnet10', 'resnet18', 'resnet34', 'resnet50'].map((id) => {
    const { title, candidates } = scores.get(id)!;
    return line([title, String(candidates), '–', '–', score(id)]);
  });
  const versions = Object.entries(peerVersions(python, ['torch', 'monai', 'onnx']));
  return `# Encoders of others, beside MedicalNet's and handcrafted features

\`npm run bench -- encoders\`, written by bench/encoders/main.ts (peer: ${versions.map(([name, version]) => `${name} ${version}`).join(', ')}).

Six SYNTHETIC patients and RANDOM weights everywhere: what is compared is that each network can be named in a study and gives the
features that torch gives on the same crop. Balanced accuracy of six such patients means nothing, and is shown because one table holds all:
with four patients to learn from, a split of the booster never reaches its least child weight, so that every set predicts one class.

The difference is the largest over all features of patient ${shown}, ceT1, as a share of their root mean square. \`encode\` and the study
extract independently of each other.

| network | features | nacre encode and torch differ by | the study has | balanced accuracy %, ${endpoint.title}, 3 partitions |
|---|---:|---:|---|---:|
${[...builtIn, ...lines].join('\n')}
`;
}
