import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { maskOfLabel, readVolume } from '../../src/imaging/read-volume.ts';
import { discretise } from '../../src/radiomics/discretisation.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { featureClass } from '../../src/radiomics/feature-classes.ts';
import { regionOfInterest } from '../../src/radiomics/region-of-interest.ts';

/** nacre for bench/radiomics, in a process of its own, with the protocol of peer.py. */
async function load(image: string, mask: string) {
  const [scan, labels] = [await readVolume(image), await readVolume(mask)];
  return { scan, labels, region: regionOfInterest(scan, maskOfLabel(labels, 1)) };
}

const scans = new Map<string, Awaited<ReturnType<typeof load>>>();
const extractor = new RadiomicsExtractor({ setting: { binWidth: 25, additionalInfo: false } });

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line) as { image: string; mask: string; class: string };
  if (asked.class === 'peak') {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    console.log(JSON.stringify({ mb: Number(kilobytes) / 1024 }));
    continue;
  }
  const { scan, labels, region } = scans.get(asked.image) ?? (await load(asked.image, asked.mask));
  scans.set(asked.image, { scan, labels, region });
  const started = performance.now();
  if (asked.class === 'total') extractor.execute(scan, labels);
  else {
    const one = featureClass(asked.class);
    // Discretised anew each time: nothing that another class has prepared is used.
    one.compute(one.needs === 'levels' ? discretise(region, { binWidth: 25 }) : (region as never));
  }
  console.log(JSON.stringify({ ms: performance.now() - started }));
}
