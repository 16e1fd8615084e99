import { readFileSync } from 'node:fs';

/** Resident memory that are pages of files, MB, which the system drops where another needs them; 0 where there is no /proc. */
export function mappedMemory(): number {
  return kilobytes('RssFile') / 1024;
}

/**
 * Highest resident memory of this process, MB: VmHWM where there is a /proc. Node's maxRSS will not do in a child: Linux
 * starts it at what the parent held when it forked.
 */
export function peakMemory(): number {
  // No /proc: what Node says is the best there is.
  return (kilobytes('VmHWM') || process.resourceUsage().maxRSS) / 1024;
}

/** A line of /proc/self/status; 0 where there is none. */
function kilobytes(name: string): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
