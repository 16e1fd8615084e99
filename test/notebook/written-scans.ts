import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { syntheticScan } from '../../src/notebook/synthetic-scan.ts';

/** Files of a scan and its tumour. */
export interface WrittenScan {
  image: string;
  mask: string;
}

/** Writes a CT and an MRI made by code, each with its tumour. */
export function writtenScans(folder: string): Record<'ct' | 'mri', WrittenScan> {
  const written = (kind: 'ct' | 'mri'): WrittenScan => {
    const { volume, tumour } = syntheticScan(kind);
    const [image, mask] = [join(folder, `${kind}.nii.gz`), join(folder, `${kind}-mask.nii.gz`)];
    writeFileSync(image, niftiBytes(volume));
    writeFileSync(mask, niftiBytes(tumour));
    return { image, mask };
  };
  return { ct: written('ct'), mri: written('mri') };
}
