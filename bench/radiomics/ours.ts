import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { boxOf } from '../../src/imaging/crop.ts';
import { maskOfLabel } from '../../src/imaging/mask-labels.ts';
import { resampleRegion } from '../../src/imaging/resample-region.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { discretise } from '../../src/radiomics/discretisation.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { featureClass } from '../../src/radiomics/feature-classes.ts';
import type { ImageType } from '../../src/radiomics/image-type-names.ts';
import { imagesOf } from '../../src/radiomics/image-types.ts';
import { regionOfInterest } from '../../src/radiomics/region-of-interest.ts';
import { defaultSettings } from '../../src/radiomics/settings.ts';
import { bandwidth } from './bandwidth.ts';

/** nacre for bench/radiomics, in a process of its own, with the protocol of peer.py; and the machine's bandwidth. */
async function load(image: string, mask: string) {
  const [scan, labels] = [await readVolume(image), await readVolume(mask)];
  const region = maskOfLabel(labels, { label: 1 });
  const box = boxOf(region);
  if (box === undefined) throw new Error(`${mask} is empty`);
  return { scan, labels, mask: region, box, region: regionOfInterest(scan, region) };
}
type Loaded = Awaited<ReturnType<typeof load>>;

const scans = new Map<string, Loaded>();
const extractor = new RadiomicsExtractor({ setting: { binWidth: 25, additionalInfo: false } });
/** One matrix of all directions, as Pictologics has it. */
const merging = new RadiomicsExtractor({
  setting: { binWidth: 25, additionalInfo: false, aggregation: '3D-merged' },
});
const settings = { ...defaultSettings, sigma: [3] };

function run(what: string, { scan, labels, mask, box, region }: Loaded): void {
  if (what === 'total') extractor.execute(scan, labels);
  else if (what === 'merged') merging.execute(scan, labels);
  else if (what === 'resample') {
    resampleRegion(scan, mask, { spacing: [1, 1, 1], interpolation: 'bspline' });
  } else if (what === 'Wavelet' || what === 'LoG') {
    for (const image of imagesOf(what as ImageType, scan, settings, box, [mask])) {
      if ('reason' in image) throw new Error(image.reason);
    }
  } else {
    const one = featureClass(what);
    // Discretised anew each time: nothing that another class has prepared is used.
    if (one.needs === 'levels') one.compute(discretise(region, { binWidth: 25 }));
    else one.compute(region);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line) as { image: string; mask: string; what: string; repeat: number };
  if (asked.what === 'peak') {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    console.log(JSON.stringify({ mb: Number(kilobytes) / 1024 }));
    continue;
  }
  if (asked.what === 'bandwidth') {
    console.log(JSON.stringify({ gigabytes: bandwidth() }));
    continue;
  }
  const loaded = scans.get(asked.image) ?? (await load(asked.image, asked.mask));
  scans.set(asked.image, loaded);
  if (asked.what === 'size') {
    const { size, voxels } = loaded.region;
    console.log(JSON.stringify({ size, voxels, levels: discretise(loaded.region).levelCount }));
    continue;
  }
  const before = process.cpuUsage();
  const started = performance.now();
  for (let n = 0; n < asked.repeat; n++) run(asked.what, loaded);
  const ms = (performance.now() - started) / asked.repeat;
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ms, cpu: (user + system) / 1000 / asked.repeat }));
}
