import { cpus } from 'node:os';
import { env } from 'onnxruntime-node';
import type { NetworkName } from '../../src/deep/architecture.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { earlierCommit } from '../earlier.ts';
import type { Operations } from './operations.ts';
import { rangeText } from './range-text.ts';

/** Milliseconds of one pass over one crop, best of several, taking turns. */
export interface Timing {
  network: NetworkName;
  /** Voxels along each axis. */
  size: number;
  threads: number;
  plain: number;
  rewritten: number;
  /** The graph that an earlier nacre rewrites. */
  before: number;
  /** The faster of its two memory formats. */
  torch: number;
  /** The same in CPU milliseconds, user and system, of all threads: what other work on the machine disturbs least. */
  cpu: { plain: number; rewritten: number; torch: number };
  /** Load of the machine, average of the minute before. */
  load: number;
  /** Largest difference of a feature between the two graphs, as a share of the features' root mean square. */
  difference: number;
  operations: Operations;
}

export interface DeepBench {
  versions: Record<string, string>;
  timings: Timing[];
  peaks: { threads: number; gflops: number }[];
  memory: {
    network: NetworkName;
    size: number;
    graph: string;
    fileMb: number;
    /** Peak of a process that runs the model alone. */
    sessionMb: number;
    /** Peak of a process that encodes from the checkpoint. */
    encoderMb: number;
    /** Of its memory, files that are mapped. */
    mappedMb: number;
    /** Peak of the same process with the earlier nacre. */
    earlierEncoderMb: number;
  }[];
  /** Peak memory of converting ResNet50, MB. */
  conversion: number | undefined;
  /** Resident memory after each 100 of 1,000 crops of 64³ through ResNet34, MB. */
  growth: number[];
  cropMilliseconds: number;
}

/** The cohort of the paper: patients × scans × regions; each goes through all four networks. */
const crops = 177 * 3 * 2;

/** Writes `bench/deep.md` from a run, and nothing that was not measured in it. */
export function writeDeepReport(path: string, bench: DeepBench): void {
  const { timings, peaks, versions } = bench;
  const peakOf = (threads: number) => peaks.find((peak) => peak.threads === threads)!.gflops;
  const rows = timings.map((t) => {
    const rate = (multiplications: number, ms: number) => (2 * multiplications) / ms / 1e6;
    const { nominal, useful, rewritten } = t.operations;
    const fastest = Math.min(t.plain, t.rewritten);
    return [
      t.network,
      `${t.size}³`,
      t.threads,
      t.torch.toFixed(0),
      t.plain.toFixed(0),
      t.rewritten.toFixed(0),
      `${(t.torch / fastest).toFixed(2)}×`,
      `${t.cpu.torch.toFixed(0)} / ${t.cpu.rewritten.toFixed(0)}`,
      `${(t.cpu.torch / t.cpu.rewritten).toFixed(2)}×`,
      t.load.toFixed(1),
      (nominal / 1e9).toFixed(1),
      `${((100 * useful) / nominal).toFixed(0)}%`,
      (rewritten / 1e9).toFixed(1),
      rate(nominal, t.rewritten).toFixed(0),
      rate(useful, t.rewritten).toFixed(0),
      `${((100 * rate(rewritten, t.rewritten)) / peakOf(t.threads)).toFixed(0)}%`,
      t.difference.toExponential(1),
      `${t.before.toFixed(0)} (${(t.before / t.rewritten).toFixed(2)}×)`,
    ];
  });
  const head = [
    'network',
    'crop',
    'threads',
    'torch ms',
    'plain ms',
    'rewritten ms',
    'torch / nacre',
    'CPU ms',
    'torch / nacre, CPU',
    'load',
    'GMAC nominal',
    'useful',
    'GMAC rewritten',
    'nominal GFLOP/s',
    'useful GFLOP/s',
    'of peak',
    'difference',
    'before ms',
  ];
  const memory = bench.memory.map((m) => [
    m.network,
    `${m.size}³`,
    m.graph,
    m.fileMb.toFixed(0),
    m.sessionMb.toFixed(0),
    m.encoderMb.toFixed(0),
    m.mappedMb.toFixed(0),
    m.earlierEncoderMb.toFixed(0),
  ]);
  const least = timings.reduce((a, b) => (ratio(a) < ratio(b) ? a : b));
  const text = `# Deep features beside torch

Written by \`npm run bench -- deep\`; every number is of that run.

${cpus().length} cores (${cpus()[0].model}), Node ${process.versions.node}, onnxruntime-node ${env.versions.node ?? env.versions.common}, torch ${versions.torch} (CPU, oneDNN, inference mode, batch normalisation as a module, the faster of contiguous and channels-last memory).
Random weights and noise: the time does not depend on them. One crop a pass; torch, the plain and the rewritten graph take turns, the best pass of each counts.

Largest matrix product measured (2,048², the faster of onnxruntime and torch): ${peaks.map((p) => `${p.gflops.toFixed(0)} GFLOP/s on ${p.threads} thread${p.threads > 1 ? 's' : ''}`).join(', ')}.

${table(head, rows)}

- *useful*: share of the nominal multiplications that meet a voxel and not padding. *GMAC rewritten*: multiplications left in the convolutions of the rewritten graph; *of peak*: their rate as a share of the matrix product's.
- *before*: the graph that commit ${earlierCommit} rewrites, in the same turns, and how many times as long it took.
- *CPU*: user and system time of all threads, torch and rewritten, the least of the passes. Under load by other processes the clock says little and this ratio is the one to read; on 2 threads it counts threads that wait for each other too.
- The plain graph loses in onnxruntime's convolutions of three dimensions: those copy the voxels of every tap, multiply padding, and have no layout in blocks of channels. The rewritten graph runs undilated layers slice by slice in two dimensions, which have it, and dilated layers as matrix products.
- *difference*: largest difference of a layer-4 feature between plain and rewritten graph, as a share of the features' root mean square.
- Range over networks and threads: ${rangeText(timings.map((t) => ({ size: t.size, ratio: Number(ratio(t).toFixed(2)) })))}.
- Least favourable: ${least.network} at ${least.size}³ on ${least.threads} thread${least.threads > 1 ? 's' : ''}, ${ratio(least).toFixed(2)} times torch's speed.

## The paper's cohort
177 patients × 3 scans × 2 regions × 4 networks, 64³ crops, one crop at a time, from the best passes above and ${bench.cropMilliseconds.toFixed(0)} ms to cut a crop from a 256 × 256 × 120 scan (reading the files not counted): ${[1, 2].map((threads) => `**${projection(bench, threads).toFixed(1)} minutes on ${threads} core${threads > 1 ? 's' : ''}**`).join(', ')}.

## Memory
Peak of a whole Node process that runs two passes on 2 threads, MB: *session* opens the finished model, *encoder* loads the checkpoint and makes the model, as \`nacre encode\` does. Weights are mapped from a file (*of it mapped*): what of them was read counts in full, but is no memory that others miss, as the system drops such pages where it needs room. *encoder before*: commit ${earlierCommit}.

${table(['network', 'crop', 'graph', 'file', 'session', 'encoder', 'of it mapped', 'encoder before'], memory)}

Converting ResNet50 from \`.pth\` to bytes of ONNX, whole process: ${bench.conversion?.toFixed(0)} MB at its peak.

1,000 crops of 64³ through ResNet34 one after the other, resident memory after each 100, MB: ${bench.growth.map((mb) => mb.toFixed(0)).join(', ')}.
`;
  writeWhole(path, text);
  process.stdout.write(text);
}

function ratio({ torch, plain, rewritten }: Timing): number {
  return torch / Math.min(plain, rewritten);
}

/** Minutes. */
function projection({ timings, cropMilliseconds }: DeepBench, threads: number): number {
  const used = timings.filter((t) => t.size === 64 && t.threads === threads);
  const networks = used.reduce((sum, t) => sum + Math.min(t.plain, t.rewritten), 0);
  return (crops * (networks + cropMilliseconds)) / 60_000;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
