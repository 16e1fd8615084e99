import type { ExtractedFeatures } from '../features/extract-cohort.ts';
import type { Extraction } from '../features/extraction.ts';
import { extractorsOf, withoutOthers } from '../features/extractor-choice.ts';
import { NacreError } from '../runtime/errors.ts';
import { clinicalBlock } from './feature-sets.ts';
import type { TrainedModel } from './model-file.ts';

/**
 * The extraction of a model's recipe, reduced to the scans and extractors that its final features come from. Undefined where it
 * needs no scan.
 */
export function extractionOfModel({ recipe, pipeline }: TrainedModel): Extraction | undefined {
  const { extraction } = recipe;
  const needed = Object.keys(recipe.scans);
  if (extraction === undefined || needed.length === 0) return undefined;
  const names = pipeline.columns.map(({ name }) => name);
  const labels = recipe.networks.map(({ extractor, label = extractor }) => ({ extractor, label }));
  const ofNetwork = (name: string) =>
    labels.find(({ label }) => new RegExp(`\\.${label}(-random\\d+)?_\\d+$`).test(name))?.extractor;
  const extractors = extractorsOf(extraction.extractors).filter((extractor) =>
    names.some((name) =>
      name.startsWith(`${clinicalBlock}.`) ? false : (ofNetwork(name) ?? 'radiomics') === extractor,
    ),
  );
  const random = recipe.networks
    .filter(({ label }) => label === undefined)
    .map(({ randomSeed }) => randomSeed !== undefined);
  return {
    ...extraction,
    scans: needed,
    extractors: withoutOthers(extraction.extractors, extractors),
    byScan: Object.fromEntries(
      Object.entries(extraction.byScan).filter(([scan]) => needed.includes(scan)),
    ),
    missingScan: 'drop',
    weights: random.every(Boolean)
      ? 'random'
      : random.some(Boolean)
        ? 'random-where-missing'
        : 'installed',
  };
}

/** Refuses features of other weights than the model was trained with. @throws NacreError `other-weights` */
export function checkWeights(
  { recipe }: TrainedModel,
  extracted: Pick<ExtractedFeatures, 'networks'>,
): void {
  const trained = new Map(recipe.networks.map((network) => [network.extractor, network.sha256]));
  for (const { extractor, sha256 } of extracted.networks) {
    const expected = trained.get(extractor);
    if (expected === undefined || expected === sha256) continue;
    throw new NacreError('other-weights', `${extractor} has other weights than in training`, {
      found: `sha256 ${sha256}`,
      expected: `sha256 ${expected}`,
      todo: 'install the checkpoint that the model was trained with (nacre models fetch)',
    });
  }
}
