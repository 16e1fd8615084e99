import { expect, it } from 'vitest';
import { bodyMask } from '../../src/imaging/body.ts';
import { peritumoralRing } from '../../src/imaging/peritumoral-ring.ts';
import { regionNamed, tumourRegions } from '../../src/imaging/tumour-regions.ts';
import type { Mask, Volume } from '../../src/imaging/volume.ts';
import { grid } from '../radiomics/small-volumes.ts';

const size = [20, 16, 6] as const;
/** Tissue of 100 in the left twelve columns, air of 0 beyond; a tumour at the skin. */
const scan: Volume = {
  ...grid(size),
  data: Int16Array.from({ length: 20 * 16 * 6 }, (_, at) => (at % 20 < 12 ? 100 + (at % 7) : 0)),
};
const labels: Mask = {
  ...grid(size),
  data: Uint8Array.from({ length: 20 * 16 * 6 }, (_, at) => {
    const [i, j, k] = [at % 20, Math.floor(at / 20) % 16, Math.floor(at / 320)];
    return i >= 8 && i < 12 && j >= 6 && j < 10 && k >= 2 && k < 4 ? 3 : 0;
  }),
};

it('the tumour is the label, the ring ends at the skin unless it may go to the edge of the scan', () => {
  const { intratumoral, peritumoral } = tumourRegions(scan, labels, { label: 3, ringMm: 3 });
  expect(intratumoral.data.reduce((sum, x) => sum + x)).toBe(4 * 4 * 2);
  const body = bodyMask(scan);
  expect(peritumoral).toEqual(peritumoralRing(intratumoral, { outer: 3, body }));
  const wide = tumourRegions(scan, labels, { label: 3, ringMm: 3, ringWithin: 'scan' });
  expect(wide.peritumoral).toEqual(peritumoralRing(intratumoral, { outer: 3 }));
  expect(wide.peritumoral).not.toEqual(peritumoral);
  expect(regionNamed(wide, 'peri')).toBe(wide.peritumoral);
  expect(regionNamed(wide, 'intra')).toBe(wide.intratumoral);
});

it('a mask on another grid is refused with what to do, or resampled where that is asked', () => {
  const coarse: Mask = { ...grid([10, 8, 3], [2, 2, 2]), data: new Uint8Array(240) };
  coarse.data.fill(1, 124, 127);
  expect(() => tumourRegions(scan, coarse)).toThrow(/another grid.*--resample-mask/);
  const { intratumoral } = tumourRegions(scan, coarse, { resampleMask: true });
  expect(intratumoral.size).toEqual(size);
  expect(intratumoral.data.some((x) => x === 1)).toBe(true);
});
