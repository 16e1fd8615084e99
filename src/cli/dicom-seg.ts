import type { Command } from 'commander';
import { writeSegmentation } from '../imaging/dicom/write-segmentation.ts';
import { readRegions } from '../imaging/read-regions.ts';
import { count } from './count.ts';
import { printAssumption } from './print-assumption.ts';
import { addressed, type RegionFlags, regionOptions } from './region-options.ts';

interface Options extends RegionFlags<'intra' | 'peri' | 'both'> {
  out: string;
  label?: number;
}

export function register(program: Command): void {
  const dicom =
    program.commands.find((one) => one.name() === 'dicom') ??
    program.command('dicom').description('what is particular to DICOM');
  const command = dicom
    .command('seg')
    .description('write a mask or the ring around it as a DICOM segmentation (SEG) of its series')
    .argument('<image>', 'DICOM folder or file of the series')
    .argument('<mask>', 'mask of the image: NIfTI, NRRD, RTSTRUCT or SEG')
    .requiredOption('-o, --out <file>', 'the segmentation')
    .option('-l, --label <n>', 'value of the region in the mask. Default: 1', count);
  regionOptions(command, { both: true })
    .addHelpText(
      'after',
      `
Examples:
  nacre dicom seg ct/ tumour.nii.gz --out tumour.dcm
  nacre dicom seg dce/ RTSTRUCT.dcm --phase 2 --roi "GTV*" --region both --out regions.dcm

The file holds the patient's id and the UIDs of the study, by which an archive files it; name, birth date and accession
number stay empty. Exit codes: 0 done, 2 bad command line, 3 input refused.`,
    )
    .action(run);
}

async function run(image: string, mask: string, options: Options): Promise<void> {
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
