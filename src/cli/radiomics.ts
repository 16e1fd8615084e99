import { rmSync } from 'node:fs';
import { extname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { extractBatch } from '../features/extract-batch.ts';
import { labelFrom, type RadiomicsCase, readBatch } from '../features/radiomics-case.ts';
import {
  emptyFailures,
  failureColumns,
  radiomicsColumns,
  radiomicsObjects,
} from '../features/radiomics-table.ts';
import type { RadiomicsOutcome, RadiomicsRegion } from '../features/radiomics-worker.ts';
import { RadiomicsExtractor } from '../radiomics/extractor.ts';
import {
  type IbsiConfiguration,
  ibsiConfigurations,
  ibsiParameters,
} from '../radiomics/ibsi-configurations.ts';
import {
  overridesFrom,
  radiomicsSettings,
  readParameterFile,
} from '../radiomics/parameter-file.ts';
import type { Settings } from '../radiomics/settings.ts';
import { idleAssumption, settingsWithoutEffect } from '../radiomics/settings-without-effect.ts';
import { startProgress } from '../runtime/terminal/progress.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import { csvText, writeCsvColumns } from '../table/csv.ts';
import type { Separator } from '../table/csv-cells.ts';
import { writeColumns } from '../table/parquet.ts';
import { advised } from './advised-flags.ts';
import { count } from './count.ts';
import { exitCodes } from './exit-codes.ts';
import { interruptible } from './interruptible.ts';
import { oldSpelling } from './old-spelling.ts';
import { printAssumption } from './print-assumption.ts';
import {
  addressed,
  type RegionFlags,
  refusePartsOfBatch,
  regionOptions,
} from './region-options.ts';
import { separatorOption } from './separator-option.ts';

interface Options extends RegionFlags {
  params?: string;
  ibsi?: IbsiConfiguration;
  label?: string;
  separator?: Separator;
  conventions?: Settings['conventions'];
  setting: string[];
  format?: 'csv' | 'json' | 'parquet';
  out?: string;
  workers: number;
  resume?: boolean;
}

export function register(program: Command): void {
  const command = program
    .command('radiomics')
    .description('handcrafted features of a scan and a mask, or of a batch of them')
    .argument(
      '<input>',
      'the image (NIfTI, NRRD, DICOM file or folder), or a batch: a .csv with columns Image, Mask',
    )
    .argument('[mask]', 'the mask of the image')
    .option('-p, --params <file>', 'PyRadiomics parameter file (YAML), as it is')
    .addOption(
      new Option('--ibsi <configuration>', "settings of IBSI's configurations, in place of a file")
        .choices(ibsiConfigurations)
        .conflicts('params'),
    )
    .option('-l, --label <n>', 'which label of the mask, or all. Default: the setting label, 1')
    .addOption(separatorOption('a batch'));
  regionOptions(command)
    .addOption(
      new Option('--conventions <whose>', 'formulas where the two differ').choices([
        'pyradiomics',
        'ibsi',
      ]),
    )
    .option(
      '-s, --setting <key=value>',
      'a setting that wins over the file; may be given again',
      more,
      [],
    )
    .addOption(
      new Option('-f, --format <form>', 'default: by the ending of --out, else csv').choices([
        'csv',
        'json',
        'parquet',
      ]),
    )
    .option('-o, --out <file>', 'default: standard output')
    .option('-w, --workers <n>', 'worker threads; results do not depend on it', count, 1)
    .option('--resume', 'take finished cases from <out>.cases/ (needs --out)')
    .addHelpText(
      'after',
      `
Examples:
  nacre radiomics t1.nii.gz tumour.nii.gz --out features.csv
  nacre radiomics t1.nii.gz tumour.nii.gz --params Params.yaml --format json
  nacre radiomics t1.nii.gz labels.nrrd --label all --setting binWidth=10 --setting "resampledPixelSpacing=[1, 1, 1]"
  nacre radiomics ct.nii.gz ct-mask.nii.gz --ibsi E --out e.csv
  nacre radiomics ct.nii.gz ct-mask.nii.gz --ibsi A --setting aggregation=2D-slice-merged
  nacre radiomics t1.nii.gz tumour.nii.gz --region peri --ring 5
  nacre radiomics t1.nii.gz probabilities.nii.gz --mask-threshold 0.5
  nacre radiomics dce/ RTSTRUCT.dcm --phase 2 --roi "GTV*"
  nacre radiomics batch.csv --params Params.yaml --out features.parquet --workers 4 --resume

A batch has PyRadiomics' own form: columns Image and Mask (relative to the file), Label where wanted; other columns
are carried along. Cases that fail keep an empty row and are listed in <out>.errors.csv, as are cases that lose more than
a tenth of their features (they keep their row) and columns without a value in any case. Finished cases are kept in
<out>.cases/; after Ctrl-C (with one worker once the case at hand is done) the same command with --resume goes on.

Exit codes: 0 done, 2 bad command line, 3 input refused, 4 some cases failed, 130 interrupted.`,
    )
    .action(run);
  oldSpelling(command, '--set <key=value>', 'setting');
  oldSpelling(command, '-j, --jobs <n>', 'workers');
}

async function run(input: string, mask: string | undefined, options: Options): Promise<void> {
  const format = options.format ?? formatOf(options.out);
  if (format === 'parquet' && options.out === undefined) {
    throw new InvalidArgumentError('--format parquet needs --out');
  }
  if (options.resume && options.out === undefined) {
    throw new InvalidArgumentError('--resume needs --out');
  }
  const overrides: Partial<Settings> = {
    ...overridesFrom(options.setting),
    ...(options.conventions === undefined ? {} : { conventions: options.conventions }),
    ...(options.resampleMask ? { correctMask: true } : {}),
  };
  const settings =
    options.params === undefined
      ? radiomicsSettings(options.ibsi === undefined ? {} : ibsiParameters(options.ibsi), {
          overrides,
        })
      : readParameterFile(options.params, overrides);
  const label = options.label === undefined ? undefined : labelFrom(options.label);
  const single = mask !== undefined;
  if (!single) refusePartsOfBatch(options);
  const cases: RadiomicsCase[] = single
    ? [{ row: 0, ...addressed(input, mask, options), cells: { Image: input, Mask: mask } }]
    : await readBatch(requireBatch(input), {
        separator: options.separator,
        note: printAssumption,
      });
  const labelled = cases.map((one) => ({ ...one, label: label ?? one.label }));
  const extractor = new RadiomicsExtractor(settings);
  for (const idle of settingsWithoutEffect(settings)) printAssumption(idleAssumption(idle));
  if (settings.voxelSetting !== undefined) {
    printAssumption({
      kind: 'setting-without-effect',
      found: 'voxelSetting',
      taken: 'nothing: a row of features per region',
      why: 'maps are made by nacre voxel-maps; PyRadiomics, too, makes them only in its voxel mode',
    });
  }
  const keep = options.out === undefined || single ? undefined : `${options.out}.cases`;
  const extract = (signal?: AbortSignal) =>
    extractBatch(labelled, settings, {
      workers: options.workers,
      region: regionFrom(options),
      resume: options.resume,
      keep,
      progress: single ? undefined : (total, already) => startProgress('radiomics', total, already),
      signal,
    });
  const left =
    keep === undefined
      ? 'nothing was written'
      : 'finished cases are kept, the same command with --resume goes on';
  // A single case has no partial result to keep, so the signal ends the process as usual.
  const outcomes = single ? await extract() : await interruptible(left, extract);
  if (outcomes === undefined) return;
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  for (const { assumptions } of outcomes) for (const one of assumptions) printAssumption(one);
  const losses = outcomes.flatMap((outcome) => outcome.losses);
  const empty = emptyFailures(outcomes, extractor);
  for (const { message } of [...failures, ...losses, ...empty]) {
    process.stderr.write(`nacre: ${advised(message)}\n`);
  }
  if (single && outcomes[0].rows.length === 0) {
    process.exitCode = exitCodes.badInput;
    return;
  }
  write(labelled, outcomes, extractor, { ...options, format, single });
  if (failures.length + losses.length + empty.length > 0) {
    process.exitCode = exitCodes.someFailed;
  }
}

function write(
  cases: readonly RadiomicsCase[],
  outcomes: readonly RadiomicsOutcome[],
  extractor: RadiomicsExtractor,
  { format, out, single }: { format: string; out?: string; single: boolean },
): void {
  if (format === 'json') {
    const objects = radiomicsObjects(cases, outcomes, extractor);
    const text = `${JSON.stringify(single && objects.length === 1 ? objects[0] : objects, null, 1)}\n`;
    if (out === undefined) process.stdout.write(text);
    else writeWhole(out, text);
  } else {
    const columns = radiomicsColumns(cases, outcomes, extractor);
    if (out === undefined) process.stdout.write(csvText(columns));
    else if (format === 'csv') writeCsvColumns(out, columns);
    else writeColumns(out, columns);
  }
  if (out === undefined) return;
  const errors = `${out}.errors.csv`;
  const columns = failureColumns(cases, outcomes, extractor);
  if (columns[0].data.length > 0) writeCsvColumns(errors, columns);
  else rmSync(errors, { force: true });
}

/** Undefined if no region option is used; the cache key of a case then contains none. */
function regionFrom(options: Options): RadiomicsRegion | undefined {
  const { region: name, maskThreshold, ring: ringMm, ringWithin } = options;
  if (name === 'peri') return { name, maskThreshold, ringMm, ringWithin };
  return maskThreshold === undefined ? undefined : { maskThreshold };
}

function requireBatch(input: string): string {
  if (extname(input).toLowerCase() === '.csv') return input;
  throw new InvalidArgumentError('name the mask after the image, or give a batch (.csv)');
}

function formatOf(out: string | undefined): 'csv' | 'json' | 'parquet' {
  const ending = out === undefined ? '' : extname(out).toLowerCase();
  return ending === '.json' ? 'json' : ending === '.parquet' ? 'parquet' : 'csv';
}

function more(text: string, previous: string[]): string[] {
  if (text.indexOf('=') < 1) throw new InvalidArgumentError('expected key=value.');
  return [...previous, text];
}
