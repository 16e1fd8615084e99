/**
 * A process of its own that runs a model twice, opened with the encoder's options, and prints its peak memory in MB:
 * `session-memory.ts MODEL SIZE THREADS`.
 */
import { Tensor } from 'onnxruntime-node';
import { createSession } from '../../src/deep/session.ts';
import { peakMemory } from '../peak-memory.ts';

const [path, size, threads] = process.argv.slice(2);
const n = Number(size);
const session = await createSession(path, path, { threads: Number(threads) });
const volume = new Tensor('float32', new Float32Array(n ** 3).fill(0.5), [1, 1, n, n, n]);
for (let pass = 0; pass < 2; pass++) await session.run({ volume });
process.stdout.write(JSON.stringify({ peak: peakMemory() }));
