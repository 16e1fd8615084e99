import { type Command, InvalidArgumentError, Option } from 'commander';
import { manifestIds } from '../cohort/locate.ts';
import { register as registerFetch } from './cohort-fetch.ts';
import { register as registerQc } from './cohort-qc.ts';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  const cohort = program
    .command('cohort')
    .description('fetch a public cohort, look a cohort over (manifests: data-manifests/)');

  registerFetch(cohort);

  cohort
    .command('check')
    .description('patients, endpoint counts, missing values, duplicates, ids without a partner')
    .argument('<cohort>', `${manifestIds().join(', ')}, synthetic-table, or the path of a manifest`)
    .option('--data <folder>', 'folder of the fetched files. Default: where fetch puts them')
    .addOption(
      new Option('--mirror <folder>', 'local copy of the files, read in place').conflicts('data'),
    )
    .option('--pseudonym-key <file>', 'name patients by keyed pseudonyms, as nacre study does')
    .option('--json', 'the same as JSON on stdout')
    .addHelpText(
      'after',
      `
Examples:
  nacre cohort check ispy1
  nacre cohort check my-cohort/manifest.json --json

Exit codes: 0 the cohort can be used, 3 it cannot (the message, or the list of duplicates, says why).`,
    )
    .action(onUse(() => import('./actions/cohort.ts'), 'checkCommand'));

  registerQc(cohort);

  cohort
    .command('phantom')
    .description(
      'make a SYNTHETIC cohort by code: three scans a patient, masks, clinical variables',
    )
    .option('--patients <n>', 'how many', wholeNumber, 96)
    .option('--seed <n>', 'same seed, same bytes', wholeNumber, 1)
    .option('--signal <x>', 'link of tumours and outcomes; 0 gives a null cohort', Number, 1)
    .option('--missing-scans <share>', 'of patients who lack one of the scans', Number, 0.04)
    .option('--missing-values <share>', 'of values lost in clinical variables', Number, 0.05)
    .requiredOption('--out <folder>', 'where it goes')
    .addHelpText(
      'after',
      `
Examples:
  nacre cohort phantom --out phantom                        96 patients, some 22 MB
  nacre cohort phantom --patients 177 --seed 7 --signal 0 --out null-cohort
  nacre cohort check phantom/synthetic-phantom.json

A study makes its own: cohort: { phantom: { patients: 96, seed: 1, signal: 1 } }

Exit codes: 0 done, 2 bad command line, 3 refused (a knob out of its range, a folder that cannot be written).`,
    )
    .action(onUse(() => import('./actions/cohort.ts'), 'phantomCommand'));

  cohort
    .command('schema')
    .description(
      'print the JSON Schema of a manifest, for editors (data-manifests/manifest.schema.json)',
    )
    .action(onUse(() => import('./actions/cohort.ts'), 'schemaCommand'));
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new InvalidArgumentError('expected a whole number.');
  }
  return value;
}
