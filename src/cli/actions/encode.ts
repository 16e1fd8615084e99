import { rmSync } from 'node:fs';
import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { NetworkVariant } from '../../deep/architecture.ts';
import type { PooledLayer, ResNetEncoder } from '../../deep/encoder.ts';
import { EncoderGroup, type GroupEncoding } from '../../deep/encoder-group.ts';
import { npyBytes } from '../../deep/npy.ts';
import type { PreprocessingChoice } from '../../deep/preprocessing.ts';
import { occlusionSaliency } from '../../deep/saliency.ts';
import type { Device } from '../../deep/session-options.ts';
import type { CaseFailure } from '../../features/case-failure.ts';
import { emptyColumns, encodeBatch, readRegion, rowOf } from '../../features/encode-batch.ts';
import { readBatch } from '../../features/radiomics-case.ts';
import { niftiBytes } from '../../imaging/nifti-bytes.ts';
import type { RegionChoice } from '../../imaging/tumour-regions.ts';
import type { Mask, Volume } from '../../imaging/volume.ts';
import { writeParquet } from '../../machine/parquet.ts';
import { readVolume } from '../../machine/read-volume.ts';
import { writeCsv, writeCsvColumns } from '../../machine/write-csv.ts';
import { writeNifti } from '../../machine/write-nifti.ts';
import { unknownName } from '../../runtime/errors.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { type FeatureTable, featureTable } from '../../table/feature-table.ts';
import type { Separator } from '../../table/separators.ts';
import { advised } from '../advised-flags.ts';
import { exitCodes } from '../exit-codes.ts';
import { type PreprocessingFlags, preprocessingFrom } from '../preprocessing-options.ts';
import { printAssumption } from '../print-assumption.ts';
import { addressed, type RegionFlags, refusePartsOfBatch } from '../region-options.ts';

interface EncodeFlags extends RegionFlags, PreprocessingFlags {
  model: string[];
  models?: string;
  separator?: Separator;
  label: number;
  modality?: string;
  patient: string;
  layers?: PooledLayer[];
  variant?: NetworkVariant;
  stemStride?: 1 | 2;
  pool: 'mean' | 'max' | 'none';
  axes?: string;
  channels?: number;
  furtherScans?: string[];
  networkOutput?: string;
  device: Device;
  verbose?: boolean;
  workers?: number;
  out?: string;
  saveInput?: string[];
  saliency?: string;
  layerMap?: string;
  feature?: string;
}

export async function encodeCommand(
  input: string,
  mask: string | undefined,
  flags: EncodeFlags,
): Promise<void> {
  const drawn = flags.saliency ?? flags.layerMap;
  if ((drawn === undefined) !== (flags.feature === undefined)) {
    throw new InvalidArgumentError('--feature belongs with --saliency or --layer-map');
  }
  if (mask === undefined && extname(input).toLowerCase() !== '.csv') {
    throw new InvalidArgumentError('name the mask after the image, or give a batch (.csv)');
  }
  if (mask === undefined && (flags.out === undefined || drawn !== undefined)) {
    throw new InvalidArgumentError('a batch needs --out, and draws no saliency and no layer map');
  }
  if (mask === undefined) refusePartsOfBatch(flags);
  const { model, models, device, verbose, workers, layers, variant, stemStride, pool } = flags;
  const { channels, furtherScans, axes, networkOutput } = flags;
  if (mask === undefined && (furtherScans ?? flags.saveInput) !== undefined) {
    throw new InvalidArgumentError(
      '--further-scans and --save-input are for one case, not a batch',
    );
  }
  const joint = furtherScans && ['scan', ...furtherScans.map((_, c) => `scan ${c + 2}`)];
  const encoder = await EncoderGroup.load(
    model,
    {
      ...{ models, device, verbose, threads: workers, layers, variant, stemStride },
      pool: pool === 'none' ? undefined : pool,
      note: printAssumption,
    },
    { input: { axes, channels: joint ?? channels }, output: networkOutput, pool },
  );
  try {
    requireUsed(encoder, flags);
    for (const { contents } of encoder.onnx) {
      process.stderr.write(`nacre: ${contents.file}: sha256 ${contents.sha256}\n`);
    }
    for (const { block, origin } of encoder.built?.networks ?? []) {
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

/** Refuses a flag that no network would use. */
function requireUsed({ built, onnx }: EncoderGroup, flags: EncodeFlags): void {
  if (flags.pool === 'none' && built !== undefined) {
    throw new InvalidArgumentError('--pool none is for ONNX files alone');
  }
  const refused = (names: Record<string, unknown>, whose: string) => {
    const idle = Object.entries(names).find(([, value]) => value !== undefined);
    if (idle !== undefined) throw new InvalidArgumentError(`${idle[0]} is for ${whose}`);
  };
  if (built === undefined) {
    refused(
      {
        '--layers': flags.layers,
        '--variant': flags.variant,
        '--stem-stride': flags.stemStride,
        '--layer-map': flags.layerMap,
      },
      'MedicalNet and MONAI networks, not ONNX files',
    );
    for (const one of onnx) one.requireSize(flags.size);
  }
  if (onnx.length === 0) {
    refused(
      {
        '--axes': flags.axes,
        '--channels': flags.channels,
        '--further-scans': flags.furtherScans,
        '--network-output': flags.networkOutput,
      },
      'ONNX files of other makers',
    );
  }
}

async function encodeOne(encoder: EncoderGroup, image: string, mask: string, flags: EncodeFlags) {
  const { out, saliency: drawTo, layerMap: mapTo, feature, patient } = flags;
  const names = namesFrom(flags);
  const choice = preprocessingFrom(flags);
  const reading = { ...names, regions: regionsFrom(flags), note: printAssumption };
  const { volume, region } = await readRegion(addressed(image, mask, flags), reading);
  const further: Volume[] = [];
  for (const file of flags.furtherScans ?? []) further.push(await readVolume(file));
  const encoding = await encoder.encode(volume, region, { ...choice, ...names }, further);
  const { features, warnings } = encoding;
  for (const file of flags.saveInput ?? []) saveInputs(file, encoding.seen);
  for (const warning of warnings) process.stderr.write(`nacre: warning: ${warning}\n`);
  if (drawTo !== undefined && feature !== undefined) {
    const { saliency } = await drawSaliency(encoder, [volume, ...further], region, feature, choice);
    writeWhole(drawTo, niftiBytes(saliency));
    process.stderr.write(`${drawTo}\n`);
  }
  if (mapTo !== undefined && feature !== undefined) {
    const built = encoder.built as ResNetEncoder;
    const { map } = await built.layerMap(volume, region, feature, choice);
    writeWhole(mapTo, niftiBytes(map));
    process.stderr.write(`${mapTo}\n`);
  }
  if (out === undefined) {
    for (const { names, values } of features) {
      process.stdout.write(names.map((name, f) => `${name}\t${values[f]}\n`).join(''));
    }
    return;
  }
  const columns = emptyColumns(encoding, 1, names);
  const values = rowOf(encoding);
  for (let c = 0; c < columns.length; c++) columns[c].values[0] = values[c];
  write(out, featureTable([patient], columns));
}

async function encodeMany(encoder: EncoderGroup, batch: string, flags: EncodeFlags) {
  const out = flags.out ?? '';
  const cases = await readBatch(batch, { separator: flags.separator, note: printAssumption });
  const { table, failures, warnings } = await encodeBatch(encoder, cases, {
    ...preprocessingFrom(flags),
    ...namesFrom(flags),
    regions: regionsFrom(flags),
    progress: (total) => startProgress('encode', total),
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

/** Draws the saliency by the network that has the feature, because each ONNX file has its own input. */
function drawSaliency(
  { built, onnx }: EncoderGroup,
  [volume, ...further]: readonly Volume[],
  region: Mask,
  feature: string,
  choice: PreprocessingChoice,
) {
  let progress: ReturnType<typeof startProgress> | undefined;
  const onPass = (done: number, passes: number) => {
    progress ??= startProgress('saliency', passes);
    progress.tick();
    if (done === passes) progress.stop();
  };
  const owner = onnx.find(({ block }) => feature.startsWith(`${block}_`));
  if (owner !== undefined) {
    return occlusionSaliency(owner, volume, region, feature, { ...choice, further, onPass });
  }
  if (built === undefined) {
    throw unknownName(
      'no network has this feature',
      feature,
      onnx.map(({ block }) => `${block}_0`),
    );
  }
  return occlusionSaliency(built, volume, region, feature, { ...choice, onPass });
}

/**
 * Writes what each network saw: the first under the name that was given, those of further ONNX files with the network's name
 * behind it. Several scans are a further axis of an .npy, and a NIfTI file each.
 */
function saveInputs(file: string, seen: GroupEncoding['seen']): void {
  const ending = /\.npy$|\.nii(\.gz)?$|$/i.exec(file)?.[0] ?? '';
  const stem = file.slice(0, file.length - ending.length);
  const save = (path: string, writeTo: (path: string) => void) => {
    writeTo(path);
    process.stderr.write(`${path}\n`);
  };
  for (const [n, { block, channels }] of seen.entries()) {
    const base = n === 0 ? stem : `${stem}-${block}`;
    const [{ shape, data }] = channels;
    if (/npy$/i.test(ending)) {
      const all = new Float32Array(data.length * channels.length);
      for (const [c, channel] of channels.entries()) all.set(channel.data, c * data.length);
      const dims = channels.length === 1 ? shape : [channels.length, ...shape];
      save(`${base}${ending}`, (path) => writeWhole(path, npyBytes(all, dims)));
      continue;
    }
    for (const [c, { geometry, data: voxels }] of channels.entries()) {
      const channel = channels.length === 1 ? '' : `-channel${c + 1}`;
      save(`${base}${channel}${ending}`, (path) => writeNifti(path, { ...geometry, data: voxels }));
    }
  }
}

function write(out: string, table: FeatureTable): void {
  if (/\.parquet$/i.test(out)) writeParquet(out, table);
  else writeCsv(out, table);
  process.stdout.write(`${out}\n`);
}

function writeFailures(path: string, failures: readonly CaseFailure[]): void {
  const text = (name: string, textOf: (failure: CaseFailure) => string) => ({
    name,
    type: 'STRING' as const,
    data: failures.map(textOf),
  });
  writeCsvColumns(path, [
    text('row', ({ row }) => String(row)),
    text('patient', ({ patient = '' }) => patient),
    text('code', ({ code }) => code),
    text('message', ({ message }) => message),
  ]);
}
