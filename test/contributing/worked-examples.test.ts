import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { geometryOf, type Mask, type Volume } from '../../src/imaging/volume.ts';
import { regionOfInterest } from '../../src/radiomics/region-of-interest.ts';
import { cbrt } from '../../src/runtime/elementary.ts';
import { readStudyConfig } from '../../src/study/config.ts';
import { brightness } from './brightness.ts';
import { cubeRoot } from './cube-root.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const guide = readFileSync(file('../../CONTRIBUTING.md'), 'utf8');

const volume: Volume = {
  size: [4, 1, 1],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  data: Float64Array.from([-8, 0, 10, 27]),
};
const mask: Mask = { ...geometryOf(volume), data: Uint8Array.from([0, 1, 1, 1]) };

describe('CONTRIBUTING.md', () => {
  it.each(['brightness.ts', 'cube-root.ts', 'own-encoder.yaml', 'cohort/manifest.json'])(
    'shows %s as it is',
    (name) => {
      expect(guide).toContain(`\n${readFileSync(file(name), 'utf8').trimEnd()}\n~~~\n`);
    },
  );

  it('names scripts and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(file('../../package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const [, name] of guide.matchAll(/`npm run ([\w:]+)`/g)) {
      expect(scripts[name], name).toBeDefined();
    }
    for (const [, path] of guide.matchAll(/`((?:src|test|docs|data-manifests)\/[\w./-]+\.\w+)`/g)) {
      expect(() => readFileSync(file(`../../${path}`)), path).not.toThrow();
    }
  });
});

describe('the worked examples run', () => {
  it('feature class: the share of bright voxels', () => {
    const region = regionOfInterest(volume, mask);
    expect(brightness.compute(region)).toEqual([{ name: 'BrightShare', value: 1 / 3 }]);
  });

  it('filter: cube roots, whole and within a box', () => {
    expect(Array.from(cubeRoot(volume).volume.data)).toEqual([-2, 0, cbrt(10), 3]);
    const part = cubeRoot(volume, { within: { low: [2, 0, 0], high: [3, 0, 0] } });
    expect(Array.from(part.volume.data)).toEqual([cbrt(10), 3]);
  });

  it('encoder: the study names a checkpoint of its own', () => {
    const { extraction } = readStudyConfig(file('own-encoder.yaml'));
    expect(Object.keys(extraction?.extractors ?? {})).toEqual(['resnet18', 'tuned']);
  });

  it('cohort: three patients, two predictors, one endpoint', async () => {
    const cohort = await loadCohort(file('cohort/manifest.json'));
    expect(cohort.patients.length).toBe(3);
    expect(Array.from(cohort.endpoints.pcr.labels)).toEqual([1, 0, 0]);
  });
});
