import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, Option } from 'commander';
import { requireNetworkPackage } from '../features/extraction.ts';
import { isFailedInPart } from '../features/lost-features.ts';
import { formatRows, type RowFormat } from '../report/format-rows.ts';
import { resultRows } from '../report/result-rows.ts';
import { resultsTable } from '../report/results-table.ts';
import { writeReport } from '../report/write-report.ts';
import { lockFolder } from '../runtime/folder-lock.ts';
import { startProgress } from '../runtime/terminal/progress.ts';
import { terminalWidth } from '../runtime/terminal/terminal-width.ts';
import { readStudyConfig, requireEndpoints, studyJsonSchema } from '../study/config.ts';
import { prepareCohort } from '../study/prepare-cohort.ts';
import { requireRunFiles, runFiles } from '../study/run-folder.ts';
import { requireOwnFolder, runStudy } from '../study/run-study.ts';
import { assumptionLines } from './assumption-lines.ts';
import { type CohortFlags, cohortOptions, preparation, sourceOf } from './cohort-options.ts';
import { count } from './count.ts';
import { exitCodes } from './exit-codes.ts';
import { formatOption } from './format-option.ts';
import { interruptible, resumes } from './interruptible.ts';
import { withMaskFlags } from './region-options.ts';

/** Study files that come with nacre. */
const studies = fileURLToPath(new URL('../../studies/', import.meta.url));

/** Public cohorts with a study of their own; the first needs no download. */
const realCohorts = ['ispy2', 'ispy1'] as const;

interface Options extends CohortFlags {
  real?: string | true;
  out?: string;
  overwrite?: boolean;
  schema?: boolean;
  format?: RowFormat;
  report: boolean;
}

export function register(program: Command): void {
  const command = program
    .command('study')
    .description('run a study: partitions, selection, XGBoost, audit, tables, figures and report')
    .argument(
      '[file]',
      'study file (YAML). Default: the embedded study on synthetic patients, from scans to tables',
    )
    .addOption(
      new Option(
        '--real [cohort]',
        `real patients: ispy2 (982 women, comes with nacre, no network), or ispy1 (after nacre cohort fetch ispy1)`,
      )
        .choices(realCohorts)
        .preset(realCohorts[0]),
    )
    .option('-o, --out <folder>', 'run folder. Default: runs/<study id>')
    .option(
      '-w, --workers <n>',
      'worker threads. Default: all cores; results do not depend on it',
      count,
    );
  cohortOptions(command)
    .option(
      '--pseudonym-key <file>',
      'replace patient ids by keyed pseudonyms (HMAC-SHA256); the key reaches no output',
    )
    .option('--overwrite', 'replace a run of another configuration in the run folder')
    .option(
      '--schema',
      'print the JSON Schema of a study file, for editors (studies/study.schema.json)',
    )
    .addOption(
      formatOption(
        'print every number of the tables, one per row, with nothing else on stdout. Default: tables as wide as the terminal',
      ),
    )
    .option('--no-report', 'skip figures and report.html')
    .addHelpText(
      'after',
      `
Examples:
  nacre study                                    the embedded study: synthetic scans, all five extractors
  nacre study synthetic.yaml                     synthetic tables alone, in seconds
  nacre study --real                             I-SPY 2: 982 women, the table comes with nacre
  nacre study --real ispy1                       I-SPY 1, after nacre cohort fetch ispy1
  nacre study my-study.yaml --out runs/mine      your own (README: bring your own cohort)
  nacre study synthetic.yaml --format csv        the numbers of the tables for a spreadsheet

Ctrl-C keeps all finished work: the same command resumes.
Exit codes: 0 done, 2 bad command line, 3 input refused, 4 done, but patients lost features
(patients whose scans are at fault are left out and listed first in the report), 130 interrupted.`,
    )
    .action(run);
}

async function run(file: string | undefined, options: Options): Promise<void> {
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
      const prepare = preparation(path, options, signal);
      const { cohort, extracted } = await prepareCohort(config, prepare);
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
      const lines = assumptionLines(assumptions, join(out, runFiles.assumptions));
      for (const line of lines.warnings) process.stderr.write(`nacre: ${line}\n`);
      remarks.write(`${lines.summary}${options.report ? ' and in the report' : ''}\n`);
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

/** A path, or the name of a study that comes with nacre. */
export function studyFile(file: string | undefined, { real }: { real?: string | true }): string {
  const named =
    file ?? (real === undefined ? 'phantom.yaml' : `${real === true ? realCohorts[0] : real}.yaml`);
  const shipped = join(studies, basename(named));
  return existsSync(named) || !existsSync(shipped) ? named : shipped;
}
