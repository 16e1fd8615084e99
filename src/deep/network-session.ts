import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { isNacreError } from '../runtime/errors.ts';
import { removeQuietly, writeScratch } from '../runtime/write-whole.ts';
import { modelBytes, modelInTwoFiles, type OnnxModel } from './onnx/model-bytes.ts';
import { createSession } from './session.ts';
import type { SessionOptions } from './session-options.ts';

/**
 * Loads a network that nacre built into onnxruntime, its weights by way of a file that is removed at once: the runtime
 * maps the file into memory, where bytes handed to it are copied twice. Where the temporary folder has no room, and on
 * Windows, which removes no file in use, the bytes are handed over: the same features for three times the memory.
 *
 * @param file named in errors
 * @throws NacreError of `createSession`
 */
export async function openNetwork(
  model: OnnxModel,
  file: string,
  options: SessionOptions,
): Promise<InferenceSession> {
  const folder = process.platform === 'win32' ? undefined : writeFolder(model);
  if (folder === undefined) return createSession(modelBytes(model), file, options);
  const remove = () => removeQuietly(folder);
  // A command that is interrupted ends the process before the session stands.
  process.once('exit', remove);
  try {
    return await createSession(join(folder, modelName), file, options);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

const modelName = 'model.onnx';
const weightsName = 'weights.bin';

/** A new folder with the two files of a model; undefined where they cannot be written. */
function writeFolder(network: OnnxModel): string | undefined {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'nacre-network-'));
    const { model, weights } = modelInTwoFiles(network, weightsName);
    writeScratch(join(folder, modelName), model);
    writeScratch(join(folder, weightsName), weights);
    return folder;
  } catch (cause) {
    if (folder !== undefined) removeQuietly(folder);
    // Without a folder there is no room to write; weights that cannot be used are an error wherever they are written.
    if (folder === undefined || isNacreError(cause, 'write-failed')) return undefined;
    throw cause;
  }
}
