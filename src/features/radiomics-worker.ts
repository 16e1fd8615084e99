import { labelsOf } from '../imaging/mask-labels.ts';
import { explainMismatch } from '../imaging/read-regions.ts';
import { readImage } from '../imaging/read-volume.ts';
import {
  type RegionChoice,
  type RegionName,
  regionNamed,
  tumourRegions,
} from '../imaging/tumour-regions.ts';
import type { Volume } from '../imaging/volume.ts';
import type { Diagnostics } from '../radiomics/diagnostics.ts';
import { type ExtractedFeatures, RadiomicsExtractor } from '../radiomics/extractor.ts';
import type { RadiomicsSettings } from '../radiomics/parameter-file.ts';
import { type Assumption, AssumptionLog } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { workerSetup } from '../runtime/worker-pool.ts';
import { type CaseFailure, caseFailure } from './case-failure.ts';
import { lostFeatures, lostFeaturesTodo } from './lost-features.ts';

/** Region of a mask to measure, where it is not simply a label. */
export interface RadiomicsRegion
  extends Pick<RegionChoice, 'maskThreshold' | 'ringMm' | 'ringWithin'> {
  /** `intra` (default): the region itself; `peri`: the ring around it. */
  name?: RegionName | undefined;
}

/** Setup of every worker of a batch. */
export interface RadiomicsSetup {
  settings: RadiomicsSettings;
  region?: RadiomicsRegion | undefined;
}

/** Task of a worker: one pair of files. */
export interface RadiomicsTask {
  image: string;
  mask: string;
  label?: number | 'all' | undefined;
  /** Patient of the case, for errors; the row of the batch file where no column names the patient. */
  patient?: string | undefined;
  row?: number | undefined;
}

/** One region measured: values in the order of the extractor's columns, null where there is none (JSON has no NaN). */
export interface RadiomicsRow {
  label: number;
  values: (number | null)[];
  reasons: Record<string, string>;
  diagnostics: Diagnostics;
}

export interface RadiomicsOutcome {
  rows: RadiomicsRow[];
  /** A region, or the whole case (label undefined), that could not be measured. */
  failures: CaseFailure[];
  /** Regions that were measured but lost more than a tenth of their features; their rows are kept. */
  losses: CaseFailure[];
  /** Assumptions where the headers of the files are incomplete or contradictory. */
  assumptions: Assumption[];
  /** SHA-256 of the bytes that were decoded; undefined where a file could not be read. */
  sha256?: { image: string; mask: string } | undefined;
}

let known: { extractor: RadiomicsExtractor; region?: RadiomicsRegion | undefined } | undefined;

/** Worker thread of `extractBatch`: the settings come once with the thread, then a case at a time. */
export default function work(task: RadiomicsTask): Promise<RadiomicsOutcome> {
  if (known === undefined) {
    const { settings, region } = workerSetup<RadiomicsSetup>();
    known = { extractor: new RadiomicsExtractor(settings), region };
  }
  return extractCase(known.extractor, task, known.region);
}

/** Reads and measures one case. What is wrong with the case is part of the outcome; a fault of nacre is thrown. */
export async function extractCase(
  extractor: RadiomicsExtractor,
  { image, mask, label, patient, row: line }: RadiomicsTask,
  region: RadiomicsRegion = {},
): Promise<RadiomicsOutcome> {
  const outcome: RadiomicsOutcome = { rows: [], failures: [], losses: [], assumptions: [] };
  const failed = (error: unknown, label?: number) => {
    const files = { image, mask, patient, row: line };
    outcome.failures.push(caseFailure(error, files, { label }));
  };
  const row = ({ label, features, reasons, diagnostics }: ExtractedFeatures) => {
    const values = extractor.featureColumns.map((name) =>
      Number.isNaN(features[name]) ? null : features[name],
    );
    outcome.rows.push({ label, values, reasons, diagnostics });
    const lost = lostFeatures(values, extractor.featureColumns, reasons);
    if (lost === undefined) return;
    const error = new NacreError(
      'features-lost',
      'a region lost more than a tenth of its features',
      {
        patient,
        file: mask,
        row: line,
        found: lost,
        expected: 'a value for nine of ten features or more',
        todo: lostFeaturesTodo,
      },
    );
    outcome.losses.push({ label, code: error.code, message: error.message });
  };
  const log = new AssumptionLog();
  /** Measures; where the grids differ and a header does not give the position of its grid, the error reports that. */
  const measured = (region: Volume, label: number): ExtractedFeatures =>
    explainMismatch({ image, mask }, log.list(), () => extractor.execute(scan, region, { label }));
  let scan: Volume;
  let labels: Volume;
  try {
    const { note } = log;
    const imageRead = await readImage(image, { note });
    const { maskThreshold: threshold } = region;
    const maskRead = await readImage(mask, { grid: imageRead.volume, label, threshold, note });
    outcome.assumptions = log.list().map((one) => ({ ...one, patient }));
    outcome.sha256 = { image: imageRead.sha256, mask: maskRead.sha256 };
    scan = imageRead.volume;
    labels = maskRead.volume;
    const one = label ?? extractor.settings.setting.label;
    const { name = 'intra', maskThreshold, ringMm, ringWithin } = region;
    if (name === 'peri' || maskThreshold !== undefined) {
      // A threshold gives one region; the requested labels do not apply.
      const all = one === 'all' && maskThreshold === undefined;
      const wanted = all
        ? labelsOf(labels, mask).map((each) => each.label)
        : [one === 'all' ? 1 : one];
      for (const each of wanted) {
        try {
          const choice = {
            label: each,
            maskThreshold,
            resampleMask: extractor.settings.setting.correctMask,
            ringMm,
            ringWithin,
            file: mask,
          };
          const regions = explainMismatch({ image, mask }, log.list(), () =>
            tumourRegions(scan, labels, choice),
          );
          row({ ...measured(regionNamed(regions, name), 1), label: each });
        } catch (error) {
          failed(error, each);
        }
      }
      return outcome;
    }
    if (one !== 'all') {
      row(measured(labels, one));
      return outcome;
    }
    const all = extractor.executeAll(scan, labels);
    if (all.length === 0) {
      throw new NacreError('empty-mask', 'the mask is empty', {
        found: 'no label',
        expected: 'at least one label above 0',
      });
    }
    for (const result of all) {
      if ('error' in result) failed(result.error, result.label);
      else row(result);
    }
  } catch (error) {
    failed(error, typeof label === 'number' ? label : undefined);
  }
  return outcome;
}
