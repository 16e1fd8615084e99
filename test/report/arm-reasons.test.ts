import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { armReasons } from '../../src/report/arm-reasons.ts';
import { armSection } from '../../src/report/arm-section.ts';
import { type OpenedRun, openRun } from '../../src/report/open-run.ts';
import { tables } from '../../src/report/tables.ts';
import type { EndpointResults, SetParts } from '../../src/study/results.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

let run: OpenedRun;
beforeAll(async () => {
  run = await openRun(writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-reasons-'))));
});

const parts = (changes: Partial<SetParts>): SetParts => ({
  extractors: [],
  clinical: false,
  scans: [],
  regions: [],
  scansTitle: '',
  randomWeights: false,
  ...changes,
});

/** The first endpoint as that of a phantom whose formula is known, its first set with these parts and this interval. */
function known(of: SetParts, [low, mean, high]: [number, number, number]): EndpointResults {
  const endpoint = structuredClone(run.results.endpoints[0]);
  const [set] = endpoint.featureSets;
  endpoint.reachable = { clinical: 0.8, scans: 0.84, scansAndClinical: 0.87, noise: 0.5 };
  endpoint.featureSets = [
    {
      ...set,
      parts: of,
      summary: { ...set.summary, balancedAccuracy: { mean, sd: 0.1, low, high } },
    },
  ];
  return endpoint;
}

describe('armReasons', () => {
  it('names the interval against chance, what the data can know and what learning lost of it', () => {
    const [clinical] = armReasons(known(parts({ clinical: true }), [0.61, 0.7, 0.79]));
    expect(clinical.chance).toBe('above');
    const trained = clinical.set.partitions[0].train.patients;
    expect(clinical.sentence).toBe(
      'Clinical (70.0%, 61.0 to 79.0) lies above chance with its whole interval: clinical variables know the outcome ' +
        `through the subtype alone, 80.0% by the best rule; 10.0 points of it were lost in learning from ${trained} patients.`,
    );
  });

  it('says of noise that there is nothing to learn, wherever its interval lies', () => {
    const noise = parts({ extractors: ['noise'] });
    const [at] = armReasons(known(noise, [0.4, 0.52, 0.64]));
    expect(at.chance).toBe('at');
    expect(at.sentence).toMatch(
      /cannot be distinguished from chance: .*nothing to learn from them\.$/,
    );
    const [lucky] = armReasons(known(noise, [0.52, 0.6, 0.68]));
    expect(lucky.sentence).toMatch(/above chance .*nothing to learn/);
    // With clinical variables beside it, an arm knows what they know.
    const [mixed] = armReasons(known({ ...noise, clinical: true }, [0.52, 0.6, 0.68]));
    expect(mixed.sentence).toContain('80.0% by the best rule');
  });

  it('says what random weights can show, and that luck is luck', () => {
    const random = parts({ extractors: ['resnet34'], randomWeights: true });
    const [set] = armReasons(known(random, [0.8, 0.9, 1]));
    expect(set.sentence).toMatch(/random weights learned nothing, but brightness and grain/);
    expect(set.sentence).toMatch(/6\.0 points kinder than the formula/);
  });

  it('of real patients states counts alone', () => {
    for (const { sentence, set } of armReasons(run.results.endpoints[0])) {
      expect(sentence).toContain(`${set.candidates} candidates met ${set.patients} patients`);
      expect(sentence).not.toMatch(/formula|best rule/);
    }
  });

  it('is a row per set of a table, and a line of the report', () => {
    const [endpoint] = run.results.endpoints;
    const rows = tables.reasons(run);
    expect(rows.map((row) => row['feature set'])).toEqual(endpoint.featureSets.map((s) => s.title));
    const { text } = armSection(endpoint);
    expect(text.match(/<li /g)).toHaveLength(rows.length);
    endpoint.table = { reference: endpoint.featureSets[0].id, sets: [] };
    expect(armSection(endpoint).text).toBe('');
  });
});
