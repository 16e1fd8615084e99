import type { Command } from 'commander';
import { count } from './count.ts';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  program
    .command('site')
    .description(
      'write the study site: report, notebooks, scans and a page that computes, all from disk',
    )
    .argument('<run>', 'run folder, as nacre study wrote it')
    .requiredOption('-o, --out <folder>', 'folder of the site')
    .option('--notebooks <files...>', 'executed notebooks, a page each', [])
    .option('--cohort <manifest>', "scans of this cohort. Default: the run's own")
    .option('--data <folder>', 'folder of the fetched cohort (nacre cohort fetch)')
    .option('--mirror <folder>', 'local copy of the cohort files')
    .option('--pseudonym-key <file>', 'key of a run under pseudonyms, for the viewer')
    .option(
      '--patients <n>',
      'patients in the viewer and in explore.html, from the first',
      count,
      12,
    )
    .option('--no-scans', 'no viewer, and nothing of single patients in explore.html')
    .option(
      '--deep <networks...>',
      'deep features in explore.html: ids (resnet10) or files of networks. Default: none',
    )
    .option('--models <folder>', 'where models are kept. Default: $NACRE_MODELS, else ./models')
    .option('--no-explore', 'no page that computes (explore.html)')
    .addHelpText(
      'after',
      `
Examples:
  nacre site runs/phantom --out site --notebooks notebooks/*.ipynb
  nacre site runs/mine --out site --cohort my-cohort.json --data /data/mine --patients 40

Open index.html in a browser. Scans of real patients are in the folder scans/ and in explore.html: share them only where they
may be. explore.html is one file: it measures features again while you move ring, bins, filters and spacing, draws partitions again,
and reads scans of your own. It also holds the tables of the run's feature sets, under numbers instead of names; what it holds is
listed at its end.

With --deep the networks and onnxruntime-web go into the folder deep/ of the site (14 MB and the weights), and explore.html gains a
button that runs them in the reader's browser. Over http (npx http-server site) the page loads them itself; opened from disk it asks
for the folder deep/, which is chosen or dropped there, and runs them with one thread.`,
    )
    .action(onUse(() => import('./actions/site.ts'), 'run'));
}
