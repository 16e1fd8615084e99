import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelsOf } from '../../src/imaging/mask-labels.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import type { Volume } from '../../src/imaging/volume.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { type ParityReport, type ParityRow, relativeDifference } from './parity-row.ts';
import { missReason } from './reference/miss-reason.ts';
import { measuredByPyRadiomics, versionsOfPyRadiomics } from './reference/peer.ts';
import { referenceFile } from './reference/reference-file.ts';

export const scope = 'parity-only';

const tolerance = 1e-6;
/** Below it a value is zero but for rounding. */
const nothing = 1e-9;
const regions = 64;
const featureClass = {
  shape: [],
  firstorder: [],
  glcm: [],
  gldm: [],
  glrlm: [],
  glszm: [],
  ngtdm: [],
};
const parameters = (change: object, image: object = {}) => ({
  imageType: { Original: {}, ...image },
  featureClass,
  // Filters see the surroundings of the region alone, or PyRadiomics would filter the brain 64 times.
  setting: { preCrop: true, padDistance: 8, ...change },
});
const configurations = [
  parameters({ binWidth: 25 }, { Wavelet: {} }),
  parameters({ binWidth: 5 }),
  parameters({ binCount: 4, symmetricalGLCM: false }),
  parameters({ binWidth: 25, force2D: true, distances: [1, 2], gldm_a: 1 }),
  parameters({ binWidth: 25, weightingNorm: 'no_weighting' }),
];

/**
 * Regions of 9 to 71 voxels grown at random within the brain of PyRadiomics' own test data, measured by PyRadiomics and by
 * us: directions with one level or one pair, zones of one voxel, entropies that are rounding.
 */
export default async function compare(): Promise<ParityReport> {
  const image = referenceFile('reference', 'pyradiomics', 'brain1_image.nrrd');
  const brain = await readVolume(referenceFile('reference', 'pyradiomics', 'brain1_label.nrrd'));
  const folder = mkdtempSync(join(tmpdir(), 'nacre-small-regions-'));
  try {
    const mask = join(folder, 'regions.nii.gz');
    const grown = grow(brain);
    writeFileSync(mask, niftiBytes(grown));
    const scan = await readVolume(image);
    const labels = await readVolume(mask);
    const cases = configurations.flatMap((settings, c) =>
      labelsOf(labels).map(({ label, voxels }) => ({
        id: `configuration ${c + 1}, region ${label}, ${voxels} voxels`,
        label,
        image,
        mask,
        parameters: { ...settings, setting: { ...settings.setting, label } },
      })),
    );
    const found = measuredByPyRadiomics(cases);
    const rows: ParityRow[] = [];
    for (const [at, { id, label, parameters }] of cases.entries()) {
      const theirs = found[at];
      let ours: ReturnType<RadiomicsExtractor['execute']> | undefined;
      let refused = '';
      try {
        ours = new RadiomicsExtractor(parameters as never).execute(scan, labels, { label });
      } catch (error) {
        refused = (error as Error).message;
      }
      if (theirs.features === undefined || ours === undefined) {
        if (theirs.features === undefined && ours === undefined) continue;
        throw new Error(`${id}: ${theirs.error ?? 'measured'} and ${refused || 'measured'}`);
      }
      for (const [item, value] of Object.entries(theirs.features)) {
        const reference = value ?? Number.NaN;
        const measured = ours.features[item] ?? Number.NaN;
        const size = Math.max(Math.abs(measured), Math.abs(reference));
        const ok = relativeDifference(measured, reference) <= tolerance || size < nothing;
        const note = ok ? undefined : missReason(item, measured, reference, ours.reasons[item]);
        rows.push({
          suite: 'pyradiomics small regions',
          case: id,
          item,
          ours: measured,
          reference,
          tolerance: '1e-6 relative, 1e-9 absolute',
          ok,
          ...(note === undefined ? {} : { note }),
        });
      }
    }
    const sizes = labelsOf(labels).map(({ voxels }) => voxels);
    return {
      rows,
      remarks: [
        `${sizes.length} regions of ${Math.min(...sizes)} to ${Math.max(...sizes)} voxels`,
        versionsOfPyRadiomics(),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Regions with labels from 1: each grown voxel by voxel over faces from a seed, compact, flat or like a thread. */
function grow(brain: Volume): Volume<Uint8Array> {
  const { size, data } = brain;
  const [nx, ny] = size;
  const within = Array.from(data.keys()).filter((at) => data[at] !== 0);
  const labels = new Uint8Array(data.length);
  const stream = RandomStream.of(2026, 'small-regions');
  for (let label = 1; label <= regions; label++) {
    const wanted = label === 1 ? 9 : stream.integer(9, 71);
    // One in four stays in its slice, one in four prefers the last voxel: a thread.
    const flat = label % 4 === 1;
    const thread = label % 4 === 2;
    const steps = flat ? [1, -1, nx, -nx] : [1, -1, nx, -nx, nx * ny, -nx * ny];
    for (;;) {
      const members = [within[stream.integer(0, within.length - 1)]];
      const free = (at: number) =>
        data[at] !== 0 && labels[at] === 0 && !members.includes(at) && clear(at, label);
      for (let tries = 0; members.length < wanted && tries < 4000; tries++) {
        const from = thread
          ? members[Math.max(0, members.length - 1 - stream.integer(0, 2))]
          : members[stream.integer(0, members.length - 1)];
        const next = from + steps[stream.integer(0, steps.length - 1)];
        if (free(next)) members.push(next);
      }
      if (members.length < wanted || !members.every((at) => labels[at] === 0)) continue;
      for (const at of members) labels[at] = label;
      break;
    }
  }
  return { ...brain, data: labels };

  function clear(at: number, label: number): boolean {
    return labels[at] === 0 || labels[at] === label;
  }
}
