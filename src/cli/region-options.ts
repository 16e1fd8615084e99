import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { imageAddress } from '../imaging/image-address.ts';
import type { RegionName } from '../imaging/tumour-regions.ts';
import type { StudyConfig } from '../study/config.ts';
import { count } from './count.ts';

/** Options on how regions are drawn, the same on every command that reads masks. */

export function maskThreshold(): Option {
  return new Option(
    '--mask-threshold <value>',
    'for masks of probabilities: the region is every voxel of at least this value, such as 0.5',
  ).argParser((text: string) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
    throw new InvalidArgumentError('a number above 0');
  });
}

export function resampleMask(): Option {
  return new Option(
    '--resample-mask',
    'resample a mask on another grid onto the image (nearest neighbour)',
  );
}

/** Options by which a command reads masks differently from the study file. */
export interface MaskFlags {
  label?: number;
  maskThreshold?: number;
  resampleMask?: boolean;
}

/** For commands that read a study: the option overrides the study and becomes part of the run's configuration. */
export function label(): Option {
  return new Option(
    '--label <n>',
    "value of the tumour in the masks, in place of the study's",
  ).argParser(count);
}

/** The study, with the mask options applied. */
export function withMaskFlags(
  config: StudyConfig,
  { label, maskThreshold, resampleMask }: MaskFlags,
): StudyConfig {
  if (config.extraction === undefined) return config;
  const flags = { label, maskThreshold, resampleMask };
  const given = Object.fromEntries(
    Object.entries(flags).filter(([, value]) => value !== undefined),
  );
  return { ...config, extraction: { ...config.extraction, ...given } };
}

function ringWithin(): Option {
  return new Option('--ring-within <what>', 'the ring ends at the skin, or at the edge of the scan')
    .choices(['body', 'scan'])
    .default('body');
}

/** Which part of DICOM is meant. */
export interface DicomFlags {
  roi?: string;
  series?: string;
  phase?: number;
  deskew?: boolean;
}

/** Options on which part of a DICOM folder or file is meant, the same on every command that reads scans. */
function dicomOptions(): Option[] {
  return [
    new Option('--roi <name>', 'region of an RTSTRUCT or segment of a SEG; * for any characters'),
    new Option('--series <name>', 'number or description of the series in a DICOM folder'),
    new Option('--phase <n>', 'which volume of a DICOM series of several, from 1').argParser(count),
    new Option('--deskew', 'resample a DICOM series whose slices are stacked at an angle'),
  ];
}

/** Flags of a command that measures a region of one scan, or of each scan of a batch. */
export interface RegionFlags<R extends string = RegionName> extends DicomFlags {
  region: R;
  ring: number;
  ringWithin: 'body' | 'scan';
  maskThreshold?: number;
  resampleMask?: boolean;
}

/** Adds which region is meant, how masks are read and which part of DICOM is meant. `both`: a command can take both regions. */
export function regionOptions(command: Command, { both = false } = {}): Command {
  const options = [
    new Option(
      '--region <name>',
      `the region itself, or the ring around it${both ? ', or both' : ''}`,
    )
      .choices(both ? ['intra', 'peri', 'both'] : ['intra', 'peri'])
      .default('intra'),
    new Option('--ring <mm>', both ? 'width of the ring' : 'width of the ring for --region peri')
      .argParser(millimetres)
      .default(5),
    ringWithin(),
    maskThreshold(),
    resampleMask(),
    ...dicomOptions(),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

/** Image and mask with the parts that the options name. A batch names its parts itself: `RS.dcm#roi=GTV`. */
export function addressed(
  image: string,
  mask: string,
  { roi, series, phase, deskew }: DicomFlags,
): { image: string; mask: string } {
  return {
    image: imageAddress(resolve(image), { series, phase, deskew }),
    mask: imageAddress(resolve(mask), { roi }),
  };
}

/** @throws InvalidArgumentError where a batch is given together with options for one scan */
export function refusePartsOfBatch({ roi, series, phase, deskew }: DicomFlags): void {
  if ([roi, series, phase, deskew].every((flag) => flag === undefined)) return;
  throw new InvalidArgumentError(
    '--roi, --series, --phase and --deskew are for one scan: in a batch write RS.dcm#roi=NAME, folder#phase=2',
  );
}

/** A width. @throws InvalidArgumentError */
function millimetres(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('a number above 0');
}
