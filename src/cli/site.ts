import { join } from 'node:path';
import type { Command } from 'commander';
import { pseudonymNotice } from '../cohort/pseudonyms.ts';
import type { SiteOptions } from '../notebook/site/write-site.ts';
import { NacreError } from '../runtime/errors.ts';
import { requirePackages } from '../runtime/optional-package.ts';
import { startProgress } from '../runtime/terminal/progress.ts';
import { readStudyConfig } from '../study/config.ts';
import { prepareCohort } from '../study/prepare-cohort.ts';
import { readRun, runFiles } from '../study/run-folder.ts';
import { count } from './count.ts';

interface Options {
  out: string;
  notebooks: string[];
  cohort?: string;
  data?: string;
  mirror?: string;
  pseudonymKey?: string;
  patients: number;
  scans: boolean;
}

export function register(program: Command): void {
  program
    .command('site')
    .description('write the study site: report, notebooks and scans as pages that work from disk')
    .argument('<run>', 'run folder, as nacre study wrote it')
    .requiredOption('-o, --out <folder>', 'folder of the site')
    .option('--notebooks <files...>', 'executed notebooks, a page each', [])
    .option('--cohort <manifest>', "scans of this cohort. Default: the run's own")
    .option('--data <folder>', 'folder of the fetched cohort (nacre cohort fetch)')
    .option('--mirror <folder>', 'local copy of the cohort files')
    .option('--pseudonym-key <file>', 'key of a run under pseudonyms, for the viewer')
    .option('--patients <n>', 'patients in the viewer, from the first', count, 12)
    .option('--no-scans', 'no viewer')
    .addHelpText(
      'after',
      `
Examples:
  nacre site runs/phantom --out site --notebooks notebooks/*.ipynb
  nacre site runs/mine --out site --cohort my-cohort.json --data /data/mine --patients 40

Open index.html in a browser. Scans of real patients are in the folder scans/: share the folder only where they may be.`,
    )
    .action(run);
}

async function run(folder: string, options: Options): Promise<void> {
  requirePackages('marked', 'katex', 'sanitize-html');
  if (options.scans) requirePackages('@niivue/niivue');
  const { writeSite } = await import('../notebook/site/write-site.ts');
  let progress: ReturnType<typeof startProgress> | undefined;
  const settings: SiteOptions = {
    notebooks: options.notebooks,
    scans: options.scans ? await scansOf(folder, options) : undefined,
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
