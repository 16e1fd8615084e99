/** A process of its own that converts one checkpoint and prints its peak memory in MB: `convert-memory.ts FILE NETWORK`. */
import type { NetworkName } from '../../src/deep/architecture.ts';
import { convertMedicalNet } from '../../src/deep/onnx/convert.ts';
import { readStateDict } from '../../src/deep/state-dict.ts';

const [path, network] = process.argv.slice(2);
const before = process.resourceUsage().maxRSS;
const bytes = convertMedicalNet(await readStateDict(path), network as NetworkName, {
  version: 'bench',
});
const peak = process.resourceUsage().maxRSS;
process.stdout.write(
  JSON.stringify({
    before: before / 1024,
    peak: peak / 1024,
    modelBytes: bytes.length,
  }),
);
