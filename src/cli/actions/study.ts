import { join, resolve } from 'node:path';
import { requireNetworkPackage } from '../../features/extraction.ts';
import { isFailedInPart } from '../../features/lost-features.ts';
import { formatRows } from '../../report/format-rows.ts';
import { resultRows } from '../../report/result-rows.ts';
import { resultsTable } from '../../report/results-table.ts';
import type { RowFormat } from '../../report/row-formats.ts';
import { writeReport } from '../../report/write-report.ts';
import { lockFolder } from '../../runtime/folder-lock.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { terminalWidth } from '../../runtime/terminal/terminal-width.ts';
import { readStudyConfig, requireEndpoints, studyJsonSchema } from '../../study/config.ts';
import { requireDivisible } from '../../study/divide-study.ts';
import { prepareCohort } from '../../study/prepare-cohort.ts';
import { requireRunFiles, runFiles } from '../../study/run-folder.ts';
import { requireOwnFolder, runStudy } from '../../study/run-study.ts';
import { warnOfAssumptions } from '../assumption-lines.ts';
import type { CohortFlags } from '../cohort-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible, resumes } from '../interruptible.ts';
import { withMaskFlags } from '../region-options.ts';
import { studyFile } from '../study-file.ts';
import { preparation, sourceOf } from './preparation.ts';

interface Options extends CohortFlags {
  real?: string | true;
  out?: string;
  overwrite?: boolean;
  schema?: boolean;
  format?: RowFormat;
  report: boolean;
}

export async function run(file: string | undefined, options: Options): Promise<void> {
  if (options.schema) {
    process.stdout.write(`${JSON.stringify(studyJsonSchema(), null, 2)}\n`);
    return;
  }
  const path = studyFile(file, options);
  const config = withMaskFlags(readStudyConfig(path), options);
  requireEndpoints(config);
  requireNetworkPackage(config.extraction);
  const out = resolve(options.out ?? join('runs', config.id));
  requireOwnFolder(out, config, options.overwrite ?? false);
  const lock = lockFolder(out);
  try {
    await interruptible(resumes, async (signal) => {
      const { cohort, extracted } = await prepareCohort(config, {
        ...preparation(path, options, signal),
        beforeExtraction: (loaded) => requireDivisible(config, config.endpoints, loaded),
      });
      const { results, assumptions } = await runStudy(config, cohort, {
        out,
        lock,
        workers: options.workers,
        overwrite: options.overwrite,
        source: sourceOf(path, options),
        extracted,
        signal,
        progress: (total, already) => startProgress(config.id, total, already),
      });
      // With --format stdout holds the rows alone, for a pipe or a file.
      const remarks = options.format === undefined ? process.stdout : process.stderr;
      process.stdout.write(
        options.format === undefined
          ? `${resultsTable(results, { width: terminalWidth() })}\n\n`
          : formatRows(resultRows(results), options.format),
      );
      const summary = warnOfAssumptions(assumptions, join(out, runFiles.assumptions));
      remarks.write(`${summary}${options.report ? ' and in the report' : ''}\n`);
      if (options.report) {
        signal.throwIfAborted();
        const { report, messages } = await writeReport(out, { workers: options.workers });
        for (const message of messages) process.stderr.write(`nacre: ${message}\n`);
        requireRunFiles(out, [runFiles.config, runFiles.results, runFiles.report]);
        remarks.write(`report: ${report}\n`);
      }
      remarks.write(`run folder: ${out}\n`);
      if (results.cohort.synthetic) {
        remarks.write('next, real patients: nacre study --real (I-SPY 2, no download)\n');
      }
      if ((extracted?.failures.length ?? 0) > 0 || isFailedInPart(assumptions)) {
        process.exitCode = exitCodes.someFailed;
      }
    });
  } finally {
    lock.release();
  }
}
