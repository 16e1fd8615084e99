import type { TrainedModel } from '../../study/model-file.ts';

/** The model card in lines. */
export function cardText({ card, endpoint, featureSet, recipe, pipeline }: TrainedModel): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  const metric = (name: string, title: string) => {
    const { mean, low, high } = card.performance.metrics[name];
    return `  ${title} ${percent(mean)}% (95% interval ${percent(low)} to ${percent(high)})`;
  };
  const scans = Object.keys(recipe.scans);
  const clinical = Object.keys(recipe.clinical);
  return [
    `${card.title}: probability of ${endpoint.positiveName}`,
    ...card.warnings.map((warning) => `note: ${warning}`),
    `trained on ${card.patients} patients (${card.positives} ${endpoint.positiveName}) of ${card.cohort.title}`,
    `${pipeline.columns.length} of ${featureSet.candidates} features kept; needs ${
      scans.length > 0 ? `scans ${scans.join(', ')} with masks` : 'no scan'
    }${clinical.length > 0 ? ` and clinical ${clinical.join(', ')}` : ''}`,
    `over ${card.performance.partitions} partitions, each fitted without its test patients:`,
    metric('balancedAccuracy', 'balanced accuracy'),
    metric('auc', 'AUC'),
    card.intendedUse,
  ].join('\n');
}
