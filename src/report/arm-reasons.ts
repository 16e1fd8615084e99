import type { EndpointResults, FeatureSetResults } from '../study/results.ts';
import { bestReachableFor } from './paper-table.ts';

/** Where an arm of a study ended, and why. */
export interface ArmReason {
  set: FeatureSetResults;
  /** Where the interval of its balanced accuracy lies: wholly `above` chance, around it (`at`), or wholly `below`. */
  chance: 'above' | 'at' | 'below';
  /** One sentence for tables, report and notebooks. */
  sentence: string;
}

/** Distances from the best reachable below this are not worth a word, as a share. */
const NEAR = 0.02;

/**
 * One sentence for each feature set on where it ended and why, from the run's own numbers: the interval against chance, for
 * synthetic cohorts also the best that its data allow and what was lost in learning it.
 */
export function armReasons(endpoint: EndpointResults): ArmReason[] {
  const asked = endpoint.table?.sets ?? endpoint.featureSets.map(({ id }) => id);
  return asked.flatMap((id) => {
    const set = endpoint.featureSets.find((one) => one.id === id);
    if (set === undefined) return [];
    const chance = chanceOf(set);
    return { set, chance, sentence: `${placeOf(set, chance)}: ${causeOf(endpoint, set, chance)}.` };
  });
}

function chanceOf({ summary: { balancedAccuracy } }: FeatureSetResults): ArmReason['chance'] {
  if (balancedAccuracy.low > 0.5) return 'above';
  return balancedAccuracy.high < 0.5 ? 'below' : 'at';
}

function placeOf(
  { title, summary: { balancedAccuracy } }: FeatureSetResults,
  chance: ArmReason['chance'],
): string {
  const { mean, low, high } = balancedAccuracy;
  const where = {
    above: 'lies above chance with its whole interval',
    at: 'cannot be distinguished from chance',
    below: 'lies below chance with its whole interval',
  }[chance];
  return `${title} (${percent(mean)}%, ${percent(low)} to ${percent(high)}) ${where}`;
}

function causeOf(
  endpoint: EndpointResults,
  set: FeatureSetResults,
  chance: ArmReason['chance'],
): string {
  const best = bestReachableFor(endpoint, set);
  if (best !== undefined) return causeInFormula(set, best);
  const counts = `${set.candidates} candidates met ${set.patients} patients, ${Math.min(set.positives, set.patients - set.positives)} of the rarer class`;
  if (chance === 'above')
    return `${counts}, and what was learned held on patients who were held out`;
  return chance === 'at'
    ? `${counts}, too few to tell a small effect from none`
    : `${counts}; less than chance on held-out patients is luck or a fault of the data`;
}

/** For synthetic patients the formula is known: what it puts into the data of the set, and what the learner lost of it. */
function causeInFormula(set: FeatureSetResults, best: number): string {
  const { parts, summary, partitions } = set;
  if (best <= 0.5)
    return 'its columns were drawn without the patients, and there is nothing to learn from them';
  const lost = best - summary.balancedAccuracy.mean;
  const trained = partitions[0].train.patients;
  const learning =
    lost >= NEAR
      ? `${percent(lost)} points of it were lost in learning from ${trained} patients`
      : lost > -NEAR
        ? `${trained} patients were enough to learn it`
        : `this sample of patients was ${percent(-lost)} points kinder than the formula`;
  return `${knowledgeOf(parts)}, ${percent(best)}% by the best rule; ${learning}`;
}

function knowledgeOf(parts: FeatureSetResults['parts']): string {
  if (parts === undefined || parts.extractors.length === 0) {
    return 'clinical variables know the outcome through the subtype alone';
  }
  const images = parts.randomWeights
    ? 'random weights learned nothing, but brightness and grain of a tumour pass through them'
    : 'the formula draws the outcome into grain, rim and halo of the tumour, which its features measure';
  return parts.clinical ? `${images}, and the subtype is there too` : images;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
