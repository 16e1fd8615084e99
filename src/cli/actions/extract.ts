import { join } from 'node:path';
import type { ExtractedUnits } from '../../features/extract-cohort.ts';
import { isFailedInPart } from '../../features/lost-features.ts';
import { writeParquet } from '../../machine/parquet.ts';
import { assumptionEntries } from '../../runtime/assumptions.ts';
import { readStudyConfig } from '../../study/config.ts';
import { extractPatients, listPatients } from '../../study/extract-patients.ts';
import { prepareCohort } from '../../study/prepare-cohort.ts';
import { runFiles, writeJson } from '../../study/run-folder.ts';
import { advised } from '../advised-flags.ts';
import { warnOfAssumptions } from '../assumption-lines.ts';
import type { CohortFlags } from '../cohort-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible, resumes } from '../interruptible.ts';
import { withMaskFlags } from '../region-options.ts';
import { studyFile } from '../study-file.ts';
import { preparation } from './preparation.ts';

interface Options extends CohortFlags {
  list?: boolean;
  patient: string[];
  tables?: string;
  receipt?: string;
}

export async function run(study: string, options: Options): Promise<void> {
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
  if (file !== undefined) writeJson(file, assumptionEntries(assumptions));
  const summary = warnOfAssumptions(
    assumptions,
    file ?? receipt ?? 'the run folder of nacre study (or name a file: --receipt)',
  );
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
      `${summary}\n`,
  );
}
