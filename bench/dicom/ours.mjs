// Reads a DICOM folder with nacre as it is installed (dist), several times in one process; prints seconds and memory.
import { readFileSync } from 'node:fs';
import { dicomFilesBelow } from '../../dist/imaging/dicom/folder.js';
import { readDicomHeader } from '../../dist/imaging/dicom/header.js';
import { readImageSeries } from '../../dist/imaging/dicom/read-series.js';
import { groupSeries } from '../../dist/imaging/dicom/series.js';

const [folder, repeats] = [process.argv[2], Number(process.argv[3])];
const seconds = [];
const cpus = [];
let found;
for (let i = 0; i < repeats; i++) {
  const began = performance.now();
  const before = process.cpuUsage();
  const { images } = groupSeries(dicomFilesBelow(folder).dicom.map(readDicomHeader));
  const { volumes } = await readImageSeries(images[0], { file: folder });
  found = volumes.map(({ size }) => size);
  const { user, system } = process.cpuUsage(before);
  seconds.push((performance.now() - began) / 1000);
  cpus.push((user + system) / 1e6);
}
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
process.stdout.write(JSON.stringify({ seconds, cpus, megabytes: peak / 1024, found }));
