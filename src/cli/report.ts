import type { Command } from 'commander';
import { writeReport } from '../report/write-report.ts';

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
    .action(async (run: string, options: { pictures: boolean }) => {
      const { report, pictures, messages } = await writeReport(run, options);
      for (const message of messages) process.stderr.write(`nacre: ${message}\n`);
      process.stdout.write(`${report}\n`);
      if (pictures.length > 0) process.stdout.write(`${pictures.length} pictures in figures/\n`);
    });
}
