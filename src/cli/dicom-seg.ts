import type { Command } from 'commander';
import { count } from './count.ts';
import { onUse } from './on-use.ts';
import { regionOptions } from './region-options.ts';

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
    .action(onUse(() => import('./actions/dicom-seg.ts'), 'run'));
}
