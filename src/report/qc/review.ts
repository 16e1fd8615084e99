import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Cohort } from '../../cohort/cohort.ts';
import {
  editedMaskPath,
  originalMask,
  type QcRow,
  readQcFileIfThere,
  writeQcFile,
} from '../../cohort/qc/qc-file.ts';
import type { RegionChoice } from '../../imaging/tumour-regions.ts';
import type { Assumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import { sha256 } from '../../runtime/hash.ts';
import { type Progress, silentProgress } from '../../runtime/progress.ts';
import { runTasks } from '../../runtime/run-tasks.ts';
import { workerModule } from '../../runtime/worker-thread.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { type FlaggedScan, flagScans } from './quality-flags.ts';
import { type QcTask, type ScanQuality, scanQuality } from './scan-quality.ts';

export interface ReviewOptions {
  /** File of the decisions; it may not exist yet. */
  decisions: string;
  /** How the regions of a scan are drawn, by its name in the manifest. */
  regionsOf: (scan: string) => RegionChoice;
  /** Worker threads. Default 1. No byte of the page depends on it. */
  workers?: number | undefined;
  progress?: ((scans: number) => Progress) | undefined;
  signal?: AbortSignal | undefined;
}

/** A decision as a reviewer makes it, before time and hashes are added. */
export type Decision = Pick<QcRow, 'action' | 'reason' | 'by'>;

/** The masks of a cohort under review: measured, flagged, the worst first, with the decisions made so far. */
export class Review {
  readonly cohort: Cohort;
  readonly decisions: string;
  readonly ringMm: number;
  /** The worst first. */
  scans: FlaggedScan[] = [];
  rows: QcRow[] = [];
  private readonly tasks: QcTask[];
  private measured: ScanQuality[] = [];

  private constructor(cohort: Cohort, { decisions, regionsOf }: ReviewOptions) {
    this.cohort = cohort;
    this.decisions = decisions;
    this.ringMm = regionsOf(Object.keys(cohort.images ?? {})[0] ?? '').ringMm ?? 5;
    this.tasks = Object.entries(cohort.images ?? {}).flatMap(([scan, files]) =>
      files.flatMap((pair, row): QcTask[] =>
        pair === undefined
          ? []
          : [
              {
                patient: cohort.patients[row],
                scan,
                ...pair,
                regions: regionsOf(scan),
                hidesPaths: cohort.hidesPaths ?? false,
              },
            ],
      ),
    );
  }

  /**
   * Measures every scan of a cohort that `loadCohort` loaded with `review`.
   *
   * @throws NacreError `no-image`; of `readQcFile`
   */
  static async open(cohort: Cohort, options: ReviewOptions): Promise<Review> {
    const review = new Review(cohort, options);
    if (review.tasks.length === 0) {
      throw new NacreError('no-image', `the cohort ${cohort.id} has no scans on this machine`, {
        expected: 'at least one scan with its mask',
        todo: 'check the patterns under images in the manifest',
      });
    }
    review.rows = await readQcFileIfThere(options.decisions);
    const { workers = 1, signal } = options;
    const { tick, stop } = options.progress?.(review.tasks.length) ?? silentProgress;
    const onDone = ({ patient, scan }: ScanQuality) => tick(`${patient} ${scan}`);
    try {
      review.measured = await runTasks<QcTask, ScanQuality>(
        review.tasks,
        {
          module: workerModule(import.meta.url, './qc-worker'),
          here: async () => ({ work: scanQuality }),
        },
        // Threads load all modules: a few scans are measured sooner without.
        { workers: review.tasks.length > 8 ? workers : 1, onDone, signal },
      );
    } finally {
      stop();
    }
    review.flag();
    return review;
  }

  /** Number of a scan, which stays when the order of the page changes. */
  numberOf({ patient, scan }: ScanQuality): number {
    return this.tasks.findIndex((task) => task.patient === patient && task.scan === scan);
  }

  /** The files of a scan by its number. @throws NacreError `scan-missing` */
  taskOf(number: number): QcTask {
    const task = this.tasks[number];
    if (task !== undefined) return task;
    throw new NacreError('scan-missing', 'the review has no such scan', {
      found: String(number),
      expected: `0 to ${this.tasks.length - 1}`,
    });
  }

  private scanAt(number: number): FlaggedScan {
    this.taskOf(number);
    return this.scans.find((scan) => this.numberOf(scan) === number) as FlaggedScan;
  }

  /** Adds a decision to the file, whole or not at all. @throws NacreError `bad-decision`, `write-failed` */
  async decide(number: number, decision: Decision, now: Date): Promise<QcRow> {
    const { imageSha256, maskSha256, patient, scan } = this.scanAt(number);
    if (decision.action === 'exclude' && decision.reason.trim() === '') {
      throw new NacreError('bad-decision', 'an exclusion needs a reason', { patient });
    }
    const row = { patient, scan, ...decision, at: now.toISOString(), imageSha256, maskSha256 };
    await this.append(row);
    return row;
  }

  /**
   * Saves an edited mask beside the old one and adds it to the file of decisions; the scan is measured again with it.
   *
   * @param nifti the file, as it is written
   * @throws NacreError `write-failed`
   */
  async saveEdit(number: number, nifti: Uint8Array, by: string, now: Date): Promise<QcRow> {
    const { imageSha256, maskSha256, patient, scan } = this.scanAt(number);
    const task = this.taskOf(number);
    const original = originalMask(task.mask);
    let edit = 1;
    while (existsSync(editedMaskPath(original, edit))) edit++;
    const path = editedMaskPath(original, edit);
    writeWhole(path, nifti);
    const row: QcRow = {
      ...{ patient, scan, action: 'edit', reason: '', by, at: now.toISOString() },
      ...{ imageSha256, maskSha256, edit, editSha256: sha256(nifti) },
    };
    await this.append(row);
    task.mask = path;
    const changed = await scanQuality(task);
    this.measured = this.measured.map((one) =>
      one.patient === patient && one.scan === scan ? changed : one,
    );
    this.flag();
    return row;
  }

  private flag(): void {
    const scans = this.measured.map((scan) => ({
      ...scan,
      assumptions: [...scan.assumptions, ...assumptionsOf(this.cohort, scan)],
    }));
    this.scans = flagScans(scans);
  }

  /** The file is read again first: another reviewer may have written meanwhile. */
  private async append(row: QcRow): Promise<void> {
    this.rows = [...(await readQcFileIfThere(this.decisions)), row];
    writeQcFile(this.decisions, this.rows);
  }
}

/** The cohort's assumptions about this scan. */
function assumptionsOf({ assumptions = [] }: Cohort, { patient, scan }: ScanQuality): Assumption[] {
  return assumptions.filter((one) => one.patient === patient && (one.scan ?? scan) === scan);
}

/** A name for the page: the file's own, never its folder. */
export function decisionsName({ decisions }: Review): string {
  return basename(decisions);
}
