/** A process of its own that converts one checkpoint and prints its peak memory in MB: `convert-memory.ts FILE NETWORK`. */
import type { NetworkName } from '../../src/deep/architecture.ts';
import { convertMedicalNet } from '../../src/deep/onnx/convert.ts';
import { readStateDict } from '../../src/deep/state-dict.ts';
import { peakMemory } from '../peak-memory.ts';

const [path, network] = process.argv.slice(2);
convertMedicalNet(await readStateDict(path), network as NetworkName, { version: 'bench' });
process.stdout.write(JSON.stringify({ peak: peakMemory() }));
