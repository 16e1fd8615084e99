import { dirname, join, resolve } from 'node:path';
import type { Cohort } from '../../cohort/cohort.ts';
import { loadCohort } from '../../cohort/load-cohort.ts';
import { type DataOptions, manifestPath } from '../../cohort/locate.ts';
import { readManifest } from '../../cohort/read-manifest.ts';
import { regionsOf } from '../../features/extraction.ts';
import type { RegionChoice } from '../../imaging/tumour-regions.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { textTable } from '../../runtime/terminal/text-table.ts';
import { defaultWorkers } from '../../runtime/worker-pool.ts';
import { readStudyConfig } from '../../study/config.ts';
import { studyManifest } from '../../study/prepare-cohort.ts';
import { interruptible } from '../interruptible.ts';
import { studyFile } from '../study-file.ts';

interface Options extends DataOptions {
  out?: string;
  serve?: boolean;
  port?: number;
  decisions?: string;
  reviewer?: string;
  scans: 'flagged' | 'all' | 'none';
  ringMm?: number;
  ringWithin?: 'body' | 'scan';
  label?: number;
  workers?: number;
}

/** Scans with flags that are listed on the terminal. */
const mostListed = 20;

export async function run(named: string, options: Options): Promise<void> {
  // Loaded here: the page brings the viewer along, and other commands do not wait for it.
  const { Review } = await import('../../report/qc/review.ts');
  await interruptible('decisions that were made are kept', async (signal) => {
    const source = await sourceOf(named, options, signal);
    const decisions = options.decisions ? resolve(options.decisions) : source.decisions;
    const { mirror, pseudonymKey } = options;
    const data = source.folder ?? options.data;
    const cohort = await loadCohort(source.manifest, {
      data,
      mirror,
      pseudonymKey,
      review: decisions,
    });
    const review = await Review.open(cohort, {
      decisions,
      regionsOf: (scan) => source.regionsOf(scan, cohort.maskThresholds),
      workers: options.workers ?? defaultWorkers(),
      progress: (scans) => startProgress('masks', scans),
      signal,
    });
    const honoured = source.honoured !== undefined && resolve(source.honoured) === decisions;
    const { reviewer } = options;
    process.stdout.write(`${flagTable(review.scans)}\n\n`);
    if (options.serve) {
      const { serveQc } = await import('../../report/qc/serve-qc.ts');
      const served = await serveQc(review, { port: options.port, reviewer, honoured });
      process.stdout.write(`decisions: ${decisions}\npage: ${served.url}\nCtrl-C ends it.\n`);
      await new Promise<void>((done) =>
        signal.addEventListener('abort', () => done(), { once: true }),
      );
      await served.close();
      return;
    }
    const { writeQc } = await import('../../report/qc/write-qc.ts');
    let progress: ReturnType<typeof startProgress> | undefined;
    try {
      const { index, messages } = await writeQc(
        resolve(options.out ?? join('qc', cohort.id)),
        review,
        {
          ...{ scans: options.scans, reviewer, honoured },
          onScan: (_done, total) => {
            progress ??= startProgress('page', total);
            progress.tick();
          },
        },
      );
      for (const message of messages) process.stderr.write(`nacre: ${message}\n`);
      process.stdout.write(`page: ${index}\n`);
    } finally {
      progress?.stop();
    }
  });
}

/** The chosen manifest, the folder of generated data if there is one, and the file of decisions. */
async function sourceOf(named: string, options: Options, signal: AbortSignal) {
  const { ringMm, ringWithin, label } = options;
  const isStudy = /\.ya?ml$/i.test(named);
  const config = isStudy ? readStudyConfig(studyFile(named, {})) : undefined;
  const asked = {
    ...(label === undefined ? {} : { label }),
    ...(ringMm === undefined ? {} : { ringMm }),
    ...(ringWithin === undefined ? {} : { ringWithin }),
  };
  const extraction = config?.extraction;
  const regionsOfScan = (scan: string, maskThresholds: Cohort['maskThresholds']): RegionChoice => ({
    ...(extraction === undefined
      ? { maskThreshold: maskThresholds?.[scan] }
      : regionsOf(extraction, scan, maskThresholds)),
    ...asked,
  });
  const located =
    config === undefined
      ? { manifest: named }
      : await studyManifest(config, {
          studyFile: resolve(studyFile(named, {})),
          signal,
          phantomProgress: (patients: number) => startProgress('phantom', patients),
        });
  const path = manifestPath(located.manifest);
  const { qc } = readManifest(path);
  const isUsers = located.manifest === path || /[/\\]|\.json$/.test(located.manifest);
  const honoured = qc === undefined ? undefined : join(dirname(path), qc);
  const beside = isUsers && !('folder' in located) ? dirname(path) : resolve(options.out ?? 'qc');
  return {
    ...{ folder: undefined, ...located },
    regionsOf: regionsOfScan,
    honoured,
    decisions: resolve(honoured ?? join(beside, 'qc.csv')),
  };
}

function flagTable(
  scans: readonly { patient: string; scan: string; flags: readonly { kind: string }[] }[],
): string {
  const flagged = scans.filter(({ flags }) => flags.length > 0);
  const title = `Masks: ${scans.length} scans, ${flagged.length} with flags`;
  if (flagged.length === 0) return title;
  const rows = flagged
    .slice(0, mostListed)
    .map(({ patient, scan, flags }) => [patient, scan, flags.map(({ kind }) => kind).join(', ')]);
  const more = flagged.length - rows.length;
  return `${title}\n\n${textTable(['patient', 'scan', 'flags, worst first'], rows)}${more > 0 ? `\n… and ${more} more (in the page)` : ''}`;
}
