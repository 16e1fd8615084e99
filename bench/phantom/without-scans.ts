import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeHash } from '../../src/runtime/code-hash.ts';
import { canonicalJson, sha256 } from '../../src/runtime/hash.ts';
import { mapInWorkers } from '../../src/runtime/worker-pool.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { study, tasks } from './settings.ts';
import type { Task, Tried } from './worker.ts';

/** All cohorts without scans, on worker threads; those that an earlier call of the same code left in the cache are read. */
export async function triedWithoutScans(cache: string): Promise<Tried[]> {
  const code = codeHash(['cohort', 'learning', 'evaluation', 'table', 'runtime/random-stream']);
  const sources = ['drawn-tables', 'worker'].map((name) =>
    sha256(readFileSync(new URL(`${name}.ts`, import.meta.url))),
  );
  const { pipeline, partitions, testShare, seed } = study;
  const settings = { pipeline, partitions, testShare, seed };
  const fileOf = (task: Task) =>
    join(
      cache,
      'bench-phantom',
      `${sha256(canonicalJson({ task, code, own: sources, settings }))}.json`,
    );
  await mapInWorkers<Task, Tried[]>(
    new URL('./worker.ts', import.meta.url),
    tasks.filter((task) => !existsSync(fileOf(task))),
    {
      workers: 2,
      onDone: (tried, task) => {
        writeWhole(fileOf(task), JSON.stringify(tried));
        process.stdout.write(
          `${task.patients} patients, seed ${task.seed}, signal ${task.signal}\n`,
        );
      },
    },
  );
  return tasks.flatMap((task) => JSON.parse(readFileSync(fileOf(task), 'utf8')) as Tried[]);
}
