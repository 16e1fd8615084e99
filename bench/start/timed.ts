import { spawn } from 'node:child_process';

/** What a command took: seconds on the clock, and CPU seconds of all its threads and processes. */
export interface Timed {
  seconds: number;
  cpu: number;
}

/**
 * Runs a command to its end; Bash counts the CPU time.
 *
 * @throws where the command fails
 */
export async function timed(
  command: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Timed> {
  const script = 'TIMEFORMAT="nacre-bench %R %U %S"; time "$0" "$@" >/dev/null';
  const child = spawn('bash', ['-c', script, ...command], {
    cwd,
    env: { ...process.env, LC_ALL: 'C', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const found = /nacre-bench ([\d.]+) ([\d.]+) ([\d.]+)/.exec(stderr);
  if (code !== 0 || found === null) throw new Error(`${command.join(' ')}: ${code}\n${stderr}`);
  const [seconds, user, system] = found.slice(1).map(Number);
  return { seconds, cpu: user + system };
}

/** Several commands at once: the time of the last to end, and the CPU time of all. */
export async function timedTogether(
  commands: readonly (readonly string[])[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Timed> {
  const runs = await Promise.all(commands.map((command) => timed(command, options)));
  return {
    seconds: Math.max(...runs.map(({ seconds }) => seconds)),
    cpu: runs.reduce((sum, { cpu }) => sum + cpu, 0),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
