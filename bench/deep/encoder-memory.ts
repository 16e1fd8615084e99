/**
 * A process of its own that loads a checkpoint and encodes two inputs, as `nacre encode` does, and prints in MB its peak memory and what
 * of its memory are mapped files at the end: `encoder-memory.ts CHECKPOINT SIZE THREADS plain|rewritten CHECKOUT`.
 */
import { moduleOf } from '../module-of.ts';
import { mappedMemory, peakMemory } from '../peak-memory.ts';

const [path, size, threads, graph, checkout] = process.argv.slice(2);
const { ResNetEncoder } = (await moduleOf(
  checkout,
  'src/deep/encoder',
)) as typeof import('../../src/deep/encoder.ts');
const { preprocessing } = (await moduleOf(
  checkout,
  'src/deep/preprocessing',
)) as typeof import('../../src/deep/preprocessing.ts');
const n = Number(size);
const encoder = await ResNetEncoder.load(path, {
  threads: Number(threads),
  specialise: graph === 'rewritten',
});
const input = {
  shape: [n, n, n] as [number, number, number],
  data: new Float32Array(n ** 3).fill(0.5),
  settings: preprocessing({ size: n }),
};
for (let pass = 0; pass < 2; pass++) await encoder.encodeInputs([input]);
const mapped = mappedMemory();
await encoder.dispose();
process.stdout.write(JSON.stringify({ peak: peakMemory(), mapped }));
