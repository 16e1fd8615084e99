import type { Command } from 'commander';
import { manifestIds } from '../cohort/locate.ts';
import { count } from './count.ts';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  program
    .command('evaluate')
    .description('evaluate a trained model on the patients of another cohort')
    .argument('<model>', 'file that nacre train wrote')
    .argument('<cohort>', `${manifestIds().join(', ')}, or the path of a manifest`)
    .option('--only <column=value>', 'these patients alone: trial=ACRIN-6698, patient=ACRIN-*')
    .option('--against <model>', 'a second model, compared on the same patients')
    .option('--endpoint <name>', 'endpoint of the cohort. Default: the one the model predicts')
    .option(
      '-o, --out <folder>',
      'folder of evaluations; its page shows all of them',
      'evaluations',
    )
    .option('--name <name>', 'of the files. Default: made of model, cohort and --only')
    .option('--seed <n>', 'of the bootstrap over patients', count, 1)
    .option('--resamples <n>', 'samples of the bootstrap', count, 2000)
    .option('--allow-outside', 'predict for values far outside training too, with a remark')
    .option('--data <folder>', 'folder of the fetched cohort (nacre cohort fetch)')
    .option('--mirror <folder>', 'local copy of the cohort files, verified by checksum')
    .option('--pseudonym-key <file>', 'keyed pseudonyms for patient ids, as nacre study has them')
    .option('--models <folder>', 'where networks are kept. Default: $NACRE_MODELS, else ./models')
    .option('--cache <folder>', 'of extracted features. Default: $NACRE_CACHE, else .cache/nacre')
    .option('-w, --workers <n>', 'worker threads. Default: all cores', count)
    .option('--json', 'the evaluation as JSON on stdout')
    .addHelpText(
      'after',
      `
Examples:
  nacre evaluate pcr.json other-centre/manifest.json
  nacre evaluate pcr.json other-centre/manifest.json --resamples 500 --out elsewhere

Features are made from the scans by the recipe in the model file, or read where the tables of the cohort hold them under the same
names. Patients that the model was trained on are left out as far as they are known; who else has no answer is listed with the
reason. Written: NAME.evaluation.json, NAME.predictions.csv, and evaluation.html over all evaluations of the folder.

Intervals (95%): AUC by DeLong on the logit scale, all other numbers by the bootstrap over patients. Two models: DeLong's paired
test of the AUCs, McNemar's exact test of the classes. The threshold is the model's own.

For research only. Exit codes: 0 done, 2 command line, 3 refused, 130 interrupted.`,
    )
    .action(onUse(() => import('./actions/evaluate.ts'), 'evaluateCommand'));
}
