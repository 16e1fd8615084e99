import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { earlierCommit, earlierNacre } from '../earlier.ts';
import { type Timed, timed } from '../start/timed.ts';
import { study } from './study.ts';

/** A whole study by `nacre study` from an empty cache, report and pictures included, with two workers. */
export interface WholeCommand {
  name: string;
  /** Asked for on a quiet machine of two cores, seconds. */
  asked: number;
  earlier: Timed;
  now: Timed;
}

/**
 * The default study, and the same of 177 patients: the earlier nacre and this one, one after the other.
 *
 * @param dist folder of the compiled modules
 * @param folder for caches and runs, which are removed
 */
export async function wholeCommands(dist: string, folder: string): Promise<WholeCommand[]> {
  const mains = {
    earlier: join(earlierNacre(), 'dist/cli/main.js'),
    now: join(dist, 'cli/main.js'),
  };
  const larger = join(folder, 'whole-177.yaml');
  writeFileSync(larger, study(177, 'whole'));
  const cases = [
    { name: 'the default study: 96 patients, audit and learning curve', words: [], asked: 100 },
    { name: '177 patients, three scans, five extractors, 20 sets', words: [larger], asked: 300 },
  ];
  const commands: WholeCommand[] = [];
  for (const { name, words, asked } of cases) {
    const run = async (side: keyof typeof mains) => {
      const place = join(folder, 'command');
      mkdirSync(place);
      const command = [process.execPath, mains[side], 'study', ...words];
      const options = { cwd: place, env: { NACRE_CACHE: join(place, 'cache') } };
      const taken = await timed(
        [...command, '--out', join(place, 'run'), '--workers', '2'],
        options,
      );
      rmSync(place, { recursive: true });
      process.stdout.write(`${name}, ${side}: ${taken.seconds.toFixed(1)} s\n`);
      return taken;
    };
    commands.push({ name, asked, now: await run('now'), earlier: await run('earlier') });
  }
  return commands;
}

/** The commands as a table. */
export function commandTable(commands: readonly WholeCommand[]): string {
  const cost = ({ seconds, cpu }: Timed) => `${seconds.toFixed(1)} / ${cpu.toFixed(1)}`;
  const rows = commands.map(({ name, asked, earlier, now }) => {
    const ratio = `**${(earlier.seconds / now.seconds).toFixed(2)}**`;
    const kept = now.seconds < asked ? 'met' : '**missed**';
    return `| ${name} | ${cost(earlier)} | ${cost(now)} | ${ratio} | ${asked}: ${kept} |`;
  });
  return `\`nacre study --workers 2\` from an empty cache to the finished report, compiled; this nacre and that of commit ${earlierCommit} (its own
packages, its own build) one after the other, one pass each. Seconds on the clock / CPU seconds of all processes but Chromium's.

| study | earlier | now | times as fast | asked for, s |
|---|---|---|---:|---|
${rows.join('\n')}

By hand, on a quiet AMD EPYC of two cores and before the last gains, the two took 68.7 and 104.4 s ([start.md](start.md)).`;
}
