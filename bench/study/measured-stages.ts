import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiled } from '../../test/faults/subject.ts';
import type { Stage } from './stages.ts';
import type { Extent } from './study.ts';

const stages = fileURLToPath(new URL('./stages.ts', import.meta.url));

/** Compiles nacre into a folder as npm installs it. Returns the folder of the compiled modules. */
export function compiledModules(folder: string): string {
  const main = compiled(join(folder, 'nacre')).command.at(-1) as string;
  return join(main, '../..');
}

/**
 * One study stage by stage, from nothing, in a process of its own; each stage is printed when the study is done.
 *
 * @param dist folder of the compiled modules
 * @param place a folder that is made for it and removed
 */
export function measuredStages(
  { patients, extent, workers }: { patients: number; extent: Extent; workers: number },
  dist: string,
  place: string,
): Stage[] {
  mkdirSync(place);
  const words = ['--import', 'tsx', stages, String(patients), String(workers), place, dist, extent];
  const out = execFileSync(process.execPath, words, {
    encoding: 'utf8',
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  rmSync(place, { recursive: true, force: true });
  const measured = JSON.parse(out.trim().split('\n').at(-1) as string) as Stage[];
  for (const { stage, seconds, peakMB } of measured) {
    const cost = `${seconds.toFixed(1)} s, peak ${peakMB.toFixed(0)} MB`;
    process.stdout.write(
      `${patients} patients, ${extent}, ${workers} workers, ${stage}: ${cost}\n`,
    );
  }
  return measured;
}
