import { exitCodes } from './exit-codes.ts';

/**
 * Handles write errors on stdout and stderr; the stream's error would end the process with a
 * stack. A closed reader (`nacre … | head`) is not an error. A log on a full disk does not stop a study, but exit code 3
 * reports that the log is incomplete.
 */
export function mindOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (fault: NodeJS.ErrnoException) => {
      if (fault.code === 'EPIPE') return;
      process.once('exit', () => {
        process.exitCode ||= exitCodes.badInput;
      });
      if (stream === process.stderr) return;
      process.stderr.write(`nacre: standard output is not whole: cannot write (${fault.code})\n`);
    });
  }
}
