import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { changed } from './changed.ts';
import { damaged } from './damage.ts';
import { fullDisk } from './disks.ts';
import { type Bench, type Fault, placeOf } from './fault.ts';
import { outOfMemory } from './memory.ts';
import { removed } from './removed.ts';
import { killed } from './stopped.ts';
import { ofCheckout } from './subject.ts';
import { undisturbed } from './undisturbed.ts';

// Whole studies: on a busy machine they may take their time.

/** One trial of a few of the faults; `npm run faults` tries all of them twenty times. */
let folder: string;
let bench: Bench;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-faults-'));
  // Trial 0 of every fault compares no report.
  bench = await undisturbed(ofCheckout(), folder, { report: false });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tried: [string, Fault][] = [
  ['killed', killed],
  ['damaged', damaged],
  ['outOfMemory', outOfMemory],
  ['fullDisk', fullDisk],
  ['changed', changed],
  ['removed', removed],
];

describe('a study that is disturbed', () => {
  it.each(tried.filter(([, { skip }]) => skip?.() === undefined))(
    'loses nothing: %s',
    async (id, fault) => {
      const stream = RandomStream.of(1, 'faults', id);
      const { problems } = await fault.trial(bench, placeOf(join(folder, id)), stream, 0);
      expect(problems).toEqual([]);
    },
  );
});
