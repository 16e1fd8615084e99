/**
 * Voxel maps of brain1 and breast1 by one nacre, for `npm run bench -- maps` and `npm run parity -- voxel`: prints processor times and
 * peak memory as JSON, and with a folder writes the maps there.
 *
 *   node --import tsx bench/maps/nacre-maps.ts <folder of the modules: src or dist> <parameter file> [folder]
 */
import { join } from 'node:path';
import { moduleOf } from '../module-of.ts';
import type { MapTimes } from './map-times.ts';

const [modules, parameters, folder] = process.argv.slice(2);
/** Passes over a region: no fewer, and as many as fit into some seconds, as a small one is done in no time. */
const fewestPasses = 15;
const mostPasses = 300;
const patience = 3;

const { readParameterFile } = (await moduleOf(
  modules,
  'machine/read-parameter-file',
  'radiomics/parameter-file',
)) as typeof import('../../src/machine/read-parameter-file.ts');
const { readVolume } = (await moduleOf(
  modules,
  'machine/read-volume',
  'imaging/read-volume',
)) as typeof import('../../src/machine/read-volume.ts');
const { VoxelMaps } = (await moduleOf(
  modules,
  'radiomics/voxel-maps',
)) as typeof import('../../src/radiomics/voxel-maps.ts');

const settings = readParameterFile(parameters);
const times: Omit<MapTimes, 'peakBytes'> = { seconds: {}, first: {}, voxels: {}, maps: 0 };
for (const patient of ['brain1', 'breast1']) {
  const file = (what: string) =>
    join(process.env.NACRE_SHARED ?? '', 'reference', 'pyradiomics', `${patient}_${what}.nrrd`);
  const image = await readVolume(file('image'));
  const mask = await readVolume(file('label'));
  times.seconds[patient] = Number.POSITIVE_INFINITY;
  // A runtime that compiles while it runs is measured once it has; what a user meets is the first pass.
  const begun = performance.now();
  const late = () => performance.now() - begun > 1000 * patience;
  for (let pass = 0; pass < mostPasses && (pass < fewestPasses || !late()); pass++) {
    const started = performance.now();
    const before = process.cpuUsage();
    const maps = new VoxelMaps(image, mask, settings);
    const result = maps.images.flatMap((name) => [...maps.maps(name, maps.measure(name))]);
    const { user, system } = process.cpuUsage(before);
    times.seconds[patient] = Math.min(times.seconds[patient], (user + system) / 1e6);
    if (pass > 0) continue;
    times.first[patient] = (performance.now() - started) / 1000;
    times.voxels[patient] = maps.voxels;
    times.maps = result.length;
    if (folder === undefined) continue;
    const { writeNifti } = (await moduleOf(
      modules,
      'machine/write-nifti',
      'imaging/write-nifti',
    )) as typeof import('../../src/machine/write-nifti.ts');
    for (const { name, volume } of result) {
      writeNifti(join(folder, patient, `${name}.nii.gz`), volume);
    }
  }
}
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ ...times, peakBytes } satisfies MapTimes));
