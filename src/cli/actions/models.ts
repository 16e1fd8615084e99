import { join, resolve } from 'node:path';
import type { NetworkName, NetworkVariant } from '../../deep/architecture.ts';
import { convertModel } from '../../deep/models/convert-model.ts';
import { inspectModel } from '../../deep/models/inspect-model.ts';
import { readModelList } from '../../deep/models/model-list.ts';
import {
  fetchModel,
  listModels,
  modelsFolder,
  onnxName,
  resolveModel,
} from '../../deep/models/model-store.ts';
import { unpin } from '../../deep/models/pins.ts';
import { randomNetworkName, writeRandomNetwork } from '../../deep/models/random-network.ts';
import { verifyModel } from '../../deep/models/verify-model.ts';
import { NacreError } from '../../runtime/errors.ts';
import { textTable } from '../../runtime/terminal/text-table.ts';
import { interruptible } from '../interruptible.ts';
import { printAssumption } from '../print-assumption.ts';

interface StoreFlags {
  models?: string;
  list?: string;
}

export function forgetCommand(files: readonly string[], { models }: StoreFlags): void {
  for (const file of files) {
    const known = unpin(file, { models }) || unpin(resolve(modelsFolder(models), file), { models });
    process.stdout.write(`${file}: ${known ? 'forgotten' : 'was not pinned'}\n`);
  }
}

export function listCommand(flags: StoreFlags & { json?: boolean }): void {
  const list = readModelList(flags.list);
  const statuses = listModels({ models: flags.models, list });
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(statuses, null, 2)}\n`);
    return;
  }
  const rows = statuses.map(({ id, file, bytes, bytesHere, checkpoint, onnx, sha256Sources }) => [
    id,
    file,
    bytes === undefined ? '–' : String(bytes),
    checkpoint === undefined ? 'no' : `${bytesHere} bytes`,
    onnx === undefined ? 'no' : 'yes',
    sha256Sources === 'one' ? 'one source only' : 'several sources',
  ]);
  const header = ['id', 'file', 'bytes', 'here', 'converted', 'sha256 known from'];
  process.stdout.write(
    `${list.title}\n${list.citation}\nLicence: ${list.licence}. Folder: ${modelsFolder(flags.models)}\n\n` +
      `${textTable(header, rows)}\n`,
  );
}

export async function fetchCommand(
  ids: string[],
  flags: StoreFlags & { mirror?: string },
): Promise<void> {
  const list = readModelList(flags.list);
  await interruptible('what came is kept, the same command resumes', async (signal) => {
    for (const id of ids.includes('all') ? list.models.map((model) => model.id) : ids) {
      let shownTenth = -1;
      const { path, result } = await fetchModel(id, {
        models: flags.models,
        list,
        mirror: flags.mirror,
        signal,
        onProgress(done, total) {
          const tenth =
            total === undefined ? Math.floor(done / 2e7) : Math.floor((10 * done) / total);
          if (tenth === shownTenth) return;
          shownTenth = tenth;
          process.stderr.write(
            `${id}: ${(done / 1e6).toFixed(0)}${total === undefined ? '' : ` of ${(total / 1e6).toFixed(0)}`} MB\n`,
          );
        },
      });
      process.stdout.write(`${path}: ${result}, sha256 verified\n`);
    }
  });
}

export async function convertCommand(
  model: string,
  flags: StoreFlags & {
    to?: string;
    architecture?: NetworkName;
    variant?: NetworkVariant;
    stemStride?: 1 | 2;
    ignoreExtra?: boolean;
  },
): Promise<void> {
  const { architecture, variant, stemStride, ignoreExtra } = flags;
  const list = readModelList(flags.list);
  const path = resolveModel(model, { models: flags.models, list });
  if (/\.onnx$/i.test(path)) {
    throw new NacreError('bad-option', 'the model is converted already', {
      file: path,
      expected: 'a .pth, .pt or .safetensors file',
    });
  }
  const target = flags.to ?? onnxName(path, variant);
  const options = { architecture, variant, stemStride, ignoreExtra, list };
  await convertModel(path, target, { ...options, note: printAssumption });
  process.stdout.write(`${target}\n`);
}

export async function verifyCommand(named: string[], flags: StoreFlags): Promise<void> {
  const options = { models: flags.models, list: readModelList(flags.list) };
  const here = listModels(options).flatMap(({ checkpoint, onnx }) => [checkpoint, onnx]);
  const paths =
    named.length > 0
      ? named.map((name) => resolveModel(name, options))
      : here.filter((path) => path !== undefined);
  if (paths.length === 0) {
    throw new NacreError('model-missing', 'no model is here', {
      file: modelsFolder(flags.models),
      todo: 'fetch one (nacre models fetch resnet34)',
    });
  }
  for (const path of paths) {
    const { facts, origin, sha256, forward } = await verifyModel(path, { list: options.list });
    const what = {
      official: 'an official MedicalNet checkpoint',
      random: `RANDOM weights (seed ${facts.randomSeed}), not MedicalNet`,
      own: 'not one of the listed checkpoints',
    }[origin];
    process.stdout.write(
      `${path}: ${facts.network}, ${facts.variant}, ${what}\n` +
        `  sha256 ${sha256}\n  forward pass 48³: ${forward.features} features, ` +
        `mean ${forward.mean.toPrecision(4)}, largest ${forward.largest.toPrecision(4)}, ` +
        `${forward.milliseconds.toFixed(0)} ms\n`,
    );
  }
}

export async function inspectCommand(model: string, flags: StoreFlags): Promise<void> {
  const list = readModelList(flags.list);
  const path = resolveModel(model, { models: flags.models, list });
  const { facts, proposal } = await inspectModel(path, {
    list,
    ignoreExtra: true,
    note: printAssumption,
  });
  process.stdout.write(`${path}\n${facts.map((line) => `  ${line}\n`).join('')}`);
  if (proposal !== '') process.stdout.write(`\nextractors:\n${proposal}\n`);
}

export function randomCommand(
  architecture: NetworkName,
  flags: StoreFlags & { seed: number; to?: string },
): void {
  const { seed } = flags;
  const path = flags.to ?? join(modelsFolder(flags.models), randomNetworkName(architecture, seed));
  writeRandomNetwork(path, architecture, { seed });
  process.stdout.write(`${path}: RANDOM weights (seed ${seed}), not MedicalNet\n`);
}
