import { join, resolve } from 'node:path';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import {
  type NetworkName,
  type NetworkVariant,
  networkNames,
  networkVariants,
} from '../deep/architecture.ts';
import { convertModel } from '../deep/models/convert-model.ts';
import { inspectModel } from '../deep/models/inspect-model.ts';
import { readModelList } from '../deep/models/model-list.ts';
import {
  fetchModel,
  listModels,
  modelsFolder,
  onnxName,
  resolveModel,
} from '../deep/models/model-store.ts';
import { unpin } from '../deep/models/pins.ts';
import { randomNetworkName, writeRandomNetwork } from '../deep/models/random-network.ts';
import { verifyModel } from '../deep/models/verify-model.ts';
import { NacreError } from '../runtime/errors.ts';
import { textTable } from '../runtime/terminal/text-table.ts';
import { interruptible } from './interruptible.ts';
import { printAssumption } from './print-assumption.ts';

interface StoreFlags {
  models?: string;
  list?: string;
}

export function register(program: Command): void {
  const models = program
    .command('models')
    .description('the pre-trained networks: what there is, fetch, convert, verify, random ones');
  const store = (command: Command) =>
    command
      .option('--models <folder>', 'where models are kept. Default: $NACRE_MODELS, else ./models')
      .option('--list <file>', 'another list of published checkpoints. Default: MedicalNet');

  store(models.command('list'))
    .description('published checkpoints and which of them are here')
    .option('--json', 'the same as JSON on stdout')
    .action(listCommand);

  store(models.command('fetch'))
    .description('download checkpoints and verify them; resumes')
    .argument('<ids...>', `${networkNames.join(', ')}, or all`)
    .option('--mirror <folder>', 'local copy of the files, read instead of the network')
    .addHelpText(
      'after',
      `
Examples:
  nacre models fetch resnet34
  nacre models fetch all --mirror /media/usb/medicalnet`,
    )
    .action(fetchCommand);

  store(models.command('convert'))
    .description('checkpoint (.pth, .pt, .safetensors) to ONNX; nothing in it is executed')
    .argument('<model>', 'id of a fetched model, or a path')
    .option('--to <file>', 'default: beside the checkpoint, ending in .onnx')
    .addOption(
      new Option('--architecture <name>', 'default: recognised by keys and shapes').choices(
        networkNames,
      ),
    )
    .addOption(
      new Option(
        '--variant <name>',
        "layers 3 and 4 dilated, as MedicalNet runs them, or strided, as MONAI does. Default: medicalnet, unless the keys are MONAI's",
      ).choices(networkVariants),
    )
    .addOption(stemStrideOption())
    .option('--ignore-extra', 'leave tensors outside stem and layers aside (a further head)')
    .addHelpText(
      'after',
      `
Examples:
  nacre models convert resnet34
  nacre models convert fine-tuned.pth --to fine-tuned.onnx --ignore-extra`,
    )
    .action(convertCommand);

  store(models.command('verify'))
    .description('checksum, keys, values and a forward pass')
    .argument('[models...]', 'ids or paths. Default: all that are here')
    .action(verifyCommand);

  store(models.command('inspect'))
    .description(
      'what a checkpoint or an ONNX file holds, and how a study names it; nothing is run',
    )
    .argument('<model>', 'id of a fetched model, or a path')
    .addHelpText(
      'after',
      `
Examples:
  nacre models inspect encoder.onnx
  nacre models inspect fine-tuned.pth

The lines below extractors: go into the study file. What no file states (spacing, intensities) is proposed with a remark: ask
the authors of the network. models/encoders.json holds what is publicly known of some.`,
    )
    .action(inspectCommand);

  store(models.command('forget'))
    .description(
      'take a file out of the list of those trusted on first use, since it was meant to change',
    )
    .argument('<files...>', 'paths, as a study names them')
    .addHelpText(
      'after',
      `
Examples:
  nacre models forget encoder.onnx

A study that names a network without its sha256 trusts the file on first use: its hash is kept in pins.json of the models
folder, and a file that changed since is refused.`,
    )
    .action(forgetCommand);

  store(models.command('random'))
    .description('a network of seeded random weights in true .pth form, for trying things out')
    .addArgument(new Argument('<architecture>', 'which network').choices(networkNames))
    .option('--seed <number>', 'whole number, 0 or more', wholeNumber, 0)
    .option('--to <file>', 'default: <models folder>/<architecture>_random-seed<seed>.pth')
    .addHelpText(
      'after',
      `
Examples:
  nacre models random resnet10 --seed 7

Its features are a random projection of the image: the file's name and every output say so.`,
    )
    .action(randomCommand);
}

/** For checkpoints: their keys do not determine the value. */
export function stemStrideOption(): Option {
  return new Option(
    '--stem-stride <n>',
    'stride of the stem, which the keys do not contain. Default: 2 for medicalnet, 1 for monai',
  )
    .choices(['1', '2'])
    .argParser((text) => (text === '1' ? 1 : text === '2' ? 2 : badStride()));
}

function badStride(): never {
  throw new InvalidArgumentError('1 or 2');
}

function forgetCommand(files: readonly string[], { models }: StoreFlags): void {
  for (const file of files) {
    const known = unpin(file, { models }) || unpin(resolve(modelsFolder(models), file), { models });
    process.stdout.write(`${file}: ${known ? 'forgotten' : 'was not pinned'}\n`);
  }
}

function listCommand(flags: StoreFlags & { json?: boolean }): void {
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

async function fetchCommand(ids: string[], flags: StoreFlags & { mirror?: string }): Promise<void> {
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

async function convertCommand(
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

async function verifyCommand(named: string[], flags: StoreFlags): Promise<void> {
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

async function inspectCommand(model: string, flags: StoreFlags): Promise<void> {
  const list = readModelList(flags.list);
  const path = resolveModel(model, { models: flags.models, list });
  const { facts, proposal } = await inspectModel(path, {
    list,
    ignoreExtra: true,
    note: printAssumption,
  });
  process.stdout.write(
    `${path}\n${facts.map((line) => `  ${line}\n`).join('')}\nextractors:\n${proposal}\n`,
  );
}

function randomCommand(
  architecture: NetworkName,
  flags: StoreFlags & { seed: number; to?: string },
): void {
  const { seed } = flags;
  const path = flags.to ?? join(modelsFolder(flags.models), randomNetworkName(architecture, seed));
  writeRandomNetwork(path, architecture, { seed });
  process.stdout.write(`${path}: RANDOM weights (seed ${seed}), not MedicalNet\n`);
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number of 0 or more');
}
