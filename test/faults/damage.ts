import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomStream } from '../../src/runtime/random-stream.ts';
import { bytesOf, countsOf, doneWork, filesBelow } from './done-work.ts';
import { copyOfWhole, done, type Fault, lastLine } from './fault.ts';
import { startStudy } from './subject.ts';

export const damaged: Fault = {
  name: 'corrupted cache entry or unit',
  what: 'one to eight entries (rows of the unit cache, units of the run folder, every fifth time the network) with a bit turned, cut short or emptied',
  trial: async (bench, place, stream, number) => {
    copyOfWhole(bench, place, { units: true });
    const work = doneWork(place);
    const struck = new Set<string>();
    const all = [...work.rows.keys(), ...work.units.keys()];
    for (let n = stream.integer(1, 8); n > 0; n--)
      struck.add(all[stream.integer(0, all.length - 1)]);
    for (const path of struck) harm(path, stream);
    const network = number % 5 === 4;
    if (network) {
      rmSync(join(place.cache, 'models'));
      cpSync(join(bench.whole.cache, 'models'), join(place.cache, 'models'), { recursive: true });
      for (const path of filesBelow(join(place.cache, 'models'))) {
        if (path.endsWith('.onnx')) harm(path, stream);
      }
    }
    const problems: string[] = [];
    const ended = await startStudy(bench.subject, place).ended;
    const kept = done(work) - struck.size;
    if (ended.code !== 0) return { struck: true, problems: [...problems, lastLine(ended)], kept };
    if (bytesOf(place.run) !== bench.bytes) problems.push('other bytes than the undisturbed run');
    const { extraction, unitsComputed } = countsOf(place.run);
    const computed = extraction.unitsComputed + unitsComputed;
    if (computed !== struck.size) problems.push(`${struck.size} harmed, ${computed} computed`);
    problems.push(...doneWork(place).broken.map((path) => `broken afterwards: ${path}`));
    return { struck: true, problems, kept };
  },
};

function harm(path: string, stream: RandomStream): void {
  const bytes = readFileSync(path);
  const how = stream.integer(0, 5);
  if (how === 0) truncateSync(path, 0);
  // Without its last line feed a file of JSON would be as whole as before.
  else if (how === 1) truncateSync(path, stream.integer(1, bytes.length - 2));
  else {
    bytes[stream.integer(0, bytes.length - 1)] ^= 1 << stream.integer(0, 7);
    writeFileSync(path, bytes);
  }
}
