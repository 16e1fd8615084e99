import { writeSegmentation } from '../../machine/dicom/write-segmentation.ts';
import { readRegions } from '../../machine/read-regions.ts';
import { printAssumption } from '../print-assumption.ts';
import { addressed, type RegionFlags } from '../region-options.ts';

interface Options extends RegionFlags<'intra' | 'peri' | 'both'> {
  out: string;
  label?: number;
}

export async function run(image: string, mask: string, options: Options): Promise<void> {
  const { out, region, label, ring: ringMm, ringWithin: within } = options;
  const { scan, regions } = await readRegions(addressed(image, mask, options), {
    ...{ label, ringMm, ringWithin: within, note: printAssumption },
    ...{ maskThreshold: options.maskThreshold, resampleMask: options.resampleMask },
  });
  const segments = [
    ...(region === 'peri' ? [] : [{ mask: regions.intratumoral, label: options.roi ?? 'tumour' }]),
    ...(region === 'intra'
      ? []
      : [
          {
            mask: regions.peritumoral,
            label: `ring ${ringMm} mm`,
            algorithm: 'AUTOMATIC' as const,
          },
        ]),
  ];
  await writeSegmentation(out, scan, segments, { created: new Date() });
  process.stdout.write(`${out}\n`);
}
