import { withDisplay } from '../runtime/jupyter-display.ts';
import { bodyMask } from './body.ts';
import { type LabelChoice, maskOfLabel, requireNotExchanged } from './mask-labels.ts';
import { maskOnGrid } from './mask-on-grid.ts';
import { peritumoralRing } from './peritumoral-ring.ts';
import type { Mask, Volume } from './volume.ts';

/** Names of the regions in columns and settings: the tumour, and the ring around it. */
export const regionNames = ['intra', 'peri'] as const;
export type RegionName = (typeof regionNames)[number];

/** How the regions of a scan are drawn. Fields of a study's `extraction` have the same names. */
export interface RegionChoice {
  /** Value of the tumour in the mask. Default 1. */
  label?: number | undefined;
  /** For masks of probabilities or shares: the tumour is every voxel of at least this value. Default: labels are expected. */
  maskThreshold?: number | undefined;
  /** Resample a mask on another grid onto the scan, nearest neighbour. Default false: it is refused. */
  resampleMask?: boolean | undefined;
  /** Width of the ring, mm, above 0. Default 5. */
  ringMm?: number | undefined;
  /** `body` (default) cuts the ring at the skin (`bodyMask`), `scan` at the edge of the scan only. */
  ringWithin?: 'body' | 'scan' | undefined;
  /** Name of the mask's file, for errors. */
  file?: string | undefined;
}

/** The regions of a scan, on its grid. */
export interface TumourRegions {
  readonly intratumoral: Mask;
  /** Computed on first use. @throws NacreError `empty-ring`, `flat-image`, `bad-option` */
  readonly peritumoral: Mask;
}

/**
 * The regions that features are measured in, from a scan and its mask: the one way from files to regions for extraction,
 * encoding, notebooks, viewer and command line, so that one name means one region everywhere.
 *
 * @param labels the mask as read: labels, or probabilities with `maskThreshold`
 * @throws NacreError `geometry-mismatch`, `empty-mask`, `wrong-label`, `not-a-mask`, `exchanged`
 * @example
 * const { intratumoral, peritumoral } = tumourRegions(scan, mask, { ringMm: 5 });
 */
export function tumourRegions(
  scan: Volume,
  labels: Volume | Mask,
  choice: RegionChoice = {},
): TumourRegions {
  const { label, maskThreshold, resampleMask, ringMm = 5, ringWithin = 'body', file } = choice;
  requireNotExchanged(scan, labels, file);
  const which: LabelChoice = { label, threshold: maskThreshold, file };
  const intratumoral = withDisplay(
    maskOnGrid(scan, maskOfLabel(labels, which), { resample: resampleMask, file }),
  );
  let ring: Mask | undefined;
  return {
    intratumoral,
    get peritumoral() {
      ring ??= peritumoralRing(intratumoral, {
        outer: ringMm,
        body: ringWithin === 'body' ? bodyMask(scan) : undefined,
      });
      return ring;
    },
  };
}

/** The region of a name. */
export function regionNamed(regions: TumourRegions, name: RegionName): Mask {
  return name === 'intra' ? regions.intratumoral : regions.peritumoral;
}
