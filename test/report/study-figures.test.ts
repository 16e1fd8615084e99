import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { syntheticTable } from '../../src/cohort/synthetic-table.ts';
import type { SelectionTrail } from '../../src/learning/feature-selection.ts';
import { featureDefinitions } from '../../src/radiomics/feature-definitions.ts';
import { blockColours, setColours } from '../../src/report/block-colours.ts';
import { palette, wrapText } from '../../src/report/figure.ts';
import { shorten } from '../../src/report/figures/ranking.ts';
import { figures } from '../../src/report/figures.ts';
import { type OpenedRun, openRun } from '../../src/report/open-run.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

let run: OpenedRun;
beforeAll(async () => {
  run = await openRun(writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-figures-'))));
});

/** Plotly's traces loosely: what is drawn where. */
interface Trace {
  name?: string;
  x: number[];
  y: number[];
  z?: (number | null)[][];
  marker?: { color: string };
}
const traces = (figure: { data: unknown[] }) => figure.data as Trace[];

describe('a colour means one block', () => {
  it('whatever the feature set and whatever other blocks there are', () => {
    const two = blockColours(['radiomics', 'clinical']);
    const more = blockColours(['clinical', 'own', 'resnet34', 'radiomics']);
    for (const block of ['clinical', 'radiomics']) expect(more.get(block)).toBe(two.get(block));
    expect(new Set(more.values()).size).toBe(4);
    for (const colour of more.values()) expect(palette).toContain(colour);
  });

  it('rankings of two feature sets draw one block in one colour', () => {
    const colours = ['radiomics', 'radiomics+clinical'].map(
      (featureSet) =>
        traces(figures.ranking(run, { featureSet })).find(({ name }) => name === 'radiomics')
          ?.marker?.color,
    );
    expect(colours[0]).toBeDefined();
    expect(colours[1]).toBe(colours[0]);
  });

  it('a set has the colour of the images in it, or of the clinical variables', () => {
    const [clinical, radiomics, both] = run.results.endpoints[0].featureSets.map(setColours(run));
    expect(both).toBe(radiomics);
    expect(clinical).not.toBe(radiomics);
  });
});

it('the selection matrix holds the rank of every shown feature in every partition', () => {
  const own = structuredClone(run);
  const [set] = own.results.endpoints[0].featureSets;
  const names = set.selection.map(({ feature }) => feature);
  for (const partition of set.partitions) {
    partition.selected = names.filter((_, k) => (partition.index + k) % 3 > 0).reverse();
  }
  const [{ z = [] }] = traces(figures.selectionMatrix(own, { top: 3 }));
  expect(z).toHaveLength(Math.min(3, names.length));
  z.forEach((ranks, row) => {
    const places = set.partitions.map(({ selected }) => selected.indexOf(names[row]) + 1);
    expect(ranks.map((rank) => rank ?? 0)).toEqual(places);
  });
});

it('a stability without a value is said to have none', () => {
  const own = structuredClone(run);
  // As JSON writes NaN.
  const none = JSON.parse('{"value":null,"low":null,"high":null}');
  own.results.endpoints[0].featureSets[0].stability = none;
  for (const figure of [figures.ranking(own), figures.selectionMatrix(own)]) {
    expect(figure.caption).toContain('has no value');
  }
});

it('differences are those of the run, in its order', () => {
  const [{ x }] = traces(figures.differences(run));
  const pairs = run.results.endpoints[0].comparisons.filter((c) => c.metric === 'balancedAccuracy');
  expect(x).toEqual(pairs.map(({ difference }) => difference));
  const own = structuredClone(run);
  own.results.endpoints[0].comparisons[0].difference = -1e-5;
  const { annotations } = figures.differences(own).layout;
  // What rounds to zero has no sign.
  expect(annotations?.[0].text).toMatch(/^0\.000 /);
});

it('the audit shows a dot a permutation, their mean and the real labels', () => {
  const sets = run.results.endpoints[0].featureSets.filter((set) => set.audit !== undefined);
  const [dots, means, real] = traces(figures.permuted(run));
  expect(dots.x).toEqual(sets.flatMap((set) => set.audit?.balancedAccuracy ?? []));
  expect(means.x).toEqual(sets.map((set) => set.audit?.mean));
  expect(real.x).toEqual(sets.map((set) => set.summary.balancedAccuracy.mean));
});

it('mRMR steps: filled marks are what elimination kept', () => {
  const trail: SelectionTrail = {
    steps: [],
    mrmr: ['a', 'b', 'c'].map((feature, i) => ({ feature, relevance: 3 - i, score: 3 - i })),
    eliminated: [['b']],
  };
  const [kept, dropped] = traces(figures.mrmrSteps(trail));
  expect(kept.y).toEqual([0, 2]);
  expect(dropped.y).toEqual([1]);
});

it('missing values are shares of each class', () => {
  const cohort = syntheticTable({ patients: 80, missing: 0.1 });
  const labels = cohort.endpoints.pcr.labels;
  const [positive] = traces(figures.missingness(cohort, { top: 1 }));
  const shares = cohort.blocks.clinical.columns.map(({ values }) => {
    const missing = (only?: number) =>
      values.filter((v, row) => Number.isNaN(v) && (only ?? labels[row]) === labels[row]).length;
    return { all: missing(), ofClass: missing(1) / labels.filter((label) => label === 1).length };
  });
  const worst = shares.reduce((a, b) => (b.all > a.all ? b : a));
  expect(positive.x[0]).toBeCloseTo(worst.ofClass, 12);
  const title = 'SYNTHETIC table of nobody';
  const { layout } = figures.missingness({ ...cohort, title, synthetic: true });
  expect(JSON.stringify(layout).match(/SYNTHETIC/g)).toHaveLength(1);
});

it('the leak figure shows every shuffling and starts its bars at chance', () => {
  const leak = { inside: [0.48, 0.52], before: [0.7, 0.8] };
  const figure = figures.selectionLeak(leak);
  expect(JSON.stringify(figure.layout)).not.toContain('SYNTHETIC');
  const made = figures.selectionLeak(leak, { synthetic: true });
  expect(JSON.stringify(made.layout)).toContain('SYNTHETIC patients, made by code');
  const drawn = traces(figure);
  expect(drawn[0].x[0]).toBeCloseTo(0, 12);
  expect(drawn[2].x[0]).toBeCloseTo(0.25, 12);
  expect(drawn[3].x).toEqual([0.7, 0.8]);
});

it('no two features of a scan look the same at an axis', () => {
  const images = ['original', 'log-sigma-3-0-mm-3D', 'log-sigma-0-5-mm-3D', 'wavelet-LLH'];
  const names = Object.entries(featureDefinitions()).flatMap(([kind, features]) =>
    images.flatMap((image) => features.map(({ name }) => `ceT1.intra.${image}_${kind}_${name}`)),
  );
  expect(names.length).toBeGreaterThan(400);
  const shown = new Set(names.map(shorten));
  expect(shown.size).toBe(new Set(names).size);
  expect(shown).toContain('ceT1.intra.log-sigma-0-5-mm-3D_glcm_Idm');
});

it('a label breaks before a remark in parentheses, not within it', () => {
  expect(wrapText('ResNet34 + clinical (RANDOM weights)', 30)).toBe(
    'ResNet34 + clinical<br>(RANDOM weights)',
  );
});
