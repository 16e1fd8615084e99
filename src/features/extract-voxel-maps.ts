import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfImage } from '../machine/read-volume.ts';
import { writeNifti } from '../machine/write-nifti.ts';
import type { RadiomicsSettings } from '../radiomics/parameter-file.ts';
import { hasVoxelMaps, type VoxelMaps } from '../radiomics/voxel-maps.ts';
import { defaultVoxelSettings } from '../radiomics/voxel-settings.ts';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { codeHash } from '../runtime/code-hash.ts';
import { NacreError } from '../runtime/errors.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import type { Progress } from '../runtime/progress.ts';
import { ResultStore } from '../runtime/result-store.ts';
import { runUnkept } from '../runtime/run-tasks.ts';
import { workerModule } from '../runtime/worker-thread.ts';
import { makeFolder, writeWhole } from '../runtime/write-whole.ts';
import { measurePiece, openVoxelMaps, type VoxelSetup, type VoxelTask } from './voxel-worker.ts';

export interface VoxelMapOptions {
  /** Label of the region. Default: the setting `label`. */
  label?: number | undefined;
  /** Worker threads. Default 1. No number depends on it. */
  workers?: number | undefined;
  /** Take finished pieces of an interrupted run. Default false. */
  resume?: boolean | undefined;
  /** Makes the progress display, given how many pieces there are and how many were taken over. */
  progress?: ((total: number, already: number) => Progress) | undefined;
  signal?: AbortSignal | undefined;
  note?: NoteAssumption | undefined;
}

/** Voxels of a piece, at most: memory is bounded by it, and an interrupted run loses no more. */
const largestPiece = 4096;

/**
 * Feature maps of a region, a NIfTI file each (`original_glcm_JointEntropy.nii.gz`), and `maps.json` with what made them. Pieces of
 * voxels are spread over worker threads and kept in `<out>/.parts` until the maps are written; in memory are the pieces at hand, and at
 * the end the values of one image.
 *
 * @param image scan, and its mask, as `readVolume` takes them
 * @returns paths of the maps
 * @throws NacreError where the region cannot be measured, or no class asked for has maps
 */
export async function extractVoxelMaps(
  image: string,
  mask: string,
  out: string,
  settings: RadiomicsSettings,
  { label: given, workers = 1, resume = false, progress, signal, note }: VoxelMapOptions = {},
): Promise<string[]> {
  const label = given ?? settings.setting.label;
  requireMaps(settings, note);
  const parts = join(out, '.parts');
  const setup: VoxelSetup = { image, mask, label, settings, parts };
  const maps = await openVoxelMaps(setup, note);
  const files = { image: await hashOfImage(image), mask: await hashOfImage(mask, 'mask') };
  const code = codeHash(['imaging', 'radiomics', 'features/voxel-worker']);
  const whole = { files, label, settings: JSON.parse(canonicalJson(settings)), code };
  const tasks = piecesOf(maps, settings, sha256(canonicalJson(whole)));
  if (!resume) rmSync(parts, { recursive: true, force: true });
  makeFolder(parts);
  const store = new ResultStore<null>(parts);
  await runUnkept<VoxelTask, true>(
    tasks,
    {
      module: workerModule(import.meta.url, './voxel-worker'),
      setup,
      here: async () => ({ work: (task) => measurePiece(maps, store, task) }),
    },
    {
      workers,
      signal,
      progress,
      kept: (i) => (store.read(tasks[i].file, tasks[i].key) === undefined ? undefined : true),
      keep: () => {},
      nameOf: (task) => task.image,
    },
  );
  const written: string[] = [];
  for (const name of maps.images) {
    for (const map of maps.maps(name, joined(maps, store, tasks, name))) {
      const file = join(out, `${map.name}.nii.gz`);
      writeNifti(file, map.volume);
      written.push(file);
    }
  }
  const { voxelSetting = defaultVoxelSettings } = settings;
  writeWhole(
    join(out, 'maps.json'),
    `${canonicalJson({ files, label, settings, voxelSetting: { ...voxelSetting, initValue: String(voxelSetting.initValue) }, grid: maps.grid, maps: written.map((file) => file.slice(out.length + 1)) }, 1)}\n`,
  );
  rmSync(parts, { recursive: true, force: true });
  return written;
}

/** Refuses settings without a class that has maps; classes without are left out, and noted. */
function requireMaps({ featureClass }: RadiomicsSettings, note?: NoteAssumption): void {
  const names = Object.keys(featureClass);
  const without = names.filter((name) => !hasVoxelMaps(name));
  if (without.length === names.length) {
    throw new NacreError('bad-config', 'none of the feature classes has maps', {
      column: 'featureClass',
      found: names.join(', '),
      expected: 'classes of intensities or textures, such as firstorder or glcm',
    });
  }
  for (const name of without) {
    note?.({
      kind: 'class-without-maps',
      found: `the feature class ${name}`,
      taken: 'the other classes',
      why: 'it describes the whole region or looks beyond a kernel; PyRadiomics makes no map of shape either',
    });
  }
}

function piecesOf(maps: VoxelMaps, { voxelSetting }: RadiomicsSettings, hash: string): VoxelTask[] {
  const size = Math.min(voxelSetting?.voxelBatch ?? largestPiece, largestPiece);
  const tasks: VoxelTask[] = [];
  for (const image of maps.images) {
    for (let from = 0; from < maps.voxels; from += size) {
      const to = Math.min(maps.voxels, from + size);
      const key = sha256(canonicalJson({ hash, image, from, to }));
      tasks.push({ image, from, to, key, file: `${key}.bin` });
    }
  }
  return tasks;
}

/** All values of an image from its pieces. */
function joined(
  maps: VoxelMaps,
  store: ResultStore<null>,
  tasks: readonly VoxelTask[],
  image: string,
): Float64Array {
  const features = maps.features.length;
  const all = new Float64Array(features * maps.voxels);
  for (const { from, to, file, key } of tasks.filter((task) => task.image === image)) {
    const kept = store.read(file, key);
    if (kept === undefined) throw new Error(`the piece ${file} is gone`);
    const count = to - from;
    for (let f = 0; f < features; f++) {
      all.set(kept.values.subarray(f * count, (f + 1) * count), f * maps.voxels + from);
    }
  }
  return all;
}
