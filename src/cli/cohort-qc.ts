import { type Command, InvalidArgumentError, Option } from 'commander';
import { manifestIds } from '../cohort/locate.ts';
import { count } from './count.ts';
import { onUse } from './on-use.ts';

export function register(cohort: Command): void {
  cohort
    .command('qc')
    .description(
      'look at every mask: a page of planes and flags, the worst first; accept, redo, exclude, edit',
    )
    .argument(
      '<cohort>',
      `${manifestIds().join(', ')}, the path of a manifest (.json), or a study file (.yaml)`,
    )
    .option('-o, --out <folder>', 'folder of the page. Default: qc/<cohort id>')
    .option(
      '--serve',
      'serve the page on 127.0.0.1, under a random token, and write decisions and edited masks as they are made',
    )
    .addOption(new Option('--port <n>', 'port of --serve. Default: any free one').argParser(port))
    .option(
      '--decisions <file>',
      'file of the decisions. Default: the one that the manifest names under qc, else qc.csv beside it',
    )
    .option('--reviewer <name>', 'name that is written beside each decision')
    .addOption(
      new Option('--scans <which>', 'scans that can be opened in the page from disk')
        .choices(['flagged', 'all', 'none'])
        .default('flagged'),
    )
    .addOption(
      new Option('--ring-mm <mm>', "width of the ring. Default: the study's, else 5").argParser(
        millimetres,
      ),
    )
    .addOption(
      new Option(
        '--ring-within <what>',
        "where the ring ends. Default: the study's, else body",
      ).choices(['body', 'scan']),
    )
    .option('--label <n>', "value of the tumour in the masks. Default: the study's, else 1", count)
    .option('-w, --workers <n>', 'worker threads. Default: all cores', count)
    .option('--data <folder>', 'folder of the fetched files. Default: where fetch puts them')
    .addOption(
      new Option('--mirror <folder>', 'local copy of the files, read in place').conflicts('data'),
    )
    .option('--pseudonym-key <file>', 'name patients by keyed pseudonyms, as nacre study does')
    .addHelpText(
      'after',
      `
Examples:
  nacre cohort qc my-cohort/manifest.json --serve --reviewer "A. Reader"
  nacre cohort qc my-cohort/study.yaml --out qc/mine --scans all     a folder to take along; decisions are downloaded

A study honours the decisions once the manifest names their file: "qc": "qc.csv". Excluded patients are left out with the
reason; a patient whose mask is to be redrawn is left out until the mask changes; an edited mask takes the place of the old one.
The page shows scans of patients: share its folder only where they may be.

Exit codes: 0 done, 2 bad command line, 3 input refused, 130 interrupted.`,
    )
    .action(onUse(() => import('./actions/cohort-qc.ts'), 'run'));
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 65536) return value;
  throw new InvalidArgumentError('expected a port, 0 to 65535.');
}

function millimetres(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 100) return value;
  throw new InvalidArgumentError('expected millimetres, above 0 and at most 100.');
}
