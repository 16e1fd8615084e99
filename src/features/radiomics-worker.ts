import { labelsOf } from '../imaging/mask-labels.ts';
import { explainMismatch } from '../imaging/read-regions.ts';
import {
  type RegionChoice,
  type RegionName,
  regionNamed,
  tumourRegions,
} from '../imaging/tumour-regions.ts';
import type { Volume } from '../imaging/volume.ts';
import { readImage } from '../machine/read-volume.ts';
import { CheckedExtractor, type ExtractedFeatures } from '../radiomics/checked-extractor.ts';
import type { Diagnostics } from '../radiomics/diagnostics.ts';
import type { RadiomicsSettings } from '../radiomics/parameter-file.ts';
import { AssumptionLog } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { workerSetup } from '../runtime/worker-setup.ts';
import { lostFeatures, lostFeaturesTodo } from './lost-features.ts';
import { attempt, type CaseOutcome, type CaseTask, emptyOutcome } from './run-cases.ts';

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

/** One region measured: values in the order of the extractor's columns, null where there is none (JSON has no NaN). */
export interface RadiomicsRow {
  label: number;
  values: (number | null)[];
  reasons: Record<string, string>;
  diagnostics: Diagnostics;
}

export type RadiomicsOutcome = CaseOutcome<RadiomicsRow>;

let known: { extractor: CheckedExtractor; region?: RadiomicsRegion | undefined } | undefined;

/** Worker thread of `extractBatch`: the settings come once with the thread, then a case at a time. */
export default function work(task: CaseTask): Promise<RadiomicsOutcome> {
  if (known === undefined) {
    const { settings, region } = workerSetup<RadiomicsSetup>();
    known = { extractor: new CheckedExtractor(settings), region };
  }
  return extractCase(known.extractor, task, known.region);
}

/** Reads and measures one case. What is wrong with the case is part of the outcome; a fault of nacre is thrown. */
export async function extractCase(
  extractor: CheckedExtractor,
  task: CaseTask,
  region: RadiomicsRegion = {},
): Promise<RadiomicsOutcome> {
  const outcome = emptyOutcome<RadiomicsRow>();
  const { image, mask, label, patient, row: line } = task;
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
  const whole = { label: typeof label === 'number' ? label : undefined };
  let scan: Volume;
  await attempt(outcome, task, whole, async () => {
    const { note } = log;
    const imageRead = await readImage(image, { note });
    const { name = 'intra', maskThreshold, ringMm, ringWithin } = region;
    const reading = { grid: imageRead.volume, label, threshold: maskThreshold, note };
    const maskRead = await readImage(mask, reading);
    outcome.assumptions = log.list().map((one) => ({ ...one, patient }));
    outcome.sha256 = { image: imageRead.sha256, mask: maskRead.sha256 };
    scan = imageRead.volume;
    const labels = maskRead.volume;
    const one = label ?? extractor.settings.setting.label;
    if (name === 'peri' || maskThreshold !== undefined) {
      // A threshold gives one region; the requested labels do not apply.
      const all = one === 'all' && maskThreshold === undefined;
      const wanted = all
        ? labelsOf(labels, mask).map((each) => each.label)
        : [one === 'all' ? 1 : one];
      const resampleMask = extractor.settings.setting.correctMask;
      const choice = { maskThreshold, resampleMask, ringMm, ringWithin, file: mask };
      for (const each of wanted) {
        await attempt(outcome, task, { label: each }, () => {
          const regions = explainMismatch({ image, mask }, log.list(), () =>
            tumourRegions(scan, labels, { ...choice, label: each }),
          );
          row({ ...measured(regionNamed(regions, name), 1), label: each });
        });
      }
      return;
    }
    if (one !== 'all') {
      row(measured(labels, one));
      return;
    }
    const all = extractor.executeAll(scan, labels);
    if (all.length === 0) {
      throw new NacreError('empty-mask', 'the mask is empty', {
        found: 'no label',
        expected: 'at least one label above 0',
      });
    }
    for (const result of all) {
      await attempt(outcome, task, { label: result.label }, () => {
        if ('error' in result) throw result.error;
        row(result);
      });
    }
  });
  return outcome;
}
