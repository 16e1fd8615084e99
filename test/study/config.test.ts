import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  configHash,
  parseStudyConfig,
  readStudyConfig,
  requireEndpoints,
  studyJsonSchema,
} from '../../src/study/config.ts';

const minimal = `
id: s
title: a study
cohort: synthetic-table
endpoints: [pcr]
featureSets:
  - { id: clinical, blocks: [clinical] }
pipeline: {}
seed: 1
`;

describe('parseStudyConfig', () => {
  it('fills in the protocol of the paper: ten partitions, a fifth held out', () => {
    const config = parseStudyConfig(minimal, 's.yaml');
    expect(config).toMatchObject({ partitions: 10, testShare: 0.2, audit: { permutations: 0 } });
  });

  it('gives a study without `pipeline:` the defaults of every step', () => {
    const without = parseStudyConfig(minimal.replace('pipeline: {}\n', ''), 's.yaml');
    expect(without).toEqual(parseStudyConfig(minimal, 's.yaml'));
  });

  it('hashes what is said, not how', () => {
    const turned = minimal.replace('id: s\n', '').concat('# a comment\nid: s\npartitions: 10\n');
    const hash = (text: string) => configHash(parseStudyConfig(text, 's.yaml'));
    expect(hash(turned)).toBe(hash(minimal));
    expect(hash(minimal.replace('seed: 1', 'seed: 2'))).not.toBe(hash(minimal));
  });

  it.each([
    ['a typo in a key', 'seeed: 2\n', /file s\.yaml, column seeed: .*did you mean seed\?/],
    [
      'a typo deeper down',
      'audit: { permutation: 3 }\n',
      /column audit\.permutation: .*permutations\?/,
    ],
    ['a share beyond 1', 'testShare: 1.5\n', /column testShare: .*found 1\.5/],
    ['numbers of no endpoint', 'published: { rcb: [] }\n', /column published\.rcb/],
    ['broken YAML', 'x: [1\n', /not valid YAML/],
    ['an alias', 'a: &a [x]\nb: *a\n', /alias/i],
  ])('refuses %s, naming file and key', (_, extra, message) => {
    expect(() => parseStudyConfig(minimal + extra, 's.yaml')).toThrow(message);
  });

  it('refuses two feature sets of one id', () => {
    const twice = minimal.replace(
      'pipeline',
      '  - { id: clinical, blocks: [radiomics] }\npipeline',
    );
    expect(() => parseStudyConfig(twice, 's.yaml')).toThrow(/two feature sets have one id/);
  });

  it('refuses a name that is listed twice: it would count twice', () => {
    for (const [once, twice] of [
      ['endpoints: [pcr]', 'endpoints: [pcr, pcr]'],
      ['blocks: [clinical]', 'blocks: [clinical, clinical]'],
    ]) {
      expect(() => parseStudyConfig(minimal.replace(once, twice), 's.yaml')).toThrow(
        /expected a list that names each one once/,
      );
    }
  });

  it('lets a study extract alone, and says so where one is run', () => {
    const alone = parseStudyConfig(minimal.replace('[pcr]', '[]'), 's.yaml');
    expect(() => requireEndpoints(alone)).toThrow(/names no endpoint.*nacre extract/);
    expect(() => requireEndpoints(parseStudyConfig(minimal, 's.yaml'))).not.toThrow();
  });

  it('names the file it cannot read', () => {
    expect(() => readStudyConfig('no-such.yaml')).toThrow(/file no-such\.yaml: .*ENOENT/);
  });
});

describe('the settings of an extraction, within the study', () => {
  it('name each scan, region and extractor once', () => {
    for (const twice of [
      'scans: [T2, T2]',
      'scans: [T2], regions: [intra, intra]',
      'scans: [T2], extractors: [radiomics, radiomics]',
    ]) {
      expect(() => parseStudyConfig(`${minimal}extraction: { ${twice} }\n`, 's.yaml')).toThrow(
        /expected a list that names each one once/,
      );
    }
  });

  const study = (extraction: string) =>
    parseStudyConfig(`${minimal}extraction:\n  scans: [T2]\n  ${extraction}\n`, 's.yaml');

  it('stand as they were written: without defaults, keys in their order, names without overrides', () => {
    const { extraction } = study(
      'radiomics: { imageType: { Wavelet: , Original: { binWidth: 5 } }, setting: { interpolator: 3 } }',
    );
    expect(JSON.stringify(extraction?.radiomics)).toBe(
      '{"imageType":{"Wavelet":null,"Original":{"binWidth":5}},"setting":{"interpolator":3}}',
    );
    expect(extraction?.deep).toEqual({});
  });

  it.each([
    [
      'radiomics: { setting: { binWdith: 5 } }',
      /extraction\.radiomics\.setting\.binWdith.*did you mean binWidth/,
    ],
    ['radiomics: { featureClass: { glmc: [] } }', /featureClass\.glmc.*did you mean glcm/],
    ['deep: { sise: 40 }', /extraction\.deep\.sise.*did you mean size/],
    ['deep: { size: 4 }', /extraction\.deep\.size: .*found 4/],
    ['byScan: { T2: { deep: { crop: all } } }', /byScan\.T2\.deep\.crop.*found "all"/],
  ])('are checked when the study is read: %s', (extraction, message) => {
    expect(() => study(extraction)).toThrow(message);
  });

  it('are in the JSON Schema (npm run nacre -- study --schema > studies/study.schema.json)', () => {
    const path = new URL('../../studies/study.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(studyJsonSchema())),
    );
    expect(JSON.stringify(studyJsonSchema())).toContain('"gldm_a"');
  });
});
