import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { manifestPath } from '../../src/cohort/locate.ts';
import { readManifest } from '../../src/cohort/read-manifest.ts';
import { readStudyConfig } from '../../src/study/config.ts';
import { resolveFeatureSets } from '../../src/study/feature-sets.ts';

const path = manifestPath('ispy2');
const counts = (values: readonly (string | number | undefined)[]) => {
  const found: Record<string, number> = {};
  for (const value of values) found[String(value)] = (found[String(value)] ?? 0) + 1;
  return found;
};
const column = (cohort: Cohort, name: string) => cohort.columns?.[name].values as string[];

describe('I-SPY 2, which comes with nacre', () => {
  it('lies beside its manifest, byte for byte as its source, with licence and attribution', () => {
    const [source] = readManifest(path).sources;
    const bytes = readFileSync(join(dirname(path), source.path));
    expect(bytes.length).toBe(source.bytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(source.sha256);
    const readme = readFileSync(join(dirname(path), 'README.md'), 'utf8');
    for (const word of ['CC BY 4.0', 'Fridman', 'Newitt', 'Li W', source.sha256]) {
      expect(readme).toContain(word);
    }
  });

  it('gives 982 women, 316 with pCR, their sub-study, split and subtype', async () => {
    const cohort = await loadCohort('ispy2');
    expect(cohort.patients).toHaveLength(982);
    expect(counts([...cohort.endpoints.pcr.labels])).toEqual({ 0: 666, 1: 316 });
    expect(counts(column(cohort, 'substudy'))).toEqual({ 'I-SPY 2': 717, 'ACRIN 6698': 265 });
    expect(counts(column(cohort, 'split'))).toEqual({
      ...{ training: 781, validation: 98, test: 98 },
      undefined: 5,
    });
    expect(counts(column(cohort, 'subtype'))).toEqual({
      ...{ 'HER2+': 242, 'HR+/HER2-': 381, 'triple-negative': 359 },
    });
    expect(cohort.group).toBe('substudy');
    expect(cohort.synthetic).toBe(false);
  });

  it('computes the tumour volume in mL and its logarithm', async () => {
    const { patients, columns, blocks } = await loadCohort('ispy2');
    // 42,423 voxels of 0.6055 x 0.6055 x 2 mm.
    const row = patients.indexOf('ACRIN-6698-102212');
    const volume = 42423 * 0.6055 * 0.6055 * 2 * 0.001;
    expect(columns?.tumour_volume.values[row]).toBeCloseTo(volume, 10);
    expect(blocks.volume.columns[0].values[row]).toBeCloseTo(Math.log(volume), 12);
    expect(blocks.volume.columns[0].values.filter(Number.isNaN)).toHaveLength(2);
  });

  it('has no predictor beside HR, HER2, MammaPrint, age and, in a block of its own, volume', async () => {
    const cohort = await loadCohort('ispy2');
    const sets = resolveFeatureSets(readStudyConfig('studies/ispy2.yaml'), cohort);
    const names = sets.map(({ id, tables }) => [
      id,
      tables.flatMap(({ columns }) => columns.map(({ name }) => name)),
    ]);
    const clinical = ['clinical.hr', 'clinical.her2', 'clinical.mammaprint', 'clinical.age'];
    const arms = {
      receptors: ['clinical.hr', 'clinical.her2'],
      clinical,
      volume: ['volume.log_tumour_volume'],
      'clinical+volume': [...clinical, 'volume.log_tumour_volume'],
    };
    // Each arm twice: by a straight line, and by trees.
    expect(Object.fromEntries(names)).toEqual(
      Object.fromEntries(
        Object.entries(arms).flatMap(([arm, columns]) =>
          ['line', 'trees'].map((learner) => [`${arm}-${learner}`, columns]),
        ),
      ),
    );
  });
});
