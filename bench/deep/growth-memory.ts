/**
 * A process of its own that encodes 1,000 crops of 64³, each of another place of a scan, and prints the resident memory
 * after each 100, MB: `growth-memory.ts CHECKPOINT`.
 */
import { ResNetEncoder } from '../../src/deep/encoder.ts';
import { identityDirection } from '../../src/imaging/volume.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

const stream = RandomStream.of(3, 'bench', 'growth');
const edge = 96;
const geometry = {
  size: [edge, edge, edge],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: identityDirection,
} as const;
const volume = {
  ...geometry,
  data: Float32Array.from({ length: edge ** 3 }, () => 100 + 20 * stream.normal()),
};
const encoder = await ResNetEncoder.load(process.argv[2], { threads: 2 });
const resident: number[] = [];
for (let crop = 0; crop < 1000; crop++) {
  const data = new Uint8Array(edge ** 3);
  const corner = 10 + (crop % 40);
  for (let k = corner; k < corner + 20; k++) {
    for (let j = corner; j < corner + 20; j++) {
      data.fill(1, edge * (j + edge * k) + corner, edge * (j + edge * k) + corner + 20);
    }
  }
  await encoder.encode(volume, { ...geometry, data }, { bodyThreshold: 0 });
  if (crop % 100 === 99) resident.push(process.memoryUsage().rss / 2 ** 20);
}
await encoder.dispose();
process.stdout.write(JSON.stringify({ resident }));
