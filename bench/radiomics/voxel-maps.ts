/**
 * Voxel maps of brain1 and breast1, for `npm run parity -- voxel`: writes them below a folder and prints processor times and peak
 * memory as JSON.
 *
 *   node --import tsx bench/radiomics/voxel-maps.ts <parameter file> <folder>
 */
import { join } from 'node:path';
import { readParameterFile } from '../../src/machine/read-parameter-file.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { writeNifti } from '../../src/machine/write-nifti.ts';
import { VoxelMaps } from '../../src/radiomics/voxel-maps.ts';

const [parameters, folder] = process.argv.slice(2);
const settings = readParameterFile(parameters);
const seconds: Record<string, number> = {};
for (const patient of ['brain1', 'breast1']) {
  const file = (what: string) =>
    join(process.env.NACRE_SHARED ?? '', 'reference', 'pyradiomics', `${patient}_${what}.nrrd`);
  const image = await readVolume(file('image'));
  const mask = await readVolume(file('label'));
  seconds[patient] = Number.POSITIVE_INFINITY;
  // A runtime that compiles while it runs is measured once it has.
  for (let run = 0; run < 15; run++) {
    const before = process.cpuUsage();
    const maps = new VoxelMaps(image, mask, settings);
    const result = maps.images.flatMap((name) => [...maps.maps(name, maps.measure(name))]);
    const { user, system } = process.cpuUsage(before);
    seconds[patient] = Math.min(seconds[patient], (user + system) / 1e6);
    if (run > 0) continue;
    for (const { name, volume } of result)
      writeNifti(join(folder, patient, `${name}.nii.gz`), volume);
  }
}
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ seconds, peakBytes }));
