import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainModel } from '../deep/models/convert-model.ts';
import { readModelList } from '../deep/models/model-list.ts';
import { type ModelStoreOptions, resolveModel } from '../deep/models/model-store.ts';
import { networkLabel, sameLabel, weightsOrigin } from '../deep/models/weights-origin.ts';
import { readModel } from '../deep/onnx/read-model.ts';
import { deepOf } from '../features/extraction.ts';
import { readParquet } from '../machine/parquet.ts';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { sha256 } from '../runtime/hash.ts';
import { installedPackage } from '../runtime/installed-package.ts';
import { packageMissing } from '../runtime/optional-package.ts';
import type { StudyConfig } from '../study/config.ts';
import { runFiles } from '../study/run-folder.ts';
import { columnShapes } from './column-shapes.ts';
import {
  type DeepData,
  type DeepFile,
  type DeepNetwork,
  deepFolder,
  deepWorkerFile,
  runtimeFiles,
} from './deep-protocol.ts';

export interface DeepOfRunOptions extends ModelStoreOptions {
  /** Receives what was chosen where a checkpoint can be read in two ways. */
  note?: NoteAssumption | undefined;
}

/**
 * Networks for explore.html, with the files that lie beside it: the plain networks, onnxruntime-web and the program that drives it.
 *
 * @param named ids or paths, as `nacre encode` takes them; an ONNX file of another maker is refused
 * @param program of the worker, as the build bundled it
 * @throws NacreError `package-missing`; of `resolveModel`, `plainModel` and `weightsOrigin`; `bad-option` for two networks of one name
 */
export async function deepOfRun(
  run: { folder: string; config: StudyConfig },
  named: readonly string[],
  program: string,
  options: DeepOfRunOptions = {},
): Promise<{ data: DeepData; files: Map<string, string | Uint8Array> }> {
  const files = new Map<string, string | Uint8Array>([[deepWorkerFile, program]]);
  const home = installedPackage('onnxruntime-web');
  if (home === undefined) throw packageMissing('onnxruntime-web');
  const ofRuntime = (file: string): DeepFile => {
    const bytes = readFileSync(join(home, 'dist', file));
    files.set(file, bytes);
    return described(file, bytes);
  };
  const programs = {
    worker: described(deepWorkerFile, Buffer.from(program)),
    program: ofRuntime(runtimeFiles.program),
    loader: ofRuntime(runtimeFiles.loader),
    binary: ofRuntime(runtimeFiles.binary),
  };
  const networks: DeepNetwork[] = [];
  const { list = readModelList(), note } = options;
  for (const name of named) {
    const path = resolveModel(name, options);
    const bytes = await plainModel(path, { list, note });
    const { facts, arch } = readModel(bytes, path);
    const origin = weightsOrigin(facts, path, list);
    const block = networkLabel(facts, origin);
    const file = `${block}.onnx`;
    if (files.has(file)) throw sameLabel(path, block);
    files.set(file, bytes);
    const { features } = arch;
    networks.push({ block, origin, features, ...described(file, bytes) });
  }
  const { extraction } = run.config;
  const choices = Object.fromEntries(
    (extraction?.scans ?? []).map((scan) => [scan, extraction ? deepOf(extraction, scan) : {}]),
  );
  return {
    data: { networks, programs, choices, columns: await columnsOf(run.folder, networks) },
    files: new Map([...files].map(([name, content]) => [`${deepFolder}/${name}`, content])),
  };
}

function described(file: string, bytes: Uint8Array): DeepFile {
  return { file, bytes: bytes.length, sha256: sha256(bytes) };
}

/** Mean and deviation of the run's columns of these networks, whatever the file that the study keeps them in. */
async function columnsOf(
  folder: string,
  networks: readonly DeepNetwork[],
): Promise<DeepData['columns']> {
  const columns: Record<string, { n: number; mean: number; sd: number }> = {};
  const home = join(folder, runFiles.features);
  const tables = existsSync(home)
    ? readdirSync(home).filter((name) => /\.parquet$/.test(name))
    : [];
  for (const file of tables.sort()) {
    const shapes = columnShapes(await readParquet(join(home, file)), { endpoints: [] });
    for (const [name, { n, mean, sd }] of Object.entries(shapes)) {
      if (networks.some(({ block }) => name.split('.').at(-1)?.replace(/_\d+$/, '') === block))
        columns[name] = { n, mean, sd };
    }
  }
  return columns;
}
