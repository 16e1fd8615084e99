import { describe, expect, it } from 'vitest';
import { parseStudyConfig } from '../../src/study/config.ts';
import { resolveFeatureSets } from '../../src/study/feature-sets.ts';
import { selectionGroups } from '../../src/study/selection-groups.ts';
import { type FeatureColumn, featureTable } from '../../src/table/feature-table.ts';

const patients = ['A', 'B'];
const column = (name: string, block: string, modality?: string, region?: string) =>
  ({ name, block, modality, region, values: Float64Array.of(0, 1) }) satisfies FeatureColumn;
const image = (block: string) =>
  featureTable(
    patients,
    ['ceT1', 'T2', 'CT'].flatMap((scan) =>
      ['intra', 'peri'].map((region) =>
        column(`${scan}.${region}.${block}_0`, block, scan, region),
      ),
    ),
  );
const cohort = {
  id: 'made-up',
  blocks: {
    clinical: featureTable(patients, [column('clinical.age', 'clinical')]),
    resnet34: image('resnet34'),
    handcrafted: image('handcrafted'),
  },
};

const study = (sets: string, extra = '') =>
  parseStudyConfig(
    `
id: s
title: s
cohort: made-up
endpoints: [pcr]
scanGroups: { MRI: [ceT1, T2] }
sets: { ${sets} }
pipeline: {}
seed: 1
${extra}`,
    's.yaml',
  );
const names = (sets: string) =>
  resolveFeatureSets(study(sets), cohort).map(({ tables }) =>
    tables.flatMap(({ columns }) => columns.map(({ name }) => name)),
  );

describe('sets by extractor, scan and region', () => {
  it('keeps what is named, of any mix', () => {
    expect(names('clinical: { clinical: true }')).toEqual([['clinical.age']]);
    expect(
      names('a: { extractor: resnet34, scans: [MRI], regions: [peri], clinical: true }'),
    ).toEqual([['ceT1.peri.resnet34_0', 'T2.peri.resnet34_0', 'clinical.age']]);
    expect(names('a: { extractor: [resnet34, handcrafted], scans: [CT] }')).toEqual([
      [
        'CT.intra.resnet34_0',
        'CT.peri.resnet34_0',
        'CT.intra.handcrafted_0',
        'CT.peri.handcrafted_0',
      ],
    ]);
    expect(names('a: { extractor: resnet34 }')[0]).toHaveLength(6);
  });

  it('says what a set is made of, scans by the names of their groups', () => {
    const titles = (scans: string) =>
      resolveFeatureSets(study(`a: { extractor: resnet34${scans} }`), cohort)[0].parts?.scansTitle;
    expect(titles('')).toBe('MRI + CT');
    expect(titles(', scans: [T2, ceT1]')).toBe('MRI');
    expect(titles(', scans: [T2, CT]')).toBe('T2 + CT');
    const called = (set: string) => resolveFeatureSets(study(`a: ${set}`), cohort)[0].title;
    expect(called('{ clinical: true }')).toBe('Clinical');
    expect(
      called('{ extractor: handcrafted, clinical: true, scans: [MRI], regions: [intra] }'),
    ).toBe('Handcrafted + clinical, MRI, intra');
    expect(called('{ title: Mine, extractor: resnet34 }')).toBe('Mine');
  });

  it('calls random weights random in the title', () => {
    const random = {
      ...cohort,
      blocks: {
        resnet10: featureTable(patients, [
          column('CT.intra.resnet10-random0_3', 'resnet10', 'CT', 'intra'),
        ]),
      },
    };
    const [set] = resolveFeatureSets(study('a: { extractor: resnet10 }'), random);
    expect(set.title).toBe('ResNet10 (RANDOM weights)');
    expect(set.parts?.randomWeights).toBe(true);
    expect(resolveFeatureSets(study('a: { extractor: resnet34 }'), cohort)[0].title).toBe(
      'ResNet34',
    );
  });

  it.each([
    ['an extractor', 'a: { extractor: resnet43 }', /sets\.a\.extractor: .*did you mean resnet34\?/],
    [
      'a scan',
      'a: { extractor: resnet34, scans: [ceT2] }',
      /sets\.a\.scans: .*did you mean ceT1\?/,
    ],
    ['a region', 'a: { extractor: resnet34, regions: [pery] }', /did you mean peri\?/],
  ])('refuses %s it does not know, with the nearest', (_, sets, message) => {
    expect(() => resolveFeatureSets(study(sets), cohort)).toThrow(message);
  });

  it.each([
    ['a key', 'a: { extracter: resnet34 }', '', /sets\.a\.extracter: .*did you mean extractor\?/],
    ['an empty set', 'a: {}', '', /names no extractor/],
    [
      'a reference that is no set',
      'resnet34: { extractor: resnet34 }',
      'comparison: { reference: resnet35, sets: [resnet34] }',
      /comparison\.reference: .*did you mean resnet34\?/,
    ],
  ])('refuses %s', (_, sets, extra, message) => {
    expect(() => study(sets, extra)).toThrow(message);
  });
});

it('counts where selected features come from', () => {
  const { columns } = cohort.blocks.resnet34;
  const all = [...columns, ...cohort.blocks.clinical.columns];
  const groups = selectionGroups(all, [
    [
      { feature: 'ceT1.peri.resnet34_0', gain: 3 },
      { feature: 'clinical.age', gain: 1 },
    ],
    [{ feature: 'ceT1.intra.resnet34_0', gain: 4 }],
  ]);
  const of = (by: string, name: string) => groups.find((g) => g.by === by && g.name === name);
  expect(of('scan', 'ceT1')).toMatchObject({ candidates: 2, kept: 1, gainShare: 7 / 8 });
  expect(of('scan', 'CT')).toMatchObject({ candidates: 2, kept: 0, keptShare: 0 });
  expect(of('region', 'clinical')).toMatchObject({ candidates: 1, kept: 0.5, gainShare: 1 / 8 });
  expect(of('extractor', 'resnet34')).toMatchObject({ candidates: 6, keptShare: 2 / 3 });
});
