import type { Command } from 'commander';
import { onUse } from './on-use.ts';

export function register(program: Command): void {
  program
    .command('report')
    .description('write report.html and the PNG and SVG figures of a finished run')
    .argument('<run>', 'run folder, as nacre study wrote it')
    .option('--no-pictures', 'leave out PNG and SVG (they need Chromium)')
    .addHelpText(
      'after',
      `
Examples:
  nacre report runs/ispy1                          report.html and figures/
  NACRE_CHROMIUM=/opt/chrome nacre report runs/x   another browser for PNG and SVG`,
    )
    .action(onUse(() => import('./actions/report.ts'), 'run'));
}
