import type { FeatureSetResults } from '../study/results.ts';
import { palette } from './figure.ts';
import type { OpenedRun } from './open-run.ts';

/**
 * Blocks that every study may have, always in the same colour: a hue means one source of features in all figures.
 * Clinical variables stand apart from images, handcrafted from deep.
 */
const known: Readonly<Record<string, string>> = {
  clinical: palette[2],
  radiomics: palette[0],
  handcrafted: palette[0],
  resnet34: palette[1],
  resnet18: palette[4],
  resnet10: palette[3],
  resnet50: palette[5],
};

/** Colours of all other blocks, in the order of their names. */
const spare = [palette[4], palette[3], palette[5], palette[6], palette[1], palette[0], palette[2]];

/**
 * One colour per block. Pass all blocks of a run, not those of one figure, so that a block of another name has the same
 * colour wherever it is drawn.
 */
export function blockColours(blocks: Iterable<string>): ReadonlyMap<string, string> {
  const names = [...new Set(blocks)].sort();
  const taken = new Set(names.map((name) => known[name]));
  const free = [...spare.filter((colour) => !taken.has(colour)), ...spare];
  let next = 0;
  return new Map(names.map((name) => [name, known[name] ?? free[next++ % free.length]]));
}

/** Blocks of which any set of the run kept a feature: the same list for every figure of the run. */
export function blocksOf({ results }: Pick<OpenedRun, 'results'>): string[] {
  const sets = results.endpoints.flatMap(({ featureSets }) => featureSets);
  return sets.flatMap(({ selection }) => selection.map(({ block }) => block));
}

/**
 * The colour of a feature set: that of the block which its image features come from, or of the clinical variables where
 * it has no others. Sets of one source share a hue; rows and panels carry their names.
 */
export function setColours(run: Pick<OpenedRun, 'results'>): (set: FeatureSetResults) => string {
  const colours = blockColours(blocksOf(run));
  return ({ parts, selection }) => {
    const blocks = parts?.extractors ?? [...new Set(selection.map(({ block }) => block))].sort();
    const images = blocks.filter((block) => block !== 'clinical');
    // A set of several extractors counts as a separate source.
    if (images.length > 1) return palette[3];
    return colours.get(images[0] ?? 'clinical') ?? palette[2];
  };
}
