import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type DownloadOptions, type DownloadResult, download } from '../../runtime/download.ts';
import { NacreError } from '../../runtime/errors.ts';
import { type ListedModel, listedModel, type ModelList, readModelList } from './model-list.ts';

/** Folder of the models: the folder named, else `NACRE_MODELS`, else `models/` of the working folder. */
export function modelsFolder(named?: string): string {
  const fromEnvironment = process.env.NACRE_MODELS;
  if (named !== undefined && named !== '') return resolve(named);
  if (fromEnvironment !== undefined && fromEnvironment !== '') return resolve(fromEnvironment);
  return resolve('models');
}

export interface ModelStoreOptions {
  /** Folder of the store. Default: `NACRE_MODELS`, else `models/` of the working folder. */
  models?: string | undefined;
  /** Default: MedicalNet's official files. */
  list?: ModelList | undefined;
}

export interface ModelStatus extends ListedModel {
  /** Path of the checkpoint in the store; undefined until fetched. */
  checkpoint?: string | undefined;
  /** Bytes of it, undefined until fetched. */
  bytesHere?: number | undefined;
  /** Path of the converted network; undefined until converted. */
  onnx?: string | undefined;
}

/** The listed models, and which of them are installed (by file name; `verifyModel` checks the contents). */
export function listModels(options: ModelStoreOptions = {}): ModelStatus[] {
  const folder = modelsFolder(options.models);
  return (options.list ?? readModelList()).models.map((model) => {
    const checkpoint = join(folder, model.file);
    const onnx = onnxName(checkpoint);
    const here = existsSync(checkpoint);
    return {
      ...model,
      checkpoint: here ? checkpoint : undefined,
      bytesHere: here ? statSync(checkpoint).size : undefined,
      onnx: existsSync(onnx) ? onnx : undefined,
    };
  });
}

export interface FetchModelOptions extends DownloadOptions, ModelStoreOptions {}

/**
 * Brings a published checkpoint into the store: resumes a partial download, verifies bytes and SHA-256, and shows the
 * file only when they are right.
 *
 * @param id `resnet10`, `resnet18`, `resnet34` or `resnet50`
 * @throws NacreError `unknown-name`, `checksum-mismatch`, `download-failed`, `file-missing`
 */
export async function fetchModel(
  id: string,
  options: FetchModelOptions = {},
): Promise<{ path: string; result: DownloadResult }> {
  const model = listedModel(options.list ?? readModelList(), id);
  const path = join(modelsFolder(options.models), model.file);
  const { url, sha256, bytes } = model;
  const result = await download({ url, sha256, bytes }, path, options);
  return { path, result };
}

/** The converted network that belongs to a checkpoint: the same name with `.onnx`. */
export function onnxName(checkpoint: string, variant = 'medicalnet'): string {
  const stem = checkpoint.replace(/\.(pth|pt|bin|safetensors|tar|onnx)$/i, '');
  return `${stem}${variant === 'medicalnet' ? '' : `_${variant}`}.onnx`;
}

/**
 * The file that a user means: a path, a file name in the store, or the id of a listed model.
 *
 * @throws NacreError `model-missing` with what to run
 */
export function resolveModel(named: string, options: ModelStoreOptions = {}): string {
  const folder = modelsFolder(options.models);
  for (const path of [named, join(folder, basename(named))]) {
    if (existsSync(path) && statSync(path).isFile()) return path;
  }
  const list = options.list ?? readModelList();
  const listed = list.models.find(({ id }) => id === named);
  if (listed !== undefined) {
    const checkpoint = join(folder, listed.file);
    if (existsSync(checkpoint)) return checkpoint;
    throw new NacreError('model-missing', `the weights of ${named} are not here`, {
      file: checkpoint,
      expected: `${listed.file} of MedicalNet`,
      todo:
        `fetch them (nacre models fetch ${named}), copy them there, or make a random network ` +
        `for trying things out (nacre models random ${listed.architecture})`,
    });
  }
  throw new NacreError('model-missing', 'no such model', {
    file: named,
    expected: `a .pth, .safetensors or .onnx file, or one of ${list.models.map(({ id }) => id).join(', ')}`,
    todo: 'check the path (nacre models list shows what is here)',
  });
}
