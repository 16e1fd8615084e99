import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PreprocessingChoice } from '../deep/preprocessing.ts';

/** Flags for every field of `Preprocessing`. */
export interface PreprocessingFlags {
  preset: 'roi' | 'medicalnet';
  crop?: 'region' | 'image';
  margin?: number;
  size?: PreprocessingChoice['size'];
  spacing?: PreprocessingChoice['spacing'];
  tooLarge?: 'shrink' | 'cut';
  orientation?: PreprocessingChoice['orientation'];
  interpolation?: 'linear' | 'nearest';
  normalise?: 'body' | 'region' | 'positive' | 'input' | 'none';
  bodyThreshold?: number | 'otsu';
  window?: readonly [number, number];
  percentiles?: readonly [number, number];
  linear?: readonly [number, number];
  keep?: boolean;
  fill?: 'zero' | 'noise';
  seed?: number;
}

/** Adds the flags to a command. */
export function preprocessingOptions(command: Command): Command {
  const choice = (flags: string, text: string, choices: readonly string[]) =>
    new Option(flags, text).choices(choices);
  return command
    .addOption(
      choice('--preset <name>', 'see the documentation of Preprocessing', [
        'roi',
        'medicalnet',
      ]).default('roi'),
    )
    .addOption(
      choice('--crop <what>', 'a box around the region, or the whole scan', ['region', 'image']),
    )
    .option('--margin <mm>', 'around the region', number)
    .option('--size <voxels>', 'edge of the input, or x,y,z', oneOrThree)
    .option('--spacing <mm>', 'of the input, one number or x,y,z', oneOrThree)
    .addOption(
      choice('--too-large <how>', 'a crop that does not fit: coarser, or only its middle', [
        'shrink',
        'cut',
      ]),
    )
    .addOption(
      choice(
        '--orientation <how>',
        'axes of the input; first-axis-depth as MedicalNet reads its scans',
        ['lps', 'ras', 'scan', 'first-axis-depth'],
      ),
    )
    .addOption(choice('--interpolation <how>', 'between voxels of the scan', ['linear', 'nearest']))
    .addOption(
      choice('--normalise <over>', 'voxels that mean and standard deviation are taken over', [
        'body',
        'region',
        'positive',
        'input',
        'none',
      ]),
    )
    .option(
      '--body-threshold <value>',
      'from where on a voxel is body: a number, or otsu',
      threshold,
    )
    .addOption(
      new Option('--window <low,high>', 'clip to these intensities (HU), then scale to 0 to 1')
        .argParser(pair)
        .conflicts(['normalise', 'percentiles', 'linear']),
    )
    .addOption(
      new Option('--percentiles <low,high>', 'the same with percentiles of the scan')
        .argParser(pair)
        .conflicts(['normalise', 'linear']),
    )
    .addOption(
      new Option('--linear <scale,shift>', 'intensity × scale + shift')
        .argParser(pair)
        .conflicts('normalise'),
    )
    .option('--keep', 'keep what is outside the region (boxed) instead of filling it (masked)')
    .addOption(choice('--fill <how>', 'of what is outside', ['zero', 'noise']))
    .option('--seed <number>', 'of the noise', number);
}

/** Settings from the flags; fields without a flag keep the preset's value. */
export function preprocessingFrom(flags: PreprocessingFlags): PreprocessingChoice {
  const { window, percentiles, linear } = flags;
  const rule =
    window !== undefined
      ? { window, to: [0, 1] as const }
      : percentiles !== undefined
        ? { percentiles, to: [0, 1] as const }
        : linear && { linear: { scale: linear[0], shift: linear[1] } };
  const fields: PreprocessingChoice = {
    crop: flags.crop,
    marginMm: flags.margin,
    size: flags.size,
    spacing: flags.spacing,
    tooLarge: flags.tooLarge,
    orientation: flags.orientation,
    interpolation: flags.interpolation,
    normalise: rule ?? flags.normalise,
    bodyThreshold: flags.bodyThreshold,
    region: flags.keep ? 'boxed' : undefined,
    fill: flags.fill,
    seed: flags.seed,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { preset: flags.preset, ...Object.fromEntries(given) };
}

/** A number of 0 or more. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('a number of 0 or more');
}

function numbers(text: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.every((value) => Number.isFinite(value))) return values;
  throw new InvalidArgumentError('numbers, with commas between them and no blanks');
}

function pair(text: string): readonly [number, number] {
  const values = numbers(text);
  if (values.length === 2) return [values[0], values[1]];
  throw new InvalidArgumentError('two numbers with a comma between them, such as -160,240');
}

function oneOrThree(text: string): number | [number, number, number] {
  const values = numbers(text);
  if (values.length === 1) return number(text);
  if (values.length === 3) return [values[0], values[1], values[2]];
  throw new InvalidArgumentError('one number, or three with commas between them: x,y,z');
}

function threshold(text: string): number | 'otsu' {
  if (text === 'otsu') return text;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('a number, or otsu');
}
