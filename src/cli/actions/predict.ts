import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { numberFrom } from '../../cohort/cell-value.ts';
import { readRawTable } from '../../machine/read-table.ts';
import { NacreError, unknownName } from '../../runtime/errors.ts';
import { readTrainedModel, type TrainedModel } from '../../study/model-file.ts';
import { type NewPatient, type Prediction, predictPatient } from '../../study/predict-patient.ts';
import type { Separator } from '../../table/separators.ts';
import { printAssumption } from '../print-assumption.ts';
import { cardText } from './card-text.ts';
import {
  type CohortFlags,
  isCohort,
  type PatientFlags,
  predictWholeCohort,
} from './predict-cohort.ts';

interface Options extends CohortFlags, PatientFlags {
  site?: string;
  separator?: Separator;
  card?: boolean;
}

export async function predictCommand(
  path: string,
  words: string[],
  options: Options,
): Promise<void> {
  const model = readTrainedModel(path);
  if (options.card) {
    process.stdout.write(`${cardText(model)}\n`);
    return;
  }
  if (isCohort(words, options)) {
    await predictWholeCohort(path, model, options);
    return;
  }
  const patient: NewPatient = {
    scans: scansFrom(words, model.recipe.extraction?.scans ?? []),
    site: options.site,
    clinical: clinicalFrom(options.clinical ?? []),
    features:
      options.features === undefined
        ? undefined
        : await featuresFrom(options.features, model, options.separator),
  };
  const { models, cache, allowOutside } = options;
  const prediction = await predictPatient(model, patient, {
    models,
    cache,
    // The model names the user's own weights from where its file stands.
    folder: dirname(resolve(path)),
    allowOutside,
    workers: 1,
  });
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
      const options = [
        'clinical',
        'site',
        'features',
        'cohort',
        'models',
        'cache',
        'separator',
        'allow-outside',
        'card',
        'json',
      ];
      throw unknownName('the model was trained on no such scan', scan, [...known, ...options]);
    }
    if ((files.get(name.slice(2)) ?? file) !== file) {
      throw new InvalidArgumentError(
        `${name} is given twice: ${files.get(name.slice(2))} and ${file}`,
      );
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
  const values = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    const variable = word
      .slice(0, at)
      .trim()
      .replace(/^clinical\./, '');
    if (at <= 0 || variable === '') {
      throw new InvalidArgumentError(`--clinical ${word}: expected variable=value, such as age=51`);
    }
    const value = word.slice(at + 1).trim();
    const before = values.get(variable) ?? value;
    if (before !== value) {
      throw new InvalidArgumentError(
        `--clinical ${variable} is given twice: ${before} and ${value}`,
      );
    }
    values.set(variable, value);
  }
  return Object.fromEntries(values);
}

/** Values of the columns that the model uses, by their names in the model; all other columns are left aside. */
async function featuresFrom(
  file: string,
  { recipe, pipeline }: TrainedModel,
  separator: Separator | undefined,
): Promise<Map<string, number>> {
  const format = { format: 'csv', separator, note: printAssumption } as const;
  const { header, rows } = await readRawTable(file, format);
  if (rows.length !== 1) {
    throw new NacreError('bad-table', 'the table of features is not of one patient', {
      file,
      found: `${rows.length} rows`,
      expected: 'a header and one row',
    });
  }
  const titles = new Map<string, string[]>();
  for (const { name } of pipeline.columns) {
    const title = recipe.features[name]?.title;
    for (const known of title === undefined ? [name] : [name, title]) {
      titles.set(known, [...(titles.get(known) ?? []), name]);
    }
  }
  const values = new Map<string, number>();
  header.forEach((title, c) => {
    const names = titles.get(title) ?? [];
    if (names.length === 0) return;
    if (names.length > 1 || values.has(names[0])) {
      throw new NacreError('duplicate-column', 'a column stands for more than one feature', {
        file,
        column: title,
        found: names.length > 1 ? names.join(', ') : `a second column for ${names[0]}`,
        expected: 'one column per feature',
        todo: 'give each its full name, with scan and region or the block before',
      });
    }
    values.set(names[0], numberFrom(rows[0][c] ?? null, [], { file, row: 1, column: title }));
  });
  return values;
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
