import { rmSync } from 'node:fs';
import { extname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type NetworkVariant, networkVariants } from '../deep/architecture.ts';
import { type PooledLayer, ResNetEncoder } from '../deep/encoder.ts';
import type { PreprocessingChoice } from '../deep/preprocessing.ts';
import { occlusionSaliency } from '../deep/saliency.ts';
import type { CaseFailure } from '../features/case-failure.ts';
import { emptyColumns, encodeBatch, readRegion } from '../features/encode-batch.ts';
import { readBatch } from '../features/radiomics-case.ts';
import { niftiBytes } from '../imaging/nifti-bytes.ts';
import type { RegionChoice } from '../imaging/tumour-regions.ts';
import { startProgress } from '../runtime/terminal/progress.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import { writeCsv, writeCsvColumns } from '../table/csv.ts';
import type { Separator } from '../table/csv-cells.ts';
import { type FeatureTable, featureTable } from '../table/feature-table.ts';
import { writeParquet } from '../table/parquet.ts';
import { advised } from './advised-flags.ts';
import { exitCodes } from './exit-codes.ts';
import { stemStrideOption } from './models.ts';
import { oldSpelling } from './old-spelling.ts';
import { printAssumption } from './print-assumption.ts';
import {
  addressed,
  type DicomFlags,
  dicomOptions,
  maskThreshold,
  refusePartsOfBatch,
  resampleMask,
  ringWithin,
} from './region-options.ts';
import { separatorOption } from './separator-option.ts';

interface EncodeFlags extends DicomFlags {
  model: string[];
  models?: string;
  separator?: Separator;
  label: number;
  region: 'intra' | 'peri';
  ring: number;
  ringWithin: 'body' | 'scan';
  maskThreshold?: number;
  resampleMask?: boolean;
  modality?: string;
  patient: string;
  preset: 'roi' | 'medicalnet';
  size?: number;
  spacing?: number;
  margin?: number;
  keep?: boolean;
  fill?: 'zero' | 'noise';
  seed?: number;
  layers: PooledLayer[];
  variant?: NetworkVariant;
  stemStride?: 1 | 2;
  device: 'cpu' | 'cuda';
  workers?: number;
  out?: string;
  saliency?: string;
  feature?: string;
}

export function register(program: Command): void {
  const [roi, series, phase, deskew] = dicomOptions();
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
    .option('--label <number>', 'value of the region in the mask', number, 1)
    .addOption(
      new Option('--region <name>', 'the region, or the ring around it')
        .choices(['intra', 'peri'])
        .default('intra'),
    )
    .option('--ring <mm>', 'width of the ring for --region peri', number, 5)
    .addOption(ringWithin())
    .addOption(maskThreshold())
    .addOption(resampleMask())
    .addOption(roi)
    .addOption(series)
    .addOption(phase)
    .addOption(deskew)
    .option('--modality <name>', 'first part of column names: ceT1')
    .option('--patient <id>', 'name of the row. In a batch: its column ID', 'case')
    .addOption(
      new Option('--preset <name>', 'see the documentation of Preprocessing')
        .choices(['roi', 'medicalnet'])
        .default('roi'),
    )
    .option('--size <voxels>', 'edge of the input', number)
    .option('--spacing <mm>', 'of the input', number)
    .option('--margin <mm>', 'around the region', number)
    .option('--keep', 'keep what is outside the region (boxed) instead of filling it (masked)')
    .addOption(new Option('--fill <how>', 'of what is outside').choices(['zero', 'noise']))
    .option('--seed <number>', 'of the noise', number)
    .addOption(
      new Option('--layers <names...>', 'which layers are pooled')
        .choices(['layer1', 'layer2', 'layer3', 'layer4'])
        .default(['layer4']),
    )
    .addOption(
      new Option(
        '--variant <name>',
        "for checkpoints. Default: medicalnet, unless the keys are MONAI's",
      ).choices(networkVariants),
    )
    .addOption(stemStrideOption())
    .addOption(new Option('--device <name>').choices(['cpu', 'cuda']).default('cpu'))
    .option('-w, --workers <n>', 'threads of one pass. Default: all cores', number)
    .option('--out <file>', '.csv or .parquet. Default: name and value a line on stdout')
    .option(
      '--saliency <file>',
      'draw what --feature rests on, as .nii.gz (occlusion; many passes)',
    )
    .option('--feature <name>', 'for --saliency, without modality and region: resnet34_127')
    .addHelpText(
      'after',
      `
Examples:
  nacre encode scan.nii.gz tumour.nii.gz --model resnet34
  nacre encode scan.nii.gz tumour.nii.gz --model resnet10 resnet34 --region peri --ring 5 \\
      --modality ceT1 --patient P021 --out P021.parquet
  nacre encode scan.nii.gz tumour.nii.gz --model resnet34 --saliency map.nii.gz --feature resnet34_127
  nacre encode cases.csv --model resnet10 resnet34 --modality ct --out ct.parquet

A batch has PyRadiomics' own form: columns Image and Mask (relative to the file), Label where wanted, ID or Patient
for the names of rows. A case that fails keeps an empty row and is listed in <out>.errors.csv.

Exit codes: 0 done, 2 usage, 3 refused (the message says why; nothing is written), 4 some cases of a batch failed.`,
    )
    .action(encodeCommand);
  oldSpelling(command, '--threads <number>', 'workers');
}

async function encodeCommand(
  input: string,
  mask: string | undefined,
  flags: EncodeFlags,
): Promise<void> {
  if ((flags.saliency === undefined) !== (flags.feature === undefined)) {
    throw new InvalidArgumentError('--saliency and --feature belong together');
  }
  if (mask === undefined && extname(input).toLowerCase() !== '.csv') {
    throw new InvalidArgumentError('name the mask after the image, or give a batch (.csv)');
  }
  if (mask === undefined && (flags.out === undefined || flags.saliency !== undefined)) {
    throw new InvalidArgumentError('a batch needs --out, and draws no saliency');
  }
  if (mask === undefined) refusePartsOfBatch(flags);
  const { model, models, device, workers, layers, variant, stemStride } = flags;
  const encoder = await ResNetEncoder.load(model, {
    ...{ models, device, threads: workers, layers, variant, stemStride },
    note: printAssumption,
  });
  try {
    for (const { block, origin } of encoder.networks) {
      if (origin === 'random') {
        process.stderr.write(`nacre: ${block} has RANDOM weights: its features mean nothing\n`);
      } else if (origin === 'own') {
        process.stderr.write(`nacre: ${block} has weights that are not those published\n`);
      }
    }
    if (mask === undefined) await encodeMany(encoder, input, flags);
    else await encodeOne(encoder, input, mask, flags);
  } finally {
    await encoder.dispose();
  }
}

async function encodeOne(encoder: ResNetEncoder, image: string, mask: string, flags: EncodeFlags) {
  const { out, saliency: drawTo, feature, patient } = flags;
  const names = namesFrom(flags);
  const choice = choiceFrom(flags);
  const reading = { ...names, regions: regionsFrom(flags), note: printAssumption };
  const { volume, region } = await readRegion(addressed(image, mask, flags), reading);
  const { features, warnings } = await encoder.encode(volume, region, { ...choice, ...names });
  for (const warning of warnings) process.stderr.write(`nacre: warning: ${warning}\n`);
  if (drawTo !== undefined && feature !== undefined) {
    const { saliency } = await occlusionSaliency(encoder, volume, region, feature, choice);
    writeWhole(drawTo, niftiBytes(saliency));
    process.stderr.write(`${drawTo}\n`);
  }
  if (out === undefined) {
    for (const { names, values } of features) {
      process.stdout.write(names.map((name, f) => `${name}\t${values[f]}\n`).join(''));
    }
    return;
  }
  const columns = emptyColumns({ features }, 1, names);
  const values = features.flatMap((each) => [...each.values]);
  for (let c = 0; c < columns.length; c++) columns[c].values[0] = values[c];
  write(out, featureTable([patient], columns));
}

async function encodeMany(encoder: ResNetEncoder, batch: string, flags: EncodeFlags) {
  const out = flags.out ?? '';
  const cases = await readBatch(batch, { separator: flags.separator, note: printAssumption });
  const { table, failures, warnings } = await encodeBatch(encoder, cases, {
    ...choiceFrom(flags),
    ...namesFrom(flags),
    regions: regionsFrom(flags),
    progress: startProgress('encode', cases.length),
  });
  for (const { patient, warning } of warnings) {
    process.stderr.write(`nacre: warning: patient ${patient}: ${warning}\n`);
  }
  for (const { message } of failures) process.stderr.write(`nacre: ${advised(message)}\n`);
  if (failures.length === cases.length) {
    process.stderr.write(`nacre: none of ${cases.length} cases could be encoded\n`);
    process.exitCode = exitCodes.badInput;
    return;
  }
  write(out, table);
  if (failures.length === 0) {
    rmSync(`${out}.errors.csv`, { force: true });
    return;
  }
  writeFailures(`${out}.errors.csv`, failures);
  process.stderr.write(
    `nacre: ${failures.length} of ${cases.length} cases failed: ${out}.errors.csv\n`,
  );
  process.exitCode = exitCodes.someFailed;
}

function namesFrom({ modality, region }: EncodeFlags) {
  return { modality, regionName: region };
}

function regionsFrom(flags: EncodeFlags): RegionChoice {
  return {
    label: flags.label,
    maskThreshold: flags.maskThreshold,
    resampleMask: flags.resampleMask,
    ringMm: flags.ring,
    ringWithin: flags.ringWithin,
  };
}

function choiceFrom(flags: EncodeFlags): PreprocessingChoice {
  return {
    preset: flags.preset,
    ...(flags.size === undefined ? {} : { size: flags.size }),
    ...(flags.spacing === undefined ? {} : { spacing: flags.spacing }),
    ...(flags.margin === undefined ? {} : { marginMm: flags.margin }),
    ...(flags.keep ? { region: 'boxed' as const } : {}),
    ...(flags.fill === undefined ? {} : { fill: flags.fill }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
  };
}

function write(out: string, table: FeatureTable): void {
  if (/\.parquet$/i.test(out)) writeParquet(out, table);
  else writeCsv(out, table);
  process.stdout.write(`${out}\n`);
}

function writeFailures(path: string, failures: readonly CaseFailure[]): void {
  const text = (name: string, of: (failure: CaseFailure) => string) => ({
    name,
    type: 'STRING' as const,
    data: failures.map(of),
  });
  writeCsvColumns(path, [
    text('row', ({ row }) => String(row)),
    text('patient', ({ patient = '' }) => patient),
    text('code', ({ code }) => code),
    text('message', ({ message }) => message),
  ]);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('a number of 0 or more');
}
