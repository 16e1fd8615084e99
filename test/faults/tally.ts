import { canonicalJson } from '../../src/runtime/hash.ts';
import type { Fault, Trial } from './fault.ts';

/** What the trials of one fault came to: kept in `bench/faults.jsonl`, from which the page is made. */
export interface Tally {
  trials: number;
  /** Trials in which the run had begun and not ended when the fault came. */
  struck: number;
  /** Fewest and most units that were done when it came. */
  kept: [number, number];
  /** Trials in which something was lost, broken or made again. */
  failed: number;
  /** What the user reads: one sentence of each kind. */
  said: string[];
  skipped?: string | undefined;
  /** Commit the trials were made on, short. */
  commit: string;
}

export function tallyOf(
  trials: readonly Trial[],
  { skipped, commit, folder }: { skipped: string | undefined; commit: string; folder: string },
): Tally {
  const kept = trials.map((trial) => trial.kept);
  // Sentences that differ in files and numbers only are of one kind.
  const kinds = new Map<string, string>();
  for (const { said } of trials) {
    const kind = said?.replace(/\S*[/\d]\S*/g, '');
    if (said === undefined || kind === undefined || kinds.has(kind)) continue;
    kinds.set(kind, said.replaceAll(folder, '…').replaceAll('`', "'"));
  }
  return {
    trials: trials.length,
    struck: trials.filter(({ struck }) => struck).length,
    kept: kept.length === 0 ? [0, 0] : [Math.min(...kept), Math.max(...kept)],
    failed: trials.filter(({ problems }) => problems.length > 0).length,
    said: [...kinds.values()],
    skipped,
    commit,
  };
}

/** The record: a line a fault, in the order of the table. */
export function linesOf(
  order: readonly string[],
  tallies: Readonly<Record<string, Tally>>,
): string {
  return order
    .filter((id) => id in tallies)
    .map((id) => `${canonicalJson({ [id]: tallies[id] })}\n`)
    .join('');
}

export function talliesFrom(lines: string): Record<string, Tally> {
  const all = lines.split('\n').filter((line) => line !== '');
  return Object.assign({}, ...all.map((line) => JSON.parse(line)));
}

export const header = ['trials', 'struck work', 'units done before', 'lost, broken or made again'];

export function cellsOf({
  trials,
  struck,
  kept: [fewest, most],
  failed,
  skipped,
}: Tally): string[] {
  if (skipped !== undefined) return ['0', '', '', `skipped: ${skipped}`];
  const kept = most === 0 ? '–' : `${fewest} to ${most}`;
  return [String(trials), String(struck), kept, failed === 0 ? '0' : `${failed} trials`];
}

/** `bench/faults.md`, of the faults that have been tried. */
export function page(
  faults: Readonly<Record<string, Pick<Fault, 'name' | 'what'>>>,
  tallies: Readonly<Record<string, Tally>>,
  machine: string,
): string {
  const tried = Object.entries(faults).flatMap(([id, fault]) =>
    id in tallies ? [{ fault, tally: tallies[id] }] : [],
  );
  const rows = tried.map(
    ({ fault: { name, what }, tally }) =>
      `| ${[name, what, ...cellsOf(tally), tally.commit].join(' | ')} |`,
  );
  const said = tried.flatMap(({ fault, tally }) =>
    tally.said.map((words) => `- ${fault.name}: \`${words}\``),
  );
  return `# Faults

What goes wrong on machines, done to a whole study (\`test/faults/study.yaml\`: 12 SYNTHETIC patients, two scans, two regions,
handcrafted features and ResNet10 of random weights, three partitions) at seeded random moments. After each trial the same
command runs again. Nothing is lost where that run ends well, leaves the same bytes as the undisturbed run (configuration,
feature tables, partitions, predictions, results, and the report where one was asked for), takes every unit that was done as
it is (same inode and time on disk, same count in the provenance), and leaves neither a broken nor an unfinished file.

| fault | what was done | ${header.join(' | ')} | commit |
|---|---|${'---:|'.repeat(header.length)}---|
${rows.join('\n')}

"Struck work" counts the trials in which the run had begun and not ended when the fault came. What the user reads:

${said.join('\n')}

Written by \`npm run faults\` (one row anew: \`npm run faults -- killed\`) from \`bench/faults.jsonl\`; ${machine}, three trials side by side.
`;
}
