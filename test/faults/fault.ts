import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomStream } from '../../src/runtime/random-stream.ts';
import { bytesOf, countsOf, type DoneWork, doneWork, madeAgain, unfinished } from './done-work.ts';
import { type Ended, type Place, type StudyOptions, type Subject, startStudy } from './subject.ts';

/** What all trials are measured against: one undisturbed run. */
export interface Bench {
  subject: Subject;
  /** Scratch; every trial has a folder of its own in it. */
  folder: string;
  /** The undisturbed run with its cache. */
  whole: Place;
  /** Hash of its promised bytes. */
  bytes: string;
  /** Seconds it took. */
  seconds: number;
}

export interface Trial {
  /** False where the fault came too early or too late to meet any work. */
  struck: boolean;
  /** What went wrong; nothing should. */
  problems: string[];
  /** Units that were done when the fault struck, all of which the next run must take as they are. */
  kept: number;
  /** What the user read. */
  said?: string | undefined;
}

export interface Fault {
  name: string;
  /** What is done to the run, for the table. */
  what: string;
  /** Why it cannot be tried here; undefined where it can. */
  skip?: () => string | undefined;
  trial: (bench: Bench, place: Place, stream: RandomStream, number: number) => Promise<Trial>;
}

export function placeOf(folder: string): Place {
  return { cache: join(folder, 'cache'), run: join(folder, 'run') };
}

/** A place where all is done; networks are shared, they are large. */
export function copyOfWhole({ whole }: Bench, place: Place, parts: { units: boolean }): void {
  mkdirSync(place.cache, { recursive: true });
  for (const name of ['models', 'phantom']) {
    symlinkSync(join(whole.cache, name), join(place.cache, name));
  }
  if (!parts.units) return;
  const options = { recursive: true, preserveTimestamps: true };
  cpSync(join(whole.cache, 'units'), join(place.cache, 'units'), options);
  cpSync(whole.run, place.run, options);
}

/** Takes some finished units away, as if the run had been stopped before them. */
export function takeSome(work: DoneWork, stream: RandomStream, share: number): void {
  for (const path of [...work.rows.keys(), ...work.units.keys()]) {
    if (stream.next() < share) rmSync(path);
  }
}

/** Runs again, undisturbed, and says what is not as it should be. */
export async function runAgain(
  bench: Bench,
  place: Place,
  before: DoneWork,
  options: StudyOptions = {},
): Promise<string[]> {
  const ended = await startStudy(bench.subject, place, options).ended;
  if (ended.code !== 0) return [`the next run failed: ${lastLine(ended)}`];
  const problems = [...before.broken.map((path) => `broken: ${path}`)];
  if (bytesOf(place.run) !== bench.bytes) problems.push('other bytes than the undisturbed run');
  const after = doneWork(place);
  problems.push(...after.broken.map((path) => `broken afterwards: ${path}`));
  problems.push(...madeAgain(before, after).map((path) => `made again: ${path}`));
  const { extraction, unitsReused } = countsOf(place.run);
  if (extraction.unitsReused !== before.rows.size || unitsReused !== before.units.size) {
    problems.push(
      `${before.rows.size} rows and ${before.units.size} partitions were done, ` +
        `${extraction.unitsReused} and ${unitsReused} were taken`,
    );
  }
  problems.push(...unfinished(place).map((path) => `left behind: ${path}`));
  return problems;
}

export function done({ rows, units }: DoneWork): number {
  return rows.size + units.size;
}

export function lastLine({ stderr, code, signal }: Ended): string {
  const lines = stderr.trim().split('\n');
  return `exit ${code ?? signal}: ${lines.find((line) => line.startsWith('nacre: ')) ?? lines.at(-1)}`;
}

/** A refusal made for people: exit code 3 and a sentence, no stack. */
export function refusedAs(ended: Ended, words: RegExp): string[] {
  const clear = ended.code === 3 && words.test(ended.stderr) && !/\n {4}at /.test(ended.stderr);
  return clear ? [] : [`no clear refusal: ${lastLine(ended)}`];
}
