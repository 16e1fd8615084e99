import { type Command, InvalidArgumentError } from 'commander';
import { NacreError, unknownName } from '../runtime/errors.ts';
import { readTrainedModel, type TrainedModel } from '../study/model-file.ts';
import { type NewPatient, type Prediction, predictPatient } from '../study/predict-patient.ts';
import { readRawTable } from '../table/raw-table.ts';
import { cardText } from './train.ts';

interface Options {
  clinical?: string[];
  features?: string;
  models?: string;
  cache?: string;
  card?: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command('predict')
    .description(
      'predict a new patient with a trained model, from scans, masks and clinical variables',
    )
    .argument('<model>', 'file that nacre train wrote')
    .argument('[scans...]', 'for each scan of the model --NAME FILE --NAME-mask FILE')
    .option('--clinical <values...>', 'variable=value: age=51 her2=1 subtype=HER2+')
    .option('--features <file>', 'CSV of one row, for models whose cohort came with features')
    .option('--models <folder>', 'where networks are kept. Default: $NACRE_MODELS, else ./models')
    .option('--cache <folder>', 'of extracted features. Default: $NACRE_CACHE, else .cache/nacre')
    .option('--card', 'print the model card and stop')
    .option('--json', 'the prediction as JSON on stdout')
    .allowUnknownOption()
    .addHelpText(
      'after',
      `
Examples:
  nacre predict pcr.json --card
  nacre predict pcr.json --ceT1 ce.nii.gz --ceT1-mask ce-mask.nii.gz --T2 t2.nii.gz --T2-mask t2-mask.nii.gz \\
      --CT ct.nii.gz --CT-mask ct-mask.nii.gz --clinical age=51 her2=1 subtype=HER2+

Refused is what lies outside training: a scan or mask that is missing, voxels of another size, a category it never saw,
other network weights. For research only. Exit codes: 0 done, 2 command line, 3 refused.`,
    )
    .action(predictCommand);
}

async function predictCommand(path: string, words: string[], options: Options): Promise<void> {
  const model = readTrainedModel(path);
  if (options.card) {
    process.stdout.write(`${cardText(model)}\n`);
    return;
  }
  const patient: NewPatient = {
    scans: scansFrom(words, model.recipe.extraction?.scans ?? []),
    clinical: clinicalFrom(options.clinical ?? []),
    features: options.features === undefined ? undefined : await featuresFrom(options.features),
  };
  const { models, cache } = options;
  const prediction = await predictPatient(model, patient, { models, cache, workers: 1 });
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...prediction, endpoint: model.endpoint, warnings: model.card.warnings, intendedUse: model.card.intendedUse }, null, 2)}\n`
      : describe(model, prediction),
  );
}

/** `--ceT1 a.nii.gz --ceT1-mask b.nii.gz` (or with `=`) as pairs of files. */
function scansFrom(words: readonly string[], known: readonly string[]): NewPatient['scans'] {
  const files = new Map<string, string>();
  const rest = words.flatMap((word) => {
    const at = word.startsWith('--') ? word.indexOf('=') : -1;
    return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
  });
  for (let i = 0; i < rest.length; i += 2) {
    const [name, file] = [rest[i], rest[i + 1]];
    if (!name.startsWith('--') || file === undefined || file.startsWith('--')) {
      throw new InvalidArgumentError(
        `${name} is not understood: expected --SCAN FILE --SCAN-mask FILE`,
      );
    }
    const scan = name.slice(2).replace(/-mask$/, '');
    if (!known.includes(scan)) {
      const options = ['clinical', 'features', 'models', 'cache', 'card', 'json'];
      throw unknownName('the model was trained on no such scan', scan, [...known, ...options]);
    }
    files.set(name.slice(2), file);
  }
  const scans = [...new Set([...files.keys()].map((name) => name.replace(/-mask$/, '')))];
  return Object.fromEntries(
    scans.map((scan) => {
      const [image, mask] = [files.get(scan), files.get(`${scan}-mask`)];
      if (image !== undefined && mask !== undefined) return [scan, { image, mask }];
      throw new NacreError(
        image === undefined ? 'scan-missing' : 'mask-missing',
        image === undefined ? `the mask of ${scan} has no scan` : `the scan ${scan} has no mask`,
        {
          found: image === undefined ? `--${scan}-mask alone` : `--${scan} alone`,
          expected: `--${scan} FILE and --${scan}-mask FILE`,
          todo: 'outline the tumour on the scan and give the mask',
        },
      );
    }),
  );
}

function clinicalFrom(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
      throw new InvalidArgumentError(`--clinical ${word}: expected variable=value, such as age=51`);
    }),
  );
}

async function featuresFrom(file: string): Promise<Map<string, number>> {
  const { header, rows } = await readRawTable(file, { format: 'csv' });
  if (rows.length !== 1) {
    throw new NacreError('bad-table', 'the table of features is not of one patient', {
      file,
      found: `${rows.length} rows`,
      expected: 'a header and one row',
    });
  }
  return new Map(
    header.flatMap((name, c) => {
      const value = Number(rows[0][c] ?? Number.NaN);
      return Number.isFinite(value) ? [[name, value] as const] : [];
    }),
  );
}

function describe(model: TrainedModel, prediction: Prediction): string {
  const { probability, threshold, predicted, base, contributions, remarks } = prediction;
  const { metrics, partitions } = model.card.performance;
  const percent = (share: number) => (100 * share).toFixed(1);
  const { mean, low, high } = metrics.balancedAccuracy;
  const width = Math.max(...contributions.map(({ feature }) => feature.length));
  return `${[
    model.card.title,
    ...model.card.warnings.map((warning) => `note: ${warning}`),
    ...remarks.map((remark) => `remark: ${remark}`),
    `probability of ${model.endpoint.positiveName}: ${probability.toFixed(3)}; threshold ${threshold.toFixed(3)}: ${predicted}`,
    `what weighed most (log-odds; ${base.toFixed(3)} before the patient is known):`,
    ...contributions
      .slice(0, 8)
      .map(
        ({ feature, value, contribution }) =>
          `  ${contribution < 0 ? '-' : '+'}${Math.abs(contribution).toFixed(3)}  ${feature.padEnd(width)}  ${value === undefined ? 'missing' : Number(value.toPrecision(6))}`,
      ),
    `how good the model is: balanced accuracy ${percent(mean)}% (95% interval ${percent(low)} to ${percent(high)}) over ${partitions} partitions`,
    model.card.intendedUse,
  ].join('\n')}\n`;
}
