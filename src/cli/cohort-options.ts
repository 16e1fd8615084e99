import { type Command, Option } from 'commander';
import { label, type MaskFlags, maskThreshold, resampleMask } from './region-options.ts';

/** Flags of a command that prepares the cohort of a study file. */
export interface CohortFlags extends MaskFlags {
  data?: string;
  mirror?: string;
  pseudonymKey?: string;
  workers?: number;
}

/** Adds where the data lie and how masks are read, the same on every command that runs a study file. */
export function cohortOptions(command: Command): Command {
  const options = [
    new Option('--data <folder>', 'folder of the fetched cohort (nacre cohort fetch)'),
    new Option('--mirror <folder>', 'local copy of the cohort files, verified by checksum'),
    label(),
    maskThreshold(),
    resampleMask(),
  ];
  for (const option of options) command.addOption(option);
  return command;
}
