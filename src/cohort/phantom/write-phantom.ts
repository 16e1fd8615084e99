import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { codeHash } from '../../runtime/code-hash.ts';
import { canonicalJson, sha256 } from '../../runtime/hash.ts';
import { type Progress, silentProgress } from '../../runtime/progress.ts';
import { runTasks } from '../../runtime/run-tasks.ts';
import { defaultWorkers } from '../../runtime/worker-pool.ts';
import { workerModule } from '../../runtime/worker-thread.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { clinicalColumns } from './clinical.ts';
import { noiseColumns } from './noise.ts';
import { phantomFiles, phantomId, phantomManifest } from './phantom-manifest.ts';
import { type PhantomChoice, type PhantomOptions, phantomOptions } from './phantom-options.ts';
import {
  type PatientTask,
  truthColumns,
  type WrittenPatient,
  writePatient,
} from './write-patient.ts';

export interface WritePhantomOptions {
  /** Folder of the cohort: written anew. */
  out?: string | undefined;
  /** Parent folder of phantoms, one subfolder per combination of options and code; an existing one is reused. */
  within?: string | undefined;
  /** Worker threads. Default: the machine's cores. No byte depends on it. */
  workers?: number | undefined;
  progress?: ((patients: number) => Progress) | undefined;
  /** After an abort the drawn files stay; with `within` the same call resumes. */
  signal?: AbortSignal | undefined;
}

export interface WrittenPhantom {
  folder: string;
  /** Path of the manifest: what `loadCohort` and `nacre cohort check` take. */
  manifest: string;
  /** False where it was there already. */
  written: boolean;
}

/** A thread takes as long to start as this many patients take to draw. */
const patientsWorthAThread = 10;

/**
 * Makes a SYNTHETIC cohort: for each patient a breast of fat and gland with a lobulated tumour, in three scans with their
 * own grid, contrast, noise, bias field and scanner, with masks (NIfTI); clinical variables with gaps and sizes before and
 * after (CSV); columns of noise, which no model can learn from (CSV); a manifest. A latent response drives texture, rim,
 * halo, subtype and the two outcomes: the formula, and with it the best reachable balanced accuracy, is that of
 * `drawLatent`. The same knobs give the same bytes.
 *
 * Each patient has its own random stream: the first 96 of a cohort of 177 are those of the cohort of 96.
 *
 * @throws NacreError `unknown-key`, `bad-config`, `write-failed`
 * @example
 * const { manifest } = await writePhantom({ patients: 24, seed: 1, signal: 1 }, { out: 'phantom' });
 * const cohort = await loadCohort(manifest);
 */
export async function writePhantom(
  choice: PhantomChoice = {},
  { out, within = '.', workers = defaultWorkers(), progress, signal }: WritePhantomOptions = {},
): Promise<WrittenPhantom> {
  const options = phantomOptions(choice);
  const folder = out ?? join(within, `${phantomId(options)}-${hashOf(options)}`);
  const manifest = join(folder, phantomFiles.manifest);
  // The manifest is written last: where it is, all is.
  if (out === undefined && existsSync(manifest)) return { folder, manifest, written: false };
  const tasks = Array.from({ length: options.patients }, (_, i): PatientTask => {
    return { number: i + 1, options, folder, resume: out === undefined };
  });
  const { tick, stop } = progress?.(options.patients) ?? silentProgress;
  const onDone = ({ clinical: [patient] }: WrittenPatient) => tick(patient);
  const threads = Math.min(workers, Math.floor(options.patients / patientsWorthAThread));
  let drawn: WrittenPatient[];
  try {
    drawn = await runTasks<PatientTask, WrittenPatient>(
      tasks,
      {
        module: workerModule(import.meta.url, './phantom-worker'),
        here: async () => ({ work: writePatient }),
      },
      { workers: threads, onDone, signal },
    );
  } finally {
    stop();
  }
  const csv = (rows: readonly (readonly string[])[]) =>
    `${rows.map((row) => row.join(',')).join('\n')}\n`;
  writeWhole(
    join(folder, phantomFiles.clinical),
    csv([clinicalColumns, ...drawn.map(({ clinical }) => clinical)]),
  );
  writeWhole(
    join(folder, phantomFiles.noise),
    csv([['patient_id', ...noiseColumns], ...drawn.map(({ noise }) => noise)]),
  );
  writeWhole(
    join(folder, phantomFiles.truth),
    csv([truthColumns, ...drawn.map(({ truth }) => truth)]),
  );
  writeWhole(manifest, `${JSON.stringify(phantomManifest(options), null, 2)}\n`);
  return { folder, manifest, written: true };
}

/** Hash of the options and of the drawing code. */
function hashOf(options: PhantomOptions): string {
  const code = codeHash(['cohort/phantom', 'imaging/nifti-bytes', 'runtime/random-stream']);
  return sha256(canonicalJson({ options, code })).slice(0, 12);
}
