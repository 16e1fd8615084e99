import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { doneWork } from './done-work.ts';
import { copyOfWhole, done, type Fault, lastLine, runAgain, takeSome } from './fault.ts';
import { startStudy } from './subject.ts';

export const clockJump: Fault = {
  name: 'clock jump',
  what: 'Date leaps by up to thirty years to and fro at every look, in all threads; finished files bear random times',
  trial: async (bench, place, stream) => {
    copyOfWhole(bench, place, { units: true });
    const all = doneWork(place);
    takeSome(all, stream, 0.5);
    for (const path of [...doneWork(place).rows.keys(), ...doneWork(place).units.keys()]) {
      const time = stream.integer(0, 2_000_000_000);
      utimesSync(path, time, time);
    }
    const clock = join(place.cache, 'clock.mjs');
    writeFileSync(clock, leapingClock(stream.integer(1, 2 ** 31 - 1)));
    const before = doneWork(place);
    const run = startStudy(bench.subject, place, { node: `--import ${clock}` });
    const ended = await run.ended;
    if (ended.code !== 0) {
      return { struck: true, problems: [lastLine(ended)], kept: done(before) };
    }
    // Only what was not there was made; the run after it finds all.
    const between = doneWork(place);
    const problems = await runAgain(bench, place, between);
    for (const kind of ['rows', 'units'] as const) {
      for (const [path, id] of before[kind]) {
        if (between[kind].get(path) !== id) problems.push(`made again: ${path}`);
      }
    }
    return { struck: true, problems, kept: done(before) };
  },
};

/** A preloaded module: `new Date()` and `Date.now()` of a clock that nobody should trust. */
function leapingClock(seed: number): string {
  return `const Real = Date;
let state = ${seed};
const leap = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Real.now() + (state / 2 ** 32 - 0.5) * 60 * 365.25 * 86400e3;
};
globalThis.Date = class extends Real {
  constructor(...words) {
    super(...(words.length === 0 ? [leap()] : words));
  }
  static now() {
    return leap();
  }
};
`;
}
