import { cpSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, doneWork, filesBelow, unfinished } from './done-work.ts';
import { done, type Fault, lastLine } from './fault.ts';
import { startStudy } from './subject.ts';

/** The first half of a run reads the scans. */
const share = 0.5;

export const changed: Fault = {
  name: 'scans changed during the run',
  what: "at a random moment one to four scans become those of other patients; the files are put back and the study is run again: no feature may be kept under a hash that is not its scan's",
  trial: async (bench, place, stream) => {
    cpSync(join(bench.whole.cache, 'phantom'), join(place.cache, 'phantom'), { recursive: true });
    symlinkSync(join(bench.whole.cache, 'models'), join(place.cache, 'models'));
    const scans = filesBelow(join(place.cache, 'phantom')).filter((path) =>
      /(T2|CT)\.nii\.gz$/.test(path),
    );
    const started = startStudy(bench.subject, place);
    await new Promise((resolve) =>
      setTimeout(resolve, stream.next() * share * 1000 * bench.seconds),
    );
    const originals = new Map<string, Uint8Array>();
    for (let n = stream.integer(1, 4); n > 0; n--) {
      const path = scans[stream.integer(0, scans.length - 1)];
      const kind = path.slice(path.lastIndexOf('T') - 1);
      const others = scans.filter((other) => other.endsWith(kind) && other !== path);
      const other = others[stream.integer(0, others.length - 1)];
      if (!originals.has(path)) originals.set(path, readFileSync(path));
      replace(path, originals.get(other) ?? readFileSync(other));
    }
    const ended = await started.ended;
    const problems = [0, 3, 4].includes(ended.code ?? -1) ? [] : [lastLine(ended)];
    for (const [path, bytes] of originals) replace(path, bytes);
    // A scan that was changed before it was hashed, or after it was read, is no fault of the run's.
    const struck = ended.code !== 0 || bytesOf(place.run) !== bench.bytes;
    const said = struck ? lastLine(ended) : undefined;
    const before = doneWork(place);
    problems.push(...before.broken.map((path) => `broken: ${path}`));
    const again = await startStudy(bench.subject, place).ended;
    if (again.code !== 0) problems.push(`the next run failed: ${lastLine(again)}`);
    else if (bytesOf(place.run) !== bench.bytes) {
      problems.push('other bytes than the undisturbed run');
    }
    problems.push(...unfinished(place).map((path) => `left behind: ${path}`));
    return { struck, problems, kept: done(before), said };
  },
};

/** Whole or not at all, as a sync tool or a person would put a file there. */
function replace(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}
