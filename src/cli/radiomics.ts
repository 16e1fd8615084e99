import { type Command, InvalidArgumentError, Option } from 'commander';
import { ibsiConfigurations } from '../radiomics/ibsi-configuration-names.ts';
import type { Options } from './actions/radiomics.ts';
import { count } from './count.ts';
import { oldSpelling } from './old-spelling.ts';
import { regionOptions } from './region-options.ts';
import { separatorOption } from './separator-option.ts';

export function register(program: Command): void {
  const command = program
    .command('radiomics')
    .description('handcrafted features of a scan and a mask, or of a batch of them')
    .argument(
      '<input>',
      'the image (NIfTI, NRRD, DICOM file or folder), or a batch: a .csv with columns Image, Mask',
    )
    .argument('[mask]', 'the mask of the image')
    .option('-p, --params <file>', 'PyRadiomics parameter file (YAML), as it is')
    .addOption(
      new Option('--ibsi <configuration>', "settings of IBSI's configurations, in place of a file")
        .choices(ibsiConfigurations)
        .conflicts('params'),
    )
    .option('-l, --label <n>', 'which label of the mask, or all. Default: the setting label, 1')
    .addOption(separatorOption('a batch'));
  regionOptions(command)
    .addOption(
      new Option('--conventions <whose>', 'formulas where the two differ').choices([
        'pyradiomics',
        'ibsi',
      ]),
    )
    .option(
      '-s, --setting <key=value>',
      'a setting that wins over the file; may be given again',
      more,
      [],
    )
    .addOption(
      new Option('-f, --format <form>', 'default: by the ending of --out, else csv').choices([
        'csv',
        'json',
        'parquet',
      ]),
    )
    .option('-o, --out <file>', 'default: standard output')
    .option('-w, --workers <n>', 'worker threads; results do not depend on it', count, 1)
    .option('--resume', 'take finished cases from <out>.cases/ (needs --out)')
    .addHelpText(
      'after',
      `
Examples:
  nacre radiomics t1.nii.gz tumour.nii.gz --out features.csv
  nacre radiomics t1.nii.gz tumour.nii.gz --params Params.yaml --format json
  nacre radiomics t1.nii.gz labels.nrrd --label all --setting binWidth=10 --setting "resampledPixelSpacing=[1, 1, 1]"
  nacre radiomics ct.nii.gz ct-mask.nii.gz --ibsi E --out e.csv
  nacre radiomics ct.nii.gz ct-mask.nii.gz --ibsi A --setting aggregation=2D-slice-merged
  nacre radiomics t1.nii.gz tumour.nii.gz --region peri --ring 5
  nacre radiomics t1.nii.gz probabilities.nii.gz --mask-threshold 0.5
  nacre radiomics dce/ RTSTRUCT.dcm --phase 2 --roi "GTV*"
  nacre radiomics batch.csv --params Params.yaml --out features.parquet --workers 4 --resume

A batch has PyRadiomics' own form: columns Image and Mask (relative to the file), Label where wanted; other columns
are carried along. Cases that fail keep an empty row and are listed in <out>.errors.csv, as are cases that lose more than
a tenth of their features (they keep their row) and columns without a value in any case. Finished cases are kept in
<out>.cases/; after Ctrl-C (once the cases at hand are done) the same command with --resume goes on.

Exit codes: 0 done, 2 bad command line, 3 input refused, 4 some cases failed, 130 interrupted.`,
    )
    .action(async (input: string, mask: string | undefined, options: Options) => {
      if (mask === undefined && options.workers > 1) {
        (await import('./early-batch.ts')).startBatchEarly(input, options.workers);
      }
      await (await import('./actions/radiomics.ts')).run(input, mask, options);
    });
  oldSpelling(command, '--set <key=value>', 'setting');
  oldSpelling(command, '-j, --jobs <n>', 'workers');
}

function more(text: string, previous: string[]): string[] {
  if (text.indexOf('=') < 1) throw new InvalidArgumentError('expected key=value.');
  return [...previous, text];
}
