import { dirname, resolve } from 'node:path';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { readStudyConfig } from '../../study/config.ts';
import { requireDivisible } from '../../study/divide-study.ts';
import { prepareCohort } from '../../study/prepare-cohort.ts';
import { withRecipePathsFrom } from '../../study/recipe-paths.ts';
import { writeJson } from '../../study/run-folder.ts';
import { trainModel } from '../../study/train-model.ts';
import type { CohortFlags } from '../cohort-options.ts';
import { interruptible } from '../interruptible.ts';
import { withMaskFlags } from '../region-options.ts';
import { studyFile } from '../study-file.ts';
import { cardText } from './card-text.ts';
import { preparation } from './preparation.ts';

interface Options extends CohortFlags {
  featureSet: string;
  endpoint: string;
  out: string;
}

export async function trainCommand(study: string, options: Options): Promise<void> {
  const path = studyFile(study, {});
  const config = withMaskFlags(readStudyConfig(path), options);
  await interruptible('extracted features are kept', async (signal) => {
    const { cohort, extracted } = await prepareCohort(config, {
      ...preparation(path, options, signal),
      beforeExtraction: (loaded) => requireDivisible(config, [options.endpoint], loaded),
    });
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
