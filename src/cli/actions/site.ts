import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { pseudonymNotice } from '../../cohort/pseudonyms.ts';
import type { SiteOptions } from '../../notebook/site/write-site.ts';
import { NacreError } from '../../runtime/errors.ts';
import { requirePackages } from '../../runtime/require-packages.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { readStudyConfig } from '../../study/config.ts';
import { prepareCohort } from '../../study/prepare-cohort.ts';
import { readRun, runFiles } from '../../study/run-folder.ts';
import { printAssumption } from '../print-assumption.ts';

interface Options {
  out: string;
  notebooks: string[];
  cohort?: string;
  data?: string;
  mirror?: string;
  pseudonymKey?: string;
  patients: number;
  scans: boolean;
  explore: boolean;
  deep?: string[];
  models?: string;
}

export async function run(folder: string, options: Options): Promise<void> {
  requirePackages('marked', 'katex', 'sanitize-html');
  if (options.deep !== undefined) {
    if (!options.explore) {
      throw new InvalidArgumentError('--deep is for explore.html, which --no-explore leaves out');
    }
    requirePackages('onnxruntime-web');
  }
  if (options.scans) requirePackages('@niivue/niivue');
  const { writeSite } = await import('../../notebook/site/write-site.ts');
  let progress: ReturnType<typeof startProgress> | undefined;
  const settings: SiteOptions = {
    notebooks: options.notebooks,
    scans: options.scans ? await scansOf(folder, options) : undefined,
    explore: options.explore
      ? {
          config: readStudyConfig(join(folder, runFiles.config)),
          deep: options.deep && {
            networks: options.deep,
            models: options.models,
            note: printAssumption,
          },
        }
      : undefined,
    patients: options.patients,
    onScan: (_done, total) => {
      progress ??= startProgress('scans', total);
      progress.tick();
    },
  };
  try {
    const { index, messages } = await writeSite(options.out, folder, settings);
    for (const message of messages) process.stderr.write(`nacre: ${message}\n`);
    process.stdout.write(`${index}\n`);
  } finally {
    progress?.stop();
  }
}

/** The cohort asked for; else that of the run, or none with a message where it is not on this machine. */
async function scansOf(folder: string, options: Options): Promise<SiteOptions['scans']> {
  const { extraction, cohort: usedCohort } = readStudyConfig(join(folder, runFiles.config));
  // The run was made elsewhere, perhaps: its manifest is named from the study file.
  const { source } = readRun(folder).provenance;
  const { data = source?.data, mirror = source?.mirror, pseudonymKey } = options;
  try {
    const { cohort } = await prepareCohort(
      { cohort: options.cohort ?? usedCohort },
      {
        data,
        mirror,
        pseudonymKey,
        ...(options.cohort === undefined && { studyFile: source?.studyFile }),
      },
    );
    // Scans beside their true ids would undo the pseudonyms of the run.
    const { notices } = readRun(folder).results.cohort;
    if (notices.includes(pseudonymNotice) && !cohort.hidesPaths) {
      process.stderr.write(
        'nacre: no viewer: the run is under pseudonyms (--pseudonym-key names its key)\n',
      );
      return undefined;
    }
    return { cohort, extraction };
  } catch (error) {
    if (options.cohort !== undefined || !(error instanceof NacreError)) throw error;
    process.stderr.write(`nacre: no viewer: ${error.message} (--cohort names its manifest)\n`);
    return undefined;
  }
}
