import { InvalidArgumentError, Option } from 'commander';

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

export function ringWithin(): Option {
  return new Option('--ring-within <what>', 'the ring ends at the skin, or at the edge of the scan')
    .choices(['body', 'scan'])
    .default('body');
}
