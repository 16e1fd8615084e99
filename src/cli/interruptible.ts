import { isNacreError } from '../runtime/errors.ts';
import { exitCodes } from './exit-codes.ts';

/** Message of a command whose finished work is in a cache or a run folder. */
export const resumes = 'finished work is kept, the same command resumes';

/**
 * Runs work that Ctrl-C and SIGTERM end cleanly: its abort signal fires, stderr shows a message, and the exit code is
 * `exitCodes.interrupted`. Workers stop at once; a job on the calling thread stops after its current scan.
 *
 * @param left text on what an interrupted command keeps, and how to resume it
 * @returns undefined where it was interrupted
 */
export async function interruptible<T>(
  left: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const abort = new AbortController();
  const stop = () => abort.abort(new Error('interrupted'));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await work(abort.signal);
  } catch (error) {
    if (!abort.signal.aborted || refused(error)) throw error;
    process.stderr.write(`\nnacre: stopped; ${left}\n`);
    process.exitCode = exitCodes.interrupted;
    return undefined;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** Whether an error is reported although the user stopped the command: a full disk is, an interrupted download is not. */
function refused(error: unknown): boolean {
  return isNacreError(error) && !isNacreError(error, 'download-failed');
}
