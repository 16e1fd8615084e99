/** Exit codes of nacre. Listed in the README and in `nacre --help`. */
export const exitCodes = {
  ok: 0,
  /** A fault in nacre itself: please report it. */
  unexpected: 1,
  /** The command line could not be understood. */
  usage: 2,
  /** Input was refused; the message names the input and the reason. Nothing was written. */
  badInput: 3,
  /** Finished, but some patients or cases failed; they are listed. */
  someFailed: 4,
  /** Stopped by Ctrl-C or SIGTERM; the same command resumes. */
  interrupted: 130,
} as const;
