import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tensor } from 'onnxruntime-node';
import { architecture, type NetworkName, publishedNetworks } from '../../src/deep/architecture.ts';
import { deepInput } from '../../src/deep/deep-input.ts';
import { writeRandomNetwork } from '../../src/deep/models/random-network.ts';
import { convertMedicalNet } from '../../src/deep/onnx/convert.ts';
import { modelInTwoFiles, type OnnxModel } from '../../src/deep/onnx/model-bytes.ts';
import { modelFor, readPlain, specialise } from '../../src/deep/onnx/specialise.ts';
import { createSession } from '../../src/deep/session.ts';
import { readStateDict } from '../../src/deep/state-dict.ts';
import { identityDirection } from '../../src/imaging/volume.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { writeScratch } from '../../src/runtime/write-whole.ts';
import { earlierNacre } from '../earlier.ts';
import { peerPython, peerVersions } from '../peers/peer-environment.ts';
import { TorchWorker } from '../peers/torch-worker.ts';
import { inOwnProcess, productPeak } from './machine.ts';
import { operations } from './operations.ts';
import { type DeepBench, type Timing, writeDeepReport } from './report.ts';

/**
 * `npm run bench -- deep`: the four networks in onnxruntime, plain and rewritten for the crop's size, beside torch on
 * the same machine, threads and inputs, and beside the graph that an earlier nacre rewrites. They take turns, pass by pass, and the
 * best pass of each counts. `-- deep --only=resnet34_64` measures one network and size and writes no file.
 */
const earlier = earlierNacre();
const root = fileURLToPath(new URL('../../', import.meta.url));
const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
const passes: Record<number, number> = { 64: 10, 96: 8 };
const python = peerPython('torch');
const versions = peerVersions(python, ['torch']);
const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-deep-'));
const torch = new TorchWorker(python);
try {
  const bench: DeepBench = {
    versions,
    timings: [],
    peaks: [],
    memory: [],
    conversion: undefined,
    growth: [],
    cropMilliseconds: timeCrop(),
  };
  for (const threads of [1, 2]) {
    bench.peaks.push({ threads, gflops: await productPeak(threads, torch) });
  }
  for (const network of publishedNetworks) {
    if (only !== undefined && !only.startsWith(`${network}_`)) continue;
    const legacy = join(folder, `${network}.pth`);
    await torch.call('make', { network, seed: 1, legacy, zipped: join(folder, 'zip.pth') });
    const plain = convertMedicalNet(await readStateDict(legacy), network, { version: 'bench' });
    for (const size of [64, 96]) {
      if (only !== undefined && only !== `${network}_${size}`) continue;
      const rewritten = specialise(plain, [size, size, size]);
      const graphs = { plain, rewritten, before: rewrittenBefore(plain, size) };
      for (const threads of [1, 2]) {
        bench.timings.push(await time(network, legacy, graphs, size, threads));
      }
      for (const graph of ['plain', 'rewritten'] as const) {
        const bytes = graph === 'plain' ? plain : rewritten;
        const model = modelFor(readPlain(plain, legacy), {
          size: graph === 'plain' ? undefined : [size, size, size],
        });
        const opened = peakOf('session-memory.ts', [writeApart(model), String(size), '2']);
        const encoded = encoderMemory(legacy, size, graph, root);
        const before = encoderMemory(legacy, size, graph, earlier);
        bench.memory.push({
          network,
          size,
          graph,
          fileMb: bytes.length / 2 ** 20,
          sessionMb: opened,
          encoderMb: encoded.peak,
          mappedMb: encoded.mapped,
          earlierEncoderMb: before.peak,
        });
        process.stderr.write(
          `${network} ${size}³ ${graph}: session ${opened.toFixed(0)} MB, encoder ${encoded.peak.toFixed(0)}, before ${before.peak.toFixed(0)} MB\n`,
        );
      }
    }
    if (network === 'resnet50') {
      bench.conversion = peakOf('convert-memory.ts', [legacy, network]);
    }
    if (network === 'resnet34') {
      const file = join(folder, 'resnet34_growth.pth');
      writeRandomNetwork(file, network);
      const { resident } = inOwnProcess<{ resident: number[] }>(script('growth-memory.ts'), [file]);
      bench.growth.push(...resident);
    }
  }
  if (only === undefined) {
    writeDeepReport(fileURLToPath(new URL('../deep.md', import.meta.url)), bench);
  }
} finally {
  torch.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Writes a model as the encoder does for the runtime, weights apart; gives its path. */
function writeApart(network: OnnxModel): string {
  const path = join(folder, 'model.onnx');
  const { model, weights } = modelInTwoFiles(network, 'weights.bin');
  for (const name of ['model.onnx', 'weights.bin']) rmSync(join(folder, name), { force: true });
  writeScratch(path, model);
  writeScratch(join(folder, 'weights.bin'), weights);
  return path;
}

/** The graph that the earlier nacre makes of a plain model. */
function rewrittenBefore(plain: Uint8Array, size: number): Uint8Array {
  const [from, to] = ['plain.onnx', 'before.onnx'].map((name) => join(folder, name));
  writeScratch(from, plain);
  const code = `import { readFileSync, writeFileSync } from 'node:fs';
import { specialise } from './src/deep/onnx/specialise.ts';
writeFileSync(${JSON.stringify(to)}, specialise(readFileSync(${JSON.stringify(from)}), [${size}, ${size}, ${size}]));`;
  const words = ['--import', 'tsx', '--input-type=module', '-e', code];
  execFileSync(process.execPath, words, { cwd: earlier });
  const bytes = readFileSync(to);
  for (const path of [from, to]) rmSync(path);
  return bytes;
}

function peakOf(name: string, args: readonly string[]): number {
  return inOwnProcess<{ peak: number }>(script(name), args).peak;
}

/** Of a process that encodes from a checkpoint with the nacre of a checkout. */
function encoderMemory(checkpoint: string, size: number, graph: string, checkout: string) {
  const words = [checkpoint, String(size), '2', graph, checkout];
  return inOwnProcess<{ peak: number; mapped: number }>(script('encoder-memory.ts'), words);
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

async function time(
  network: NetworkName,
  checkpoint: string,
  graphs: { plain: Uint8Array; rewritten: Uint8Array; before: Uint8Array },
  size: number,
  threads: number,
): Promise<Timing> {
  const shape = [1, 1, size, size, size];
  const stream = RandomStream.of(1, 'bench', size);
  const noise = Float32Array.from({ length: size ** 3 }, () => stream.normal());
  const volume = new Tensor('float32', noise, shape);
  const { plain, rewritten, before } = graphs;
  const sessions = [];
  for (const graph of [plain, rewritten, before]) {
    sessions.push(await createSession(graph, network, { threads }));
  }
  // Plain, rewritten, before, torch.
  const best = new Array<number>(4).fill(Number.POSITIVE_INFINITY);
  const cpu = [...best];
  let format = '';
  let features: Float32Array[] = [];
  for (let pass = 0; pass < passes[size]; pass++) {
    const given: Float32Array[] = [];
    for (let s = 0; s < sessions.length; s++) {
      const started = performance.now();
      const begun = process.cpuUsage();
      const result = await sessions[s].run({ volume });
      best[s] = Math.min(best[s], performance.now() - started);
      const { user, system } = process.cpuUsage(begun);
      cpu[s] = Math.min(cpu[s], (user + system) / 1000);
      given.push(result.layer4.data as Float32Array);
    }
    features = given;
    // Two passes: the first after a change of threads or network warms torch up.
    const passes = pass === 0 ? 2 : 1;
    for (const layout of ['contiguous_format', 'channels_last_3d']) {
      const taken = await torch.call<{ ms: number[]; cpu: number[] }>('timed', {
        network,
        variant: 'medicalnet',
        checkpoint,
        shape,
        threads,
        passes,
        layout,
      });
      const least = Math.min(...taken.cpu);
      if (least < cpu[3]) format = layout;
      cpu[3] = Math.min(cpu[3], least);
      best[3] = Math.min(best[3], ...taken.ms);
    }
  }
  for (const session of sessions) await session.release();
  const [a, b] = features;
  let difference = 0;
  let square = 0;
  a.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(value - b[i]));
    square += value * value;
  });
  const arch = architecture(network);
  process.stderr.write(
    `${network} ${size}³ ${threads} thread(s): plain ${best[0].toFixed(0)}, rewritten ${best[1].toFixed(0)}, before ${best[2].toFixed(0)}, torch ${best[3].toFixed(0)} ms (${format}); CPU ${cpu
      .map((ms) => ms.toFixed(0))
      .join(', ')} ms, load ${loadavg()[0].toFixed(1)}\n`,
  );
  return {
    network,
    size,
    threads,
    plain: best[0],
    rewritten: best[1],
    before: best[2],
    torch: best[3],
    cpu: { plain: cpu[0], rewritten: cpu[1], torch: cpu[3] },
    load: loadavg()[0],
    difference: difference / Math.sqrt(square / a.length),
    operations: operations(arch, size),
  };
}

/** Milliseconds to cut and standardise one crop of a scan of 256 × 256 × 120 voxels, best of three. */
function timeCrop(): number {
  const size = [256, 256, 120] as const;
  const stream = RandomStream.of(2, 'bench', 'scan');
  const data = Float32Array.from({ length: 256 * 256 * 120 }, () => 100 + 20 * stream.next());
  const region = new Uint8Array(data.length);
  for (let k = 40; k < 80; k++) {
    for (let j = 100; j < 140; j++)
      region.fill(1, 256 * (j + 256 * k) + 100, 256 * (j + 256 * k) + 140);
  }
  let best = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < 3; pass++) {
    const at = {
      size,
      spacing: [0.8, 0.8, 1.5],
      origin: [0, 0, 0],
      direction: identityDirection,
    } as const;
    const started = performance.now();
    deepInput({ ...at, data }, { ...at, data: region }, { bodyThreshold: 0 });
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
