import { basename, dirname, join } from 'node:path';
import { modelFromCheckpoint } from '../deep/models/convert-model.ts';
import { randomNetworkBytes, randomNetworkName } from '../deep/models/random-network.ts';
import { sha256 } from '../runtime/hash.ts';
import { partOf, removeQuietly, writeScratch, writeWhole } from '../runtime/write-whole.ts';
import type { NetworkExtractor } from './extractor-choice.ts';

/** Task of a worker: one random network. */
export interface RandomNetworkTask {
  extractor: NetworkExtractor;
  seed: number;
  /** Path of the converted network. */
  path: string;
}

/**
 * Makes a random network: the checkpoint in its true form, converted; only the converted one is kept.
 *
 * @returns SHA-256 of the converted network
 */
export async function makeRandomNetwork({
  extractor,
  seed,
  path,
}: RandomNetworkTask): Promise<string> {
  // The network stores the name of its source. A folder per process keeps that name, and thus the bytes, the same everywhere.
  const folder = partOf(join(dirname(path), extractor));
  const checkpoint = join(folder, randomNetworkName(extractor, seed));
  try {
    writeScratch(checkpoint, randomNetworkBytes(extractor, { seed }));
    const model = await modelFromCheckpoint(checkpoint);
    // The hash is written first: a network without a hash counts as missing, a damaged one does not match its hash.
    const hash = sha256(model);
    writeWhole(hashFile(path), `${hash}  ${basename(path)}\n`);
    writeWhole(path, model);
    return hash;
  } finally {
    removeQuietly(folder);
  }
}

/** As `sha256sum` writes and checks it. */
export function hashFile(path: string): string {
  return `${path}.sha256`;
}
