import { readFileSync } from 'node:fs';

/**
 * Highest resident memory of this process, MB: VmHWM where there is a /proc. Node's maxRSS will not do in a child: Linux
 * starts it at what the parent held when it forked.
 */
export function peakMemory(): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) / 1024;
  } catch {
    // No /proc: what Node says is the best there is.
  }
  return process.resourceUsage().maxRSS / 1024;
}
