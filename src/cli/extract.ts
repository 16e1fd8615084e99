import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { ExtractedUnits } from '../features/extract-cohort.ts';
import { isFailedInPart } from '../features/lost-features.ts';
import { readStudyConfig } from '../study/config.ts';
import { extractPatients, listPatients } from '../study/extract-patients.ts';
import { prepareCohort } from '../study/prepare-cohort.ts';
import { runFiles, writeJson } from '../study/run-folder.ts';
import { writeParquet } from '../table/parquet.ts';
import { advised } from './advised-flags.ts';
import { assumptionLines } from './assumption-lines.ts';
import { type CohortFlags, cohortOptions, preparation } from './cohort-options.ts';
import { count } from './count.ts';
import { exitCodes } from './exit-codes.ts';
import { interruptible, resumes } from './interruptible.ts';
import { withMaskFlags } from './region-options.ts';
import { studyFile } from './study.ts';

interface Options extends CohortFlags {
  list?: boolean;
  patient: string[];
  tables?: string;
  receipt?: string;
}

export function register(program: Command): void {
  const command = program
    .command('extract')
    .description('extract the scans of a study into the cache, some patients at a time if wished')
    .argument('<study>', 'study file (YAML) with a group extraction')
    .addOption(
      new Option(
        '--list',
        'print the patients, a line each, and make what they share (phantom, random networks)',
      ).conflicts(['patient', 'tables']),
    )
    .addOption(
      new Option('--patient <id>', 'this patient only; may be given again')
        .argParser((id: string, before: string[]) => [...before, id])
        .default([], 'all')
        .conflicts('tables'),
    )
    .option('--tables <folder>', 'write a Parquet table per extractor, of all patients')
    .option('--receipt <file>', 'write what was done as JSON, whole and last: for workflows')
    .option('-w, --workers <n>', 'worker threads. Default: all cores', count);
  cohortOptions(command)
    .option(
      '--pseudonym-key <file>',
      'keyed pseudonyms for patient ids, as nacre study has them; --patient takes pseudonyms then',
    )
    .addHelpText(
      'after',
      `
Examples:
  nacre extract phantom.yaml --list
  nacre extract phantom.yaml --patient SYN_001 --patient SYN_002 --workers 1
  nacre extract phantom.yaml --tables tables       what the cache holds is not computed again

The cache ($NACRE_CACHE, else .cache/nacre) is the one of nacre study: same keys, many jobs at once may fill it
(workflow/Snakefile). A patient whose scans are at fault is listed, and left out by the study.

Exit codes: 0 done, 2 bad command line, 3 input refused, 4 done, but patients lost features (not with
--patient: such a job is done), 130 interrupted.`,
    )
    .action(run);
}

async function run(study: string, options: Options): Promise<void> {
  const path = studyFile(study, {});
  const config = withMaskFlags(readStudyConfig(path), options);
  await interruptible(resumes, async (signal) => {
    const prepare = preparation(path, options, signal);
    if (options.list) {
      const listed = await listPatients(config, prepare);
      if (options.receipt !== undefined) writeJson(options.receipt, listed);
      process.stdout.write(listed.patients.map((patient) => `${patient}\n`).join(''));
      return;
    }
    if (options.patient.length > 0) {
      report(await extractPatients(config, options.patient, prepare), options);
      return;
    }
    const { extracted } = await prepareCohort(config, prepare);
    if (extracted === undefined) {
      // Throws `no-extraction`.
      await extractPatients(config, [], prepare);
      return;
    }
    for (const [extractor, table] of Object.entries(extracted.blocks)) {
      if (options.tables === undefined) break;
      writeParquet(join(options.tables, `${extractor}.parquet`), table);
    }
    report(extracted, options);
    if (extracted.failures.length > 0 || isFailedInPart(extracted.assumptions)) {
      process.exitCode = exitCodes.someFailed;
    }
  });
}

function report(
  { patients, failures, missingScans, assumptions, unitsComputed, unitsReused }: ExtractedUnits,
  { receipt, tables }: Options,
): void {
  const file = tables === undefined ? undefined : join(tables, runFiles.assumptions);
  if (file !== undefined) writeJson(file, assumptions);
  const lines = assumptionLines(
    assumptions,
    file ?? receipt ?? 'the run folder of nacre study (or name a file: --receipt)',
  );
  for (const line of lines.warnings) process.stderr.write(`nacre: ${line}\n`);
  for (const { message } of failures) process.stderr.write(`nacre: ${advised(message)}\n`);
  if (receipt !== undefined) {
    writeJson(receipt, {
      patients,
      failures,
      missingScans,
      assumptions,
      unitsComputed,
      unitsReused,
    });
  }
  process.stdout.write(
    `patients: ${patients.length} extracted, ${new Set(failures.map(({ patient }) => patient)).size} at fault\n` +
      `units: ${unitsComputed} computed, ${unitsReused} from the cache\n` +
      `${lines.summary}\n`,
  );
}
