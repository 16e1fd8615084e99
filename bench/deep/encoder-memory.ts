/**
 * A process of its own that loads a checkpoint and encodes two inputs, as `nacre encode` does, and prints its peak memory
 * in MB: `encoder-memory.ts CHECKPOINT SIZE THREADS plain|rewritten`.
 */
import { ResNetEncoder } from '../../src/deep/encoder.ts';
import { preprocessing } from '../../src/deep/preprocessing.ts';
import { peakMemory } from '../peak-memory.ts';

const [path, size, threads, graph] = process.argv.slice(2);
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
await encoder.dispose();
process.stdout.write(JSON.stringify({ peak: peakMemory() }));
