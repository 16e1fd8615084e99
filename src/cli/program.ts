import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { NacreError } from '../runtime/errors.ts';
import { nacreVersion } from '../runtime/version.ts';
import { advised, setRunningCommand } from './advised-flags.ts';
import { register as checklist } from './checklist.ts';
import { register as cohort } from './cohort.ts';
import { register as dicom } from './dicom.ts';
import { register as dicomSegmentation } from './dicom-seg.ts';
import { register as encode } from './encode.ts';
import { register as evaluate } from './evaluate.ts';
import { exitCodes } from './exit-codes.ts';
import { register as extract } from './extract.ts';
import { register as filter } from './filter.ts';
import { register as kernel } from './kernel.ts';
import { register as models } from './models.ts';
import { register as notebook } from './notebook.ts';
import { register as predict } from './predict.ts';
import { register as radiomics } from './radiomics.ts';
import { register as report } from './report.ts';
import { register as reproduce } from './reproduce.ts';
import { register as site } from './site.ts';
import { register as study } from './study.ts';
import { register as trace } from './trace.ts';
import { register as train } from './train.ts';
import { register as voxelMaps } from './voxel-maps.ts';

/** Every command is a file of this folder with a `register(program)`; it parses, calls the library and prints. */
const commands: ((program: Command) => void)[] = [
  study,
  extract,
  trace,
  reproduce,
  train,
  predict,
  evaluate,
  cohort,
  dicom,
  kernel,
  notebook,
  report,
  checklist,
  site,
  models,
  encode,
  radiomics,
  filter,
  voxelMaps,
  // After the other commands on DICOM, whose group it joins.
  dicomSegmentation,
];

/** The whole command line, for tests of its examples and flags too. */
export function buildProgram(): Command {
  const program = new Command('nacre')
    .description('Predict response to neoadjuvant chemotherapy from pre-treatment imaging.')
    .version(nacreVersion())
    .showHelpAfterError('(nacre --help lists the commands)')
    .exitOverride();
  for (const register of commands) register(program);
  return program;
}

/** Runs a command line and gives the exit code; errors made for people go to stderr without a stack. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const program = buildProgram();
  program.hook('preAction', (_, action) => setRunningCommand(action));
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    // Commander prints what its parser finds, not what an action refuses.
    if (error instanceof InvalidArgumentError) process.stderr.write(`error: ${error.message}\n`);
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (error instanceof NacreError) {
      process.stderr.write(`nacre: ${advised(error.message)}\n`);
      return exitCodes.badInput;
    }
    process.stderr.write(`nacre: unexpected: ${(error as Error)?.stack ?? String(error)}\n`);
    return exitCodes.unexpected;
  }
}
