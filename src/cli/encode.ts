import { type Command, Option } from 'commander';
import { networkVariants } from '../deep/architecture.ts';
import { poolings } from '../deep/onnx-file/poolings.ts';
import { devices } from '../deep/session-options.ts';
import { count } from './count.ts';
import { stemStrideOption } from './models.ts';
import { oldSpelling } from './old-spelling.ts';
import { onUse } from './on-use.ts';
import { number, preprocessingOptions } from './preprocessing-options.ts';
import { regionOptions } from './region-options.ts';
import { separatorOption } from './separator-option.ts';

export function register(program: Command): void {
  const command = program
    .command('encode')
    .description('deep features of a region, or of a batch of them, by one or several networks')
    .argument(
      '<input>',
      'the scan (NIfTI, NRRD, DICOM file or folder), or a batch: a .csv with columns Image, Mask',
    )
    .argument('[mask]', 'of the scan, on the same grid')
    .requiredOption('--model <names...>', 'ids (resnet34) or paths of .pth, .safetensors, .onnx')
    .option('--models <folder>', 'where models are kept. Default: $NACRE_MODELS, else ./models')
    .addOption(separatorOption('a batch'))
    .option('--label <number>', 'value of the region in the mask', number, 1);
  regionOptions(command)
    .option('--modality <name>', 'first part of column names: ceT1')
    .option('--patient <id>', 'name of the row. In a batch: its column ID', 'case')
    .addOption(
      new Option('--layers <names...>', 'which layers are pooled. Default: layer4').choices([
        'layer1',
        'layer2',
        'layer3',
        'layer4',
      ]),
    )
    .addOption(
      new Option(
        '--variant <name>',
        "for checkpoints. Default: medicalnet, unless the keys are MONAI's",
      ).choices(networkVariants),
    )
    .addOption(stemStrideOption())
    .addOption(
      new Option(
        '--pool <how>',
        'over space: the mean, the largest; none (ONNX alone): every value',
      )
        .choices(poolings)
        .default('mean'),
    )
    .option('--axes <letters>', 'of an ONNX file: NCZYX, NCXYZ (MONAI), NCYX (slice by slice) …')
    .option('--channels <n>', 'of an ONNX file: the scan, repeated in so many channels', count)
    .option('--further-scans <files...>', 'of an ONNX file: scans that are its further channels')
    .option('--network-output <name>', 'of an ONNX file with several outputs')
    .addOption(
      new Option('--device <name>', 'auto: an accelerator where there is one, else the CPU')
        .choices(devices)
        .default('cpu'),
    )
    .option('--verbose', "onnxruntime's own log on stderr")
    .option(
      '-w, --workers <n>',
      'threads of one pass, at most as many as keep every bit: 4 from 48³ voxels on, else 2; below 24³, and for an ONNX file of another maker, 1. Default: all cores',
      number,
    )
    .option('--out <file>', '.csv or .parquet. Default: name and value per line on stdout')
    .option(
      '--save-input <files...>',
      'what the networks see, as .nii.gz (in the place of the patient) or .npy (depth, height, width; of several scans a file or a further axis each)',
    )
    .option(
      '--saliency <file>',
      'draw what --feature rests on, as .nii.gz (occlusion; many passes)',
    )
    .option(
      '--layer-map <file>',
      'the map whose mean is --feature, as .nii.gz on the coarser grid of its layer (one pass)',
    )
    .option(
      '--feature <name>',
      'for --saliency and --layer-map, without modality and region: resnet34_127, resnet34-layer2_5',
    )
    .addHelpText(
      'after',
      `
Examples:
  nacre encode scan.nii.gz tumour.nii.gz --model resnet34
  nacre encode scan.nii.gz tumour.nii.gz --model resnet10 resnet34 --region peri --ring 5 \\
      --modality ceT1 --patient P021 --out P021.parquet
  nacre encode scan.nii.gz tumour.nii.gz --model resnet34 --saliency map.nii.gz --feature resnet34_127
  nacre encode scan.nii.gz tumour.nii.gz --model resnet34 --layer-map map.nii.gz --feature resnet34-layer2_5
  nacre encode cases.csv --model resnet10 resnet34 --modality ct --out ct.parquet
  nacre encode scan.nii.gz tumour.nii.gz --model encoder.onnx --spacing 2 --window -160,240 --keep
  nacre encode scan.nii.gz tumour.nii.gz --model resnet10 --save-input seen.nii.gz seen.npy

A batch has PyRadiomics' own form: columns Image and Mask (relative to the file), Label where wanted, ID or Patient
for the names of rows. A case that fails keeps an empty row and is listed in <out>.errors.csv.

Tables end with the spacing of the input: a region larger than the input is seen coarser, so that its size and its texture are
mixed in the features (up to 1.9 times for large tumours); --too-large cut keeps the scale and loses the margin.

Exit codes: 0 done, 2 usage, 3 refused (the message says why; nothing is written), 4 some cases of a batch failed.`,
    )
    .action(onUse(() => import('./actions/encode.ts'), 'encodeCommand'));
  preprocessingOptions(command);
  oldSpelling(command, '--threads <number>', 'workers');
}
