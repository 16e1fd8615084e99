import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { extraction } from '../../src/features/extraction.ts';
import { streamCohort } from '../../src/study/stream-cohort.ts';
import { bytesBelow, type StreamingWorld, streamingWorld } from './streaming-world.ts';

const side = 32;
const patients = 5;
const onePatient = (side * side * side * 9 + 2 * 352) * 1.01;
const asked = extraction({
  scans: ['ceT1'],
  extractors: ['radiomics'],
  radiomics: { featureClass: { firstorder: ['Mean', 'Energy'], shape: ['MeshVolume'] } },
});
let world: StreamingWorld;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-stream-'));
  world = await streamingWorld(join(folder, 'world'), { patients, side });
});
afterAll(() => {
  world.server.close();
  rmSync(folder, { recursive: true, force: true });
});

const stream = (name: string, more: object = {}) =>
  streamCohort(world.manifest, asked, {
    to: join(folder, name),
    cache: join(folder, `${name}-cache`),
    workers: 1,
    waitSeconds: 0,
    diskBytes: onePatient,
    ...more,
  });

/** Tables and manifest of a stream, by name. */
const tablesOf = (at: string) =>
  Object.fromEntries(
    ['manifest.json', ...readdirSync(join(at, 'features')).map((name) => `features/${name}`)].map(
      (name) => [name, readFileSync(join(at, name)).toString('latin1')],
    ),
  );

describe('streamCohort', () => {
  it('brings a patient at a time within the disk bound, and leaves a cohort of features', async () => {
    let most = 0;
    let seen = 0;
    const done = await stream('whole', {
      onPatient: () => {
        seen++;
        most = Math.max(most, bytesBelow(join(folder, 'whole')));
      },
    });
    expect(seen).toBe(patients);
    expect(most).toBeLessThan(onePatient + 100_000);
    expect([done.extracted, done.failed, done.without, done.open]).toEqual([5, [], [], []]);
    expect(readdirSync(done.folder)).not.toContain('scans');
    const cohort = await loadCohort(done.manifest as string);
    expect(cohort.patients).toHaveLength(patients);
    const intra = cohort.blocks['radiomics-ceT1-intra'];
    expect(intra.columns.map(({ name }) => name)).toContain('ceT1.intra.original_firstorder_Mean');
    const mean = intra.columns.find(({ name }) => name.endsWith('firstorder_Mean'));
    // The sphere is 300 and brighter by 20 from patient to patient, under noise of 0 to 255.
    expect(mean?.values[0]).toBeGreaterThan(400);
    expect(mean?.values[0]).toBeLessThan(450);
    const received = JSON.parse(readFileSync(join(done.folder, 'streamed.json'), 'utf8'));
    expect(received.patients[0].received[0]).toMatchObject({
      path: 'S001/image.nii',
      licence: 'MIT',
    });
  });

  it('ends with the same tables after it was stopped in the middle, and asks for no patient twice', async () => {
    const undisturbed = await stream('calm');
    world.sent = 0;
    for (const stopAt of [1, 2, 4]) {
      const abort = new AbortController();
      const onPatient = (_: string, done: number) => {
        if (done === stopAt) abort.abort(new Error('stopped'));
      };
      await expect(stream('stopped', { signal: abort.signal, onPatient })).rejects.toThrow();
    }
    const resumed = await stream('stopped');
    expect(tablesOf(resumed.folder)).toEqual(tablesOf(undisturbed.folder));
    expect(world.sent).toBeLessThan(patients * onePatient);
    // A second call has nothing to bring.
    world.sent = 0;
    await stream('stopped');
    expect(world.sent).toBe(0);
  });

  it('leaves a patient who is larger than the bound for later, and goes on', async () => {
    const small = await stream('bounded', { diskBytes: 1000 });
    expect(small.extracted).toBe(0);
    expect(small.manifest).toBeUndefined();
    expect(small.open).toHaveLength(patients);
    expect(small.open[0].reason).toContain('raise --disk');
    expect((await stream('bounded')).extracted).toBe(patients);
  });

  it('never mixes rows of different settings', async () => {
    const first = await stream('settings');
    const other = await streamCohort(
      world.manifest,
      { ...asked, regions: ['intra'] },
      { to: join(folder, 'settings'), cache: join(folder, 'settings-cache'), workers: 1 },
    );
    expect(other.folder).not.toBe(first.folder);
    expect(readdirSync(join(other.folder, 'features'))).toEqual(['radiomics-ceT1-intra.parquet']);
  });
});
