import { isNacreError } from '../runtime/errors.ts';
import { exitCodes } from './exit-codes.ts';

/** What a command says whose finished work is in a cache or a run folder. */
export const resumes = 'finished work is kept, the same command resumes';

/**
 * Runs work that Ctrl-C and SIGTERM end in order: it hears of them by its signal, is told on stderr, and the exit code is
 * `exitCodes.interrupted`. Workers stop at once; the one job of the calling thread hears the signal when the scan at hand is
 * done.
 *
 * @param left what an interrupted command leaves, and how it goes on
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

/** A full disk is told even to someone who stopped the command; a download that ends because it was stopped is not one. */
function refused(error: unknown): boolean {
  return isNacreError(error) && !isNacreError(error, 'download-failed');
}
