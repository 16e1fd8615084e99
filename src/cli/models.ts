import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { networkNames, networkVariants } from '../deep/architecture.ts';
import { onUse } from './on-use.ts';

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
    .action(onUse(() => import('./actions/models.ts'), 'listCommand'));

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
    .action(onUse(() => import('./actions/models.ts'), 'fetchCommand'));

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
    .action(onUse(() => import('./actions/models.ts'), 'convertCommand'));

  store(models.command('verify'))
    .description('checksum, keys, values and a forward pass')
    .argument('[models...]', 'ids or paths. Default: all that are here')
    .action(onUse(() => import('./actions/models.ts'), 'verifyCommand'));

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
    .action(onUse(() => import('./actions/models.ts'), 'inspectCommand'));

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
    .action(onUse(() => import('./actions/models.ts'), 'forgetCommand'));

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
    .action(onUse(() => import('./actions/models.ts'), 'randomCommand'));
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

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number of 0 or more');
}
