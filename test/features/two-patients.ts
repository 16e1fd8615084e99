import type { Cohort, ScanFiles } from '../../src/cohort/cohort.ts';
import { writeNifti } from '../../src/machine/write-nifti.ts';
import { madeScan } from '../deep/made-scans.ts';

/** Writes a scan and its mask, made from a seed. @param at path of a file by its name */
export function writeScanPair(at: (name: string) => string, seed: number): ScanFiles {
  const { volume, mask } = madeScan({ seed });
  const files = { image: at(`scan${seed}.nii.gz`), mask: at(`mask${seed}.nii.gz`) };
  writeNifti(files.image, volume);
  writeNifti(files.mask, mask);
  return files;
}

/** A cohort of the patients A and B with these scans, without clinical variables. */
export function twoPatients(images: NonNullable<Cohort['images']>): Cohort {
  return {
    id: 'two',
    title: 'two',
    citation: 'none',
    licence: 'none',
    synthetic: true,
    patients: ['A', 'B'],
    blocks: {},
    endpoints: {},
    images,
    notices: [],
    excluded: [],
    inputs: [],
  };
}
