import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { architecture } from '../deep/architecture.ts';
import { readNetwork } from '../deep/models/convert-model.ts';
import { listedModel, readModelList } from '../deep/models/model-list.ts';
import { resolveModel } from '../deep/models/model-store.ts';
import { pin, pinsFile } from '../deep/models/pins.ts';
import { randomNetworkName } from '../deep/models/random-network.ts';
import { networkLabel, requireListed, weightsOrigin } from '../deep/models/weights-origin.ts';
import type { OnnxChoice, OnnxSettings } from '../deep/onnx-file/onnx-choice.ts';
import { OnnxEncoder } from '../deep/onnx-file/onnx-encoder.ts';
import { type PreprocessingChoice, preprocessing } from '../deep/preprocessing.ts';
import { type Assumption, AssumptionLog } from '../runtime/assumptions.ts';
import { codeHash } from '../runtime/code-hash.ts';
import { isNacreError, NacreError, unknownName } from '../runtime/errors.ts';
import { sha256OfFile } from '../runtime/hash-file.ts';
import { runTasks } from '../runtime/run-tasks.ts';
import { workerModule } from '../runtime/worker-thread.ts';
import { deepOf, type Extraction } from './extraction.ts';
import type { NetworkExtractor } from './extractor-choice.ts';
import {
  channelScans,
  type ExtractorName,
  extractorNames,
  extractorsOf,
  type OwnCheckpoint,
  ownCheckpoint,
  ownOnnx,
} from './extractor-choice.ts';
import { hashFile, makeRandomNetwork, type RandomNetworkTask } from './make-random-network.ts';

/** A network that makes a table. */
export interface ExtractionNetwork {
  extractor: ExtractorName;
  /** Path of the checkpoint, or of the converted random network. */
  path: string;
  file: string;
  sha256: string;
  /** Name in columns: `resnet34`, `resnet34-random0`, `resnet34-own1a2b3c4d`, or the extractor's own name. */
  label: string;
  /** Values it gives per region. */
  features: number;
  /** Title in tables, where the study gives one. */
  title?: string | undefined;
  /** Seed of random weights; undefined for a published checkpoint. */
  randomSeed?: number | undefined;
  /** How weights of the user's own are read; undefined for published and random ones. */
  checkpoint?: Pick<OwnCheckpoint, 'variant' | 'stemStride' | 'ignoreExtra'> | undefined;
  /** How an ONNX file of any maker is used; undefined for networks that nacre builds. */
  onnx?: (OnnxSettings & Pick<OnnxChoice, 'deep'>) | undefined;
  /** Scans that are channels of one input; undefined for one scan at a time. */
  channels?: readonly string[] | undefined;
  /** Assumptions on the user's weights: parts that were ignored, choices between two readings. */
  assumptions?: readonly Assumption[] | undefined;
}

/**
 * The networks of an extraction: checkpoints of the model store, or seeded random networks, made where they are not there yet
 * and kept in the cache.
 *
 * @throws NacreError `model-missing` (`weights: installed`), `checksum-mismatch` for a file that is not the published one or
 *   not the one that the study names, `write-failed`; of `modelFromCheckpoint` for weights of the user's own
 */
export async function extractionNetworks(
  extraction: Extraction,
  { cache, models, workers, folder }: NetworkPlaces,
): Promise<ExtractionNetwork[]> {
  const { extractors } = extraction;
  const names = extractorsOf(extractors).filter((name) => name !== 'radiomics');
  const fromStudy = new Map<string, ExtractionNetwork>();
  for (const extractor of names) {
    const checkpoint = ownCheckpoint(extractors, extractor);
    const onnx = ownOnnx(extractors, extractor);
    if (checkpoint !== undefined) {
      fromStudy.set(extractor, await openOwnCheckpoint(extractor, checkpoint, { models, folder }));
    } else if (onnx !== undefined) {
      fromStudy.set(extractor, await openOnnx(extractor, onnx, extraction, { models, folder }));
    }
  }
  const builtIn = await builtInNetworks(
    names.filter((name): name is NetworkExtractor => !fromStudy.has(name)),
    extraction,
    { cache, models, workers },
  );
  return names.map(
    (name) =>
      fromStudy.get(name) ??
      (builtIn.find(({ extractor }) => extractor === name) as ExtractionNetwork),
  );
}

export interface NetworkPlaces {
  cache: string;
  /** Folder of the model store. */
  models?: string | undefined;
  workers: number;
  /** Base folder of relative paths in the study. Default: the working folder. */
  folder?: string | undefined;
}

async function builtInNetworks(
  wanted: readonly NetworkExtractor[],
  { weights, weightsSeed: seed }: Extraction,
  { cache, models, workers }: NetworkPlaces,
): Promise<ExtractionNetwork[]> {
  if (wanted.length === 0) return [];
  // Other code may draw other weights, so each version of the code has its own folder.
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
  const onDone = (hash: string, { path }: RandomNetworkTask) => void hashes.set(path, hash);
  await runTasks<RandomNetworkTask, string>(
    missing,
    {
      module: workerModule(import.meta.url, './random-network-worker'),
      here: async () => ({ work: makeRandomNetwork }),
    },
    { workers, onDone },
  );
  const networks: ExtractionNetwork[] = [];
  const list = readModelList();
  for (const { extractor, path, seed: drawn } of found) {
    const hash = hashes.get(path) ?? (await sha256OfFile(path));
    // A file name proves nothing: other, random, or another network's weights may have it.
    if (drawn === undefined) requireListed(listedModel(list, extractor), hash, path);
    networks.push({
      extractor,
      path,
      file: basename(path),
      sha256: hash,
      label: drawn === undefined ? extractor : `${extractor}-random${drawn}`,
      features: architecture(extractor).features,
      ...(drawn === undefined ? {} : { randomSeed: drawn }),
    });
  }
  return networks;
}

/** A network of any maker, which the study names by path and SHA-256. Its settings are checked before any scan is read. */
async function openOnnx(
  extractor: string,
  choice: OnnxChoice,
  extraction: Extraction,
  { models, folder }: Pick<NetworkPlaces, 'models' | 'folder'>,
): Promise<ExtractionNetwork> {
  const { onnx, sha256: named, title, deep, ...settings } = choice;
  const path = pathOf(onnx, { models, folder });
  const channels = channelScans(extraction.extractors, extractor);
  const stray = channels?.find((scan) => !extraction.scans.includes(scan));
  if (stray !== undefined) {
    throw unknownName('a channel is no scan of the extraction', stray, extraction.scans, {
      column: `extraction.extractors.${extractor}.input.channels`,
    });
  }
  const encoder = await OnnxEncoder.load(path, settings, { name: extractor, sha256: named });
  const { sha256: hash } = encoder.contents;
  try {
    encoder.requireSize(deep.size as PreprocessingChoice['size']);
    const trusted = named === undefined ? trustOnFirstUse(extractor, path, hash, models) : [];
    for (const scan of channels?.slice(0, 1) ?? extraction.scans) {
      const settings = preprocessing(
        encoder.preprocessing({ ...deepOf(extraction, scan), ...deep }),
      );
      const sameInput =
        settings.crop === 'image' && settings.region === 'boxed' && settings.normalise !== 'region';
      if (!sameInput || new Set(extraction.regions).size < 2) continue;
      throw new NacreError('bad-config', 'both regions would have the same deep features', {
        column: `extraction.extractors.${extractor}.deep`,
        found: `crop: image with region: boxed: ${extractor} would see the whole scan twice`,
        expected: 'an input that depends on the region',
        todo: 'take region: masked or crop: region, or one region (regions: [intra])',
      });
    }
    return {
      extractor,
      path,
      file: basename(path),
      sha256: hash,
      label: extractor,
      features: encoder.features,
      title,
      onnx: { ...settings, deep },
      channels,
      assumptions: [
        ...trusted,
        ...(channels === undefined
          ? []
          : [
              {
                kind: 'channels-of-one-region',
                found: `${channels.join(', ')} as channels of ${extractor}, each with a mask of its own`,
                taken: `the mask and the grid of ${channels[0]}`,
                why: 'channels of one input share a region; the first names it',
              },
            ]),
      ],
    };
  } finally {
    await encoder.dispose();
  }
}

/** From the study file, else by its file name in the model store. */
function pathOf(
  named: string,
  { models, folder }: Pick<NetworkPlaces, 'models' | 'folder'>,
): string {
  const fromStudy = resolve(folder ?? '.', named);
  return existsSync(fromStudy) ? fromStudy : resolveModel(named, { models });
}

/** Weights that the study names by path and SHA-256. */
async function openOwnCheckpoint(
  extractor: string,
  { checkpoint, sha256: named, title, ...reading }: OwnCheckpoint,
  { models, folder }: Pick<NetworkPlaces, 'models' | 'folder'>,
): Promise<ExtractionNetwork> {
  const path = pathOf(checkpoint, { models, folder });
  const hash = await sha256OfFile(path);
  if (named !== undefined && hash !== named) {
    throw new NacreError(
      'checksum-mismatch',
      `the weights of ${extractor} differ from the sha256 in the study`,
      {
        file: path,
        column: `extraction.extractors.${extractor}.sha256`,
        found: `sha256 ${hash}`,
        expected: `sha256 ${named}`,
        todo: 'replace the file by the intended one, or correct its sha256',
      },
    );
  }
  const log = new AssumptionLog();
  if (named === undefined) log.noteAll(trustOnFirstUse(extractor, path, hash, models));
  const { facts, arch } = await readNetwork(path, { ...reading, note: log.note });
  const origin = weightsOrigin(facts, path, readModelList());
  const builtIn = extractorNames.some((name) => name === extractor);
  if (builtIn && facts.network !== extractor) {
    throw new NacreError('checkpoint-mismatch', `the weights are not those of ${extractor}`, {
      file: path,
      column: `extraction.extractors.${extractor}`,
      found: facts.network,
      expected: extractor,
      todo: 'give the extractor a name of its own',
    });
  }
  return {
    extractor,
    path,
    file: basename(path),
    sha256: hash,
    label: builtIn ? networkLabel(facts, origin) : extractor,
    features: arch.features,
    title,
    checkpoint: reading,
    ...(facts.randomSeed === undefined ? {} : { randomSeed: facts.randomSeed }),
    assumptions: log.list(),
  };
}

/** Pins a file that the study names without its SHA-256. */
function trustOnFirstUse(
  extractor: string,
  path: string,
  hash: string,
  models: string | undefined,
): Assumption[] {
  pin(path, hash, { models });
  // The same record on every use: the bytes of a run must not depend on how often a file was used.
  return [
    {
      kind: 'trusted-on-first-use',
      found: `${extractor} without a sha256 in the study`,
      taken: `the file with sha256 ${hash}, pinned in ${pinsFile} of the model store`,
      why: `whether it is what its authors published was not checked; write the sha256 into the study`,
    },
  ];
}

/** SHA-256 of a network; undefined where it is missing, or where nacre wrote it and it changed since. */
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
export function networkColumns({ label, features }: ExtractionNetwork): string[] {
  return Array.from({ length: features }, (_, f) => `${label}_${f}`);
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
