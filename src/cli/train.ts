import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { startProgress } from '../runtime/terminal/progress.ts';
import { readStudyConfig } from '../study/config.ts';
import type { TrainedModel } from '../study/model-file.ts';
import { prepareCohort } from '../study/prepare-cohort.ts';
import { withRecipePathsFrom } from '../study/recipe-paths.ts';
import { writeJson } from '../study/run-folder.ts';
import { trainModel } from '../study/train-model.ts';
import { type CohortFlags, cohortOptions, preparation } from './cohort-options.ts';
import { interruptible } from './interruptible.ts';
import { oldSpelling } from './old-spelling.ts';
import { withMaskFlags } from './region-options.ts';
import { studyFile } from './study.ts';

interface Options extends CohortFlags {
  featureSet: string;
  endpoint: string;
  out: string;
}

export function register(program: Command): void {
  const command = program
    .command('train')
    .description('fit the final pipeline of a study on all its patients and save it as one file')
    .argument('<study>', 'study file (YAML)')
    .requiredOption('--feature-set <name>', 'feature set of the study')
    .requiredOption('--endpoint <name>', 'endpoint of the study')
    .requiredOption('--out <file>', 'where the model goes (.json)');
  cohortOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  nacre train studies/phantom.yaml --feature-set resnet34-clinical --endpoint pcr --out pcr.json
  nacre train studies/ispy1.yaml --feature-set clinical --endpoint pcr --out clinical.json
  nacre predict pcr.json --help

The file holds the recipe of the features (settings, SHA-256 of the weights), the fitted pipeline and a model card with the
performance over the study's partitions. For research only. Exit codes: 0 done, 3 input refused.`,
    )
    .action(trainCommand);
  oldSpelling(command, '--set <name>', 'feature-set');
}

async function trainCommand(study: string, options: Options): Promise<void> {
  const path = studyFile(study, {});
  const config = withMaskFlags(readStudyConfig(path), options);
  await interruptible('extracted features are kept', async (signal) => {
    const prepare = preparation(path, options, signal);
    const { cohort, extracted } = await prepareCohort(config, prepare);
    const model = await trainModel(config, cohort, {
      endpoint: options.endpoint,
      featureSet: options.featureSet,
      extracted,
      signal,
      progress: (total, already) => startProgress('partitions', total, already),
    });
    const folder = dirname(resolve(options.out));
    writeJson(options.out, withRecipePathsFrom(model, dirname(resolve(path)), folder));
    process.stdout.write(`${cardText(model)}\nmodel: ${resolve(options.out)}\n`);
  });
}

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
