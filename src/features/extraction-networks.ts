import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { architecture } from '../deep/architecture.ts';
import { modelFromCheckpoint } from '../deep/models/convert-model.ts';
import { resolveModel } from '../deep/models/model-store.ts';
import { randomNetworkName, writeRandomNetwork } from '../deep/models/random-network.ts';
import { codeHash } from '../runtime/code-hash.ts';
import { isNacreError } from '../runtime/errors.ts';
import { sha256, sha256OfFile } from '../runtime/hash.ts';
import { mapInWorkers, workerModule } from '../runtime/worker-pool.ts';
import { partOf, removeQuietly, writeWhole } from '../runtime/write-whole.ts';
import type { Extraction, ExtractorName } from './extraction.ts';

export type NetworkExtractor = Exclude<ExtractorName, 'radiomics'>;

/** A network that makes a table. */
export interface ExtractionNetwork {
  extractor: NetworkExtractor;
  /** Path of the checkpoint, or of the converted random network. */
  path: string;
  file: string;
  sha256: string;
  /** Seed of random weights; undefined for a published checkpoint. */
  randomSeed?: number | undefined;
}

/** What a worker is asked: one random network. */
export interface RandomNetworkTask {
  extractor: NetworkExtractor;
  seed: number;
  /** Where the converted network goes. */
  path: string;
}

/**
 * The networks of an extraction: checkpoints of the model store, or seeded random networks, made where they are not there yet
 * and kept in the cache.
 *
 * @throws NacreError `model-missing` (`weights: installed`), `write-failed`
 */
export async function extractionNetworks(
  { extractors, weights, weightsSeed: seed }: Extraction,
  { cache, models, workers }: { cache: string; models?: string | undefined; workers: number },
): Promise<ExtractionNetwork[]> {
  const wanted = extractors.filter((name): name is NetworkExtractor => name !== 'radiomics');
  if (wanted.length === 0) return [];
  // Other code may draw other weights: a folder of their own.
  const code = codeHash([
    'deep/models',
    'deep/architecture',
    'deep/checkpoint',
    'deep/onnx',
    'runtime/random-stream',
  ]);
  const found = wanted.map((extractor) => {
    const checkpoint = weights === 'random' ? undefined : installed(extractor, weights, models);
    if (checkpoint !== undefined) return { extractor, path: checkpoint };
    const name = randomNetworkName(extractor, seed).replace(/\.pth$/, '.onnx');
    return { extractor, path: join(cache, 'models', code.slice(0, 12), name), seed };
  });
  const hashes = new Map<string, string>();
  const missing: RandomNetworkTask[] = [];
  for (const { extractor, path, seed: drawn } of found) {
    const hash = await hashOfWhole(path, drawn !== undefined);
    if (hash !== undefined) hashes.set(path, hash);
    else if (drawn !== undefined) missing.push({ extractor, seed: drawn, path });
  }
  // The largest first: the last one to end sets the time.
  missing.reverse();
  await mapInWorkers<RandomNetworkTask, void>(
    workerModule(import.meta.url, './random-network-worker'),
    missing,
    { workers },
  );
  const networks: ExtractionNetwork[] = [];
  for (const { extractor, path, seed: drawn } of found) {
    networks.push({
      extractor,
      path,
      file: basename(path),
      sha256: hashes.get(path) ?? (await sha256OfFile(path)),
      ...(drawn === undefined ? {} : { randomSeed: drawn }),
    });
  }
  return networks;
}

/** Makes a random network: the checkpoint in its true form, converted; only the converted one is kept. */
export async function makeRandomNetwork({
  extractor,
  seed,
  path,
}: RandomNetworkTask): Promise<void> {
  // The network keeps the name of its source: a folder tells two processes apart, or every machine had other bytes.
  const folder = partOf(join(dirname(path), extractor));
  const checkpoint = join(folder, randomNetworkName(extractor, seed));
  try {
    writeRandomNetwork(extractor, checkpoint, { seed });
    const made = await modelFromCheckpoint(checkpoint);
    // First its hash: a network without one counts as not there, one that was damaged since does not meet it.
    writeWhole(hashFile(path), `${sha256(made)}  ${basename(path)}\n`);
    writeWhole(path, made);
  } finally {
    removeQuietly(folder);
  }
}

/** As `sha256sum` writes and checks it. */
function hashFile(path: string): string {
  return `${path}.sha256`;
}

/** SHA-256 of a network; undefined where it is not there, or is one of ours and not as it was made. */
async function hashOfWhole(path: string, ours: boolean): Promise<string | undefined> {
  if (!ours) return sha256OfFile(path);
  try {
    const hash = await sha256OfFile(path);
    return readFileSync(hashFile(path), 'utf8').startsWith(`${hash} `) ? hash : undefined;
  } catch {
    return undefined;
  }
}

/** Names of a network's columns, without scan and region: as `ResNetEncoder` gives them. */
export function networkColumns({ extractor, randomSeed }: ExtractionNetwork): string[] {
  const block = randomSeed === undefined ? extractor : `${extractor}-random${randomSeed}`;
  const { features } = architecture(extractor);
  return Array.from({ length: features }, (_, f) => `${block}_${f}`);
}

function installed(
  extractor: NetworkExtractor,
  weights: Extraction['weights'],
  models: string | undefined,
): string | undefined {
  try {
    return resolveModel(extractor, { models });
  } catch (error) {
    const missing = isNacreError(error, 'model-missing');
    if (missing && weights === 'random-where-missing') return undefined;
    throw error;
  }
}
