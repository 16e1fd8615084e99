import { readVolume } from '../machine/read-volume.ts';
import type { RadiomicsSettings } from '../radiomics/parameter-file.ts';
import { VoxelMaps } from '../radiomics/voxel-maps.ts';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { ResultStore } from '../runtime/result-store.ts';
import { workerSetup } from '../runtime/worker-setup.ts';

/** Setup of every worker of voxel maps. */
export interface VoxelSetup {
  image: string;
  mask: string;
  label: number;
  settings: RadiomicsSettings;
  /** Folder of the finished pieces. */
  parts: string;
}

/** A piece: some voxels of the region in one image. */
export interface VoxelTask {
  image: string;
  from: number;
  to: number;
  /** Name of its file and the hash of all that decides it. */
  file: string;
  key: string;
}

let known: { maps: VoxelMaps; store: ResultStore<null> } | undefined;

/** Worker thread of `extractVoxelMaps`: scan and mask are read once, then a piece at a time. */
export default async function work(task: VoxelTask): Promise<true> {
  if (known === undefined) {
    const setup = workerSetup<VoxelSetup>();
    known = { maps: await openVoxelMaps(setup), store: new ResultStore<null>(setup.parts) };
  }
  return measurePiece(known.maps, known.store, task);
}

export async function openVoxelMaps(
  { image, mask, label, settings }: Omit<VoxelSetup, 'parts'>,
  note?: NoteAssumption,
): Promise<VoxelMaps> {
  const scan = await readVolume(image, { note });
  const labels = await readVolume(mask, { grid: scan, label, note });
  return new VoxelMaps(scan, labels, settings, { label });
}

/** Measures a piece and writes it to its file: no thread holds more than one. */
export function measurePiece(
  maps: VoxelMaps,
  store: ResultStore<null>,
  { image, from, to, file, key }: VoxelTask,
): true {
  store.write(file, key, null, maps.measure(image, from, to));
  return true;
}
