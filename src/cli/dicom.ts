import { type Command, Option } from 'commander';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  const dicom = program
    .command('dicom')
    .description('see what a DICOM folder holds, and make a cohort of it');

  dicom
    .command('list')
    .description(
      'patients, studies, series, phases, and what was drawn on which series; headers only',
    )
    .argument('<folder>', 'files are recognised by their content, whatever their names')
    .addOption(new Option('--json', 'as JSON on stdout').conflicts('csv'))
    .option('--csv', 'as CSV on stdout')
    .option('--pseudonym-key <file>', 'name patients by keyed pseudonyms')
    .option('--no-cache', 'keep no headers for the next run')
    .addHelpText(
      'after',
      `
Examples:
  nacre dicom list /data/export
  nacre dicom list /data/export --csv > series.csv

Names, birth dates, accession numbers and UIDs are not shown; studies count in days after the patient's first. Headers are kept
in the cache ($NACRE_CACHE, else .cache/nacre/dicom), readable by you alone: a second run, or one that was stopped, reads only
files that are new or changed.

Exit codes: 0 done, 3 the folder cannot be read, 130 interrupted.`,
    )
    .action(onUse(() => import('./actions/dicom.ts'), 'list'));

  dicom
    .command('import')
    .description(
      'a first run writes series.yaml (which series is which scan, and why), a second one the cohort',
    )
    .argument('<folder>', 'DICOM folder, mixed as it may be')
    .requiredOption('--to <folder>', 'folder of the cohort')
    .option('--id <name>', 'id of the cohort in its manifest', 'my-cohort')
    .option(
      '--roi <pattern...>',
      "names of regions that are tumours, * for any characters, such as 'GTV*'",
    )
    .option(
      '--subtract',
      'plan the difference to the volume before contrast beside each ceT1 (ceT1-sub)',
    )
    .option('--deskew', 'resample series with gantry tilt; otherwise they are refused')
    .option('--replan', 'write series.yaml anew')
    .option(
      '--pseudonym-key <file>',
      'keyed pseudonyms for the patients; the same key for both runs',
    )
    .option('--no-cache', 'keep no headers for the next run')
    .addHelpText(
      'after',
      `
Examples:
  nacre dicom import /data/export --to my-cohort                 first run: my-cohort/series.yaml; look it over
  nacre dicom import /data/export --to my-cohort                 second run: scans, masks, manifest.json
  nacre cohort check my-cohort/manifest.json
  nacre cohort qc my-cohort/manifest.json --serve
  nacre extract my-cohort/study.yaml --tables my-cohort/tables

Of a dynamic series the first phase after contrast is taken (phase 2). What is ambiguous stays undecided in series.yaml and is
not imported until you decide. The outputs hold no name, date, UID or accession number.

Exit codes: 0 done, 3 refused, 4 some scans failed, 130 interrupted.`,
    )
    .action(onUse(() => import('./actions/dicom.ts'), 'importCommand'));
}
