import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Progress } from '../progress.ts';

/**
 * A bar with time left on stderr when it is a terminal; elsewhere (logs, CI) a line at every tenth of the way.
 *
 * @param already units done by an earlier run (resume): shown as done, not used for the estimate
 */
export function startProgress(title: string, total: number, already = 0): Progress {
  return process.stderr.isTTY ? bar(title, total, already) : lines(title, total, already);
}

function bar(title: string, total: number, already: number): Progress {
  const bars = new MultiBar(
    {
      stream: process.stderr,
      format: '{title} {bar} {value}/{total} | {eta_formatted} left | {what}',
      hideCursor: true,
      etaBuffer: 20,
      forceRedraw: true,
    },
    Presets.shades_classic,
  );
  const one: SingleBar = bars.create(total, already, { title, what: '' });
  return {
    tick: (what = '') => one.increment(1, { what }),
    stop: () => bars.stop(),
  };
}

function lines(title: string, total: number, already: number): Progress {
  let done = already;
  let shownTenth = Math.floor((already / total) * 10);
  const started = performance.now();
  return {
    tick() {
      done++;
      const tenth = Math.floor((done / total) * 10);
      if (tenth === shownTenth && done < total) return;
      shownTenth = tenth;
      const spent = (performance.now() - started) / 1000;
      const left = (spent / Math.max(1, done - already)) * (total - done);
      process.stderr.write(`${title}: ${done}/${total}, ${left.toFixed(0)} s left\n`);
    },
    stop() {},
  };
}
