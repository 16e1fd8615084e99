import { rmSync } from 'node:fs';
import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { extractBatch } from '../../features/extract-batch.ts';
import { labelFrom, type RadiomicsCase, readBatch } from '../../features/radiomics-case.ts';
import {
  emptyFailures,
  failureColumns,
  radiomicsColumns,
  radiomicsObjects,
} from '../../features/radiomics-table.ts';
import type { RadiomicsOutcome, RadiomicsRegion } from '../../features/radiomics-worker.ts';
import { readParameterFile } from '../../machine/read-parameter-file.ts';
import { writeCsvColumns } from '../../machine/write-csv.ts';
import { RadiomicsExtractor } from '../../radiomics/extractor.ts';
import type { IbsiConfiguration } from '../../radiomics/ibsi-configuration-names.ts';
import { ibsiParameters } from '../../radiomics/ibsi-configurations.ts';
import { overridesFrom, radiomicsSettings } from '../../radiomics/parameter-file.ts';
import type { Settings } from '../../radiomics/settings.ts';
import { idleAssumption, settingsWithoutEffect } from '../../radiomics/settings-without-effect.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { csvText } from '../../table/csv.ts';
import type { Separator } from '../../table/separators.ts';
import { advised } from '../advised-flags.ts';
import { isBatch } from '../early-batch.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible } from '../interruptible.ts';
import { printAssumption } from '../print-assumption.ts';
import { addressed, type RegionFlags, refusePartsOfBatch } from '../region-options.ts';

export interface Options extends RegionFlags {
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

export async function run(
  input: string,
  mask: string | undefined,
  options: Options,
): Promise<void> {
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
  const progress = single ? undefined : await progressOfBatch();
  const extract = (signal?: AbortSignal) =>
    extractBatch(labelled, settings, {
      workers: options.workers,
      region: regionFrom(options),
      resume: options.resume,
      keep,
      progress,
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
  await write(labelled, outcomes, extractor, { ...options, format, single });
  if (failures.length + losses.length + empty.length > 0) {
    process.exitCode = exitCodes.someFailed;
  }
}

async function write(
  cases: readonly RadiomicsCase[],
  outcomes: readonly RadiomicsOutcome[],
  extractor: RadiomicsExtractor,
  { format, out, single }: { format: string; out?: string; single: boolean },
): Promise<void> {
  if (format === 'json') {
    const objects = radiomicsObjects(cases, outcomes, extractor);
    const text = `${JSON.stringify(single && objects.length === 1 ? objects[0] : objects, null, 1)}\n`;
    if (out === undefined) process.stdout.write(text);
    else writeWhole(out, text);
  } else {
    const columns = radiomicsColumns(cases, outcomes, extractor);
    if (out === undefined) process.stdout.write(csvText(columns));
    else if (format === 'csv') writeCsvColumns(out, columns);
    else (await import('../../machine/parquet.ts')).writeColumns(out, columns);
  }
  if (out === undefined) return;
  const errors = `${out}.errors.csv`;
  const columns = failureColumns(cases, outcomes, extractor);
  if (columns[0].data.length > 0) writeCsvColumns(errors, columns);
  else rmSync(errors, { force: true });
}

/** A single case shows no progress and does not load its display. */
async function progressOfBatch() {
  const { startProgress } = await import('../../runtime/terminal/progress.ts');
  return (total: number, already: number) => startProgress('radiomics', total, already);
}

/** Undefined if no region option is used; the cache key of a case then contains none. */
function regionFrom(options: Options): RadiomicsRegion | undefined {
  const { region: name, maskThreshold, ring: ringMm, ringWithin } = options;
  if (name === 'peri') return { name, maskThreshold, ringMm, ringWithin };
  return maskThreshold === undefined ? undefined : { maskThreshold };
}

function requireBatch(input: string): string {
  if (isBatch(input)) return input;
  throw new InvalidArgumentError('name the mask after the image, or give a batch (.csv)');
}

function formatOf(out: string | undefined): 'csv' | 'json' | 'parquet' {
  const ending = out === undefined ? '' : extname(out).toLowerCase();
  return ending === '.json' ? 'json' : ending === '.parquet' ? 'parquet' : 'csv';
}
