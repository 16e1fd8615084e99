import { type PerturbedMask, perturbMask } from '../imaging/perturb/perturb-mask.ts';
import { scanOnGrid } from '../imaging/perturb/turned-grid.ts';
import { type RegionChoice, type TumourRegions, tumourRegions } from '../imaging/tumour-regions.ts';
import type { Volume } from '../imaging/volume.ts';
import type { Assumption } from '../runtime/assumptions.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import type { CaseFailure } from './case-failure.ts';
import type { Perturbation } from './perturbation-settings.ts';

/** One redraw of the outline of one patient in one scan. */
export interface Redraw {
  /** Settings without `times`: more redraws leave those that are there as they were. */
  settings: Omit<Perturbation, 'times'>;
  patient: string;
  scan: string;
  /** From 0. */
  index: number;
}

/** All redraws of one scan of one patient. */
export function redrawsOf({ times, ...settings }: Perturbation, patient: string, scan: string) {
  return Array.from({ length: times }, (_, index): Redraw => ({ settings, patient, scan, index }));
}

/**
 * A scan, and the further channels of its input, with the regions of a redrawn tumour; the ring is drawn around the new outline.
 *
 * @throws NacreError of `perturbMask` and `tumourRegions`
 */
export function redrawn(
  [scan, ...channels]: readonly Volume[],
  { intratumoral }: TumourRegions,
  { settings, patient, scan: name, index }: Redraw,
  { ringMm, ringWithin, file }: RegionChoice,
): { volumes: Volume[]; regions: TumourRegions } {
  const { seed, volume, ...options } = settings;
  const stream = RandomStream.of(seed, 'perturb', patient, name, index);
  const change = volume === 'none' ? undefined : volume;
  const { volume: seen, mask }: PerturbedMask = perturbMask(
    scan,
    intratumoral,
    { ...options, volume: change },
    stream,
  );
  const others = seen === scan ? channels : channels.map((one) => scanOnGrid(one, seen));
  return {
    volumes: [seen, ...others],
    regions: tumourRegions(seen, mask, { ringMm, ringWithin, file }),
  };
}

/** A redraw that could not be measured: its values are missing, and the patient stays. */
export function redrawFailed(
  { patient, scan, index }: Redraw,
  { code, region, extractor }: CaseFailure,
): Assumption {
  return {
    kind: 'redraw-failed',
    patient,
    scan,
    found: [`redraw ${index + 1}: ${code}`, region, extractor]
      .filter((part) => part !== undefined)
      .join(', '),
    taken: 'missing in the intraclass correlations',
    why: 'the redrawn outline could not be measured; perturb less where many fail',
  };
}
