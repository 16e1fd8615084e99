import type { Command } from 'commander';
import { onUse } from './on-use.ts';
import { separatorOption } from './separator-option.ts';

export function register(program: Command): void {
  program
    .command('predict')
    .description('predict a new patient, or every patient of a cohort, with a trained model')
    .argument('<model>', 'file that nacre train wrote')
    .argument('[scans...]', 'for each scan of the model --NAME FILE --NAME-mask FILE')
    .option('--clinical <values...>', 'variable=value: age=51 her2=1 subtype=HER2+')
    .option(
      '--site <name>',
      'site of the patient as training named it, for models that harmonise sites',
    )
    .addOption(separatorOption('the table of --features'))
    .option(
      '--features <file>',
      'CSV of a header and one row, for models whose cohort came with features',
    )
    .option('--cohort <manifest>', 'every patient of this cohort, in place of one patient')
    .option('--only <column=value>', 'of the cohort these patients alone: trial=ACRIN-6698')
    .option('--to <file>', 'write the predictions of the cohort as CSV. Default: stdout')
    .option('--data <folder>', 'folder of the fetched cohort (nacre cohort fetch)')
    .option('--mirror <folder>', 'local copy of the cohort files, verified by checksum')
    .option('--pseudonym-key <file>', 'keyed pseudonyms for patient ids, as nacre study has them')
    .option('--allow-outside', 'predict for values far outside training, with a remark')
    .option('--models <folder>', 'where networks are kept. Default: $NACRE_MODELS, else ./models')
    .option('--cache <folder>', 'of extracted features. Default: $NACRE_CACHE, else .cache/nacre')
    .option('--card', 'print the model card and stop')
    .option('--json', 'the prediction as JSON on stdout')
    .allowUnknownOption()
    .addHelpText(
      'after',
      `
Examples:
  nacre predict pcr.json --card
  nacre predict pcr.json --ceT1 ce.nii.gz --ceT1-mask ce-mask.nii.gz --T2 t2.nii.gz --T2-mask t2-mask.nii.gz \\
      --CT ct.nii.gz --CT-mask ct-mask.nii.gz --clinical age=51 her2=1 subtype=HER2+
  nacre predict pcr.json --cohort other-centre/manifest.json --to predictions.csv

Columns of --features are named as in the table that the cohort came with (Mean) or in full, with scan and region or the
block before (ceT1.intra.Mean, radiomics.Mean); clinical variables likewise (age, clinical.age). Columns that the model
does not use, the id among them, are left aside, so a row of the cohort's own table is taken as it is. Numbers are plain
decimals (51, 5.1e1), empty is missing.

Refused is what lies outside training: a scan or mask that is missing, voxels of another size, a category it never saw,
other network weights, a number farther outside the range of training than that range is wide (nearer ones are a remark).
Of a cohort, patients who are refused are listed with the reason and the others are predicted.

For research only. Exit codes: 0 done, 2 command line, 3 refused, 4 done, but patients of the cohort were refused.`,
    )
    .action(onUse(() => import('./actions/predict.ts'), 'predictCommand'));
}
