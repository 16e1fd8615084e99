import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, distinguished from a later one with the same number. */
export interface RunningProcess {
  pid: number;
  /** Machine and, in containers, the namespace in which the number is valid. */
  host: string;
  /** When it began, in ticks of the kernel since boot: no clock that can jump. Undefined where there is no /proc. */
  began?: string | undefined;
}

let here: string | undefined;

/** Machine and namespace in which this process's number is valid. Letters, digits, `.`, `_` and `-` only: used in file names. */
export function thisHost(): string {
  here ??= `${hostname()}-${namespace()}`.replace(/[^\w.-]/g, '_');
  return here;
}

export function thisProcess(): RunningProcess {
  return { pid: process.pid, host: thisHost(), began: beginOf(process.pid) };
}

/** `gone` only where that is sure: a process of another machine or container is `unknown`. */
export function stateOf({ pid, host, began }: RunningProcess): 'alive' | 'gone' | 'unknown' {
  if (host !== thisHost()) return 'unknown';
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is one, of another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  const now = beginOf(pid);
  return began !== undefined && now !== undefined && began !== now ? 'gone' : 'alive';
}

/** Field 22 of /proc/PID/stat, counted behind the name, which may hold spaces. */
function beginOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19);
  } catch {
    return undefined;
  }
}

function namespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}
