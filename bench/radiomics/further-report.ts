import { earlierCommit } from '../earlier.ts';
import type { ColdCalls } from './cold-calls.ts';
import type { Timed } from './medians.ts';

export interface FurtherMeasured {
  passes: number;
  machine: string;
  /** Load averages before and after. */
  loads: readonly (readonly number[])[];
  cases: readonly string[];
  classes: readonly string[];
  peers: readonly { name: string; title: string }[];
  /** Features by peer and class (or family). */
  counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** First calls by program and case. */
  cold: Readonly<Record<string, Readonly<Record<string, ColdCalls>>>>;
  /** Of a program (`nacre`, `before`, `PyRadiomics` or a peer), a case, and a class or total. */
  timed(program: string, name: string, what: string): Timed | undefined;
}

const figure = (ms: number) => ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0);
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const head = (cells: readonly string[]) =>
  `${row(['', ...cells])}\n|---|${cells.map(() => '---|').join('')}`;

/** bench/radiomics-peers.md but for its notes: flash-radiomics, Pictologics, first calls, and what changed since an earlier nacre. */
export function furtherReport(m: FurtherMeasured): string {
  return [
    `# Radiomics beside flash-radiomics and Pictologics, one thread

Written by \`npm run bench -- radiomics\` (with \`--peers-only\` without [radiomics.md](radiomics.md)). **CPU** milliseconds of a run, median of
${m.passes} interleaved passes after one that warms up; wherever other programs ran on the machine, these lengthen even CPU time, so that ratios say more.
${m.peers.map(({ title }) => title).join('; ')}; ${m.machine}.
Load average (1, 5, 15 minutes) before: ${m.loads[0].map((load) => load.toFixed(1)).join(', ')}; after: ${m.loads[1].map((load) => load.toFixed(1)).join(', ')}.`,
    totals(m),
    ...(m.peers.some(({ name }) => name === 'Pictologics') ? [classes(m)] : []),
    `## The first calls of a process

CPU milliseconds of the first call, and of the first ten together: the whole extractor in a new process, medians where there were more processes than one; starting it,
its imports and reading the scan are not counted. Pictologics' functions were compiled by numba in an earlier process and come from its cache.`,
    coldTable(m),
    ...(m.cold['flash-radiomics'] === undefined ? [] : [verdict(m)]),
    beforeTable(m),
  ]
    .join('\n\n')
    .concat('\n');
}

function totals(m: FurtherMeasured): string {
  const sum = (counts: Readonly<Record<string, number>> | undefined) =>
    Object.values(counts ?? {}).reduce((a, b) => a + b, 0);
  const line = (title: string, program: string, what: string) =>
    row([
      title,
      ...m.cases.map((name) => {
        const [theirs, ours] = [m.timed(program, name, what), m.timed('nacre', name, 'total')];
        if (theirs === undefined || ours === undefined) return '–';
        const ratio = program === 'nacre' ? '' : ` / **${(theirs.cpu / ours.cpu).toFixed(1)}**`;
        const writing =
          theirs.writing === undefined
            ? ''
            : ` (${figure(theirs.writing)} of them for its HDF5 file)`;
        return `${figure(theirs.cpu)}${ratio}${writing}`;
      }),
    ]);
  const flash = m.counts['flash-radiomics'];
  const pictologics = m.counts.Pictologics;
  const lines = [
    line('nacre, 107 features, 13 matrices averaged', 'nacre', 'total'),
    line('nacre, 107 features, one merged matrix', 'nacre', 'merged'),
    line('PyRadiomics, 107 features, 13 matrices averaged', 'PyRadiomics', 'total'),
  ];
  if (flash !== undefined) {
    const title = `flash-radiomics, ${sum(flash)} features, 13 matrices averaged`;
    lines.push(line(title, 'flash-radiomics', 'total'));
  }
  if (pictologics !== undefined) {
    const title = (what: string) =>
      `Pictologics, ${what === 'total' ? 'all' : 'the counterparts'}: ${pictologics[what]} features, one merged matrix`;
    lines.push(
      line(title('same'), 'Pictologics', 'same'),
      line(title('total'), 'Pictologics', 'total'),
    );
  }
  return `Whole extractor on a scan in memory: CPU ms / **how many times nacre's first line is faster** (below 1: the peer is faster).

${head(m.cases)}
${lines.join('\n')}`;
}

function classes(m: FurtherMeasured): string {
  const lines = m.classes.map((name) =>
    row([
      `${name} (${m.counts.Pictologics[name]})`,
      ...m.cases.map((one) => {
        const [theirs, ours] = [m.timed('Pictologics', one, name), m.timed('nacre', one, name)];
        if (theirs === undefined || ours === undefined) return '–';
        return `${figure(theirs.cpu)} / ${figure(ours.cpu)} / **${(theirs.cpu / ours.cpu).toFixed(1)}**`;
      }),
    ]),
  );
  return `Pictologics by its families that come nearest to a class (in brackets: their features; shape is its morphology with the least
enclosing ellipsoid, firstorder its intensity and histogram, gldm its NGLDM): Pictologics / nacre / **ratio**. Each of its runs goes through
\`RadiomicsPipeline.run\`, some 0.5 ms of which are its own book-keeping; GLCM and GLRLM are one merged matrix there and 13 here. It keeps no
result between calls: it was given another image each time, one voxel changed.

${head(m.cases)}
${lines.join('\n')}`;
}

function coldTable(m: FurtherMeasured): string {
  const lines = Object.entries(m.cold).map(([program, calls]) =>
    row([
      program === 'before' ? 'nacre before' : program,
      ...m.cases.map((name) => `${figure(calls[name].first)} / ${figure(calls[name].ten)}`),
    ]),
  );
  return `${head(m.cases)}
${lines.join('\n')}`;
}

/** What was asked beside flash-radiomics and whether it was met, counted from the tables. */
function verdict(m: FurtherMeasured): string {
  const missed = (least: number, ratioOf: (name: string) => number) => {
    const short = m.cases.filter((name) => ratioOf(name) < least);
    const words = short.map((name) => `${name} (${ratioOf(name).toFixed(1)})`).join(', ');
    return short.length === 0 ? 'met' : `**missed by ${words}**`;
  };
  const warm = (name: string) =>
    (m.timed('flash-radiomics', name, 'total')?.cpu ?? Number.NaN) /
    (m.timed('nacre', name, 'total')?.cpu ?? Number.NaN);
  const cold = (name: string) => m.cold['flash-radiomics'][name].ten / m.cold.nacre[name].ten;
  return `Asked for, beside flash-radiomics: 8 times in total, warm: ${missed(8, warm)}. 4 times over the first ten calls: ${missed(4, cold)}.`;
}

function beforeTable(m: FurtherMeasured): string {
  const lines = [...m.classes, 'total'].map((what) =>
    row([
      what,
      ...m.cases.map((name) => {
        const [was, is] = [m.timed('before', name, what), m.timed('nacre', name, what)];
        if (was === undefined || is === undefined) return '–';
        return `${figure(was.cpu)} / ${figure(is.cpu)} / **${(was.cpu / is.cpu).toFixed(1)}**`;
      }),
    ]),
  );
  return `## Before and after

Commit ${earlierCommit} (before) and nacre as it is (after), in the same passes: CPU ms before / after / **ratio**.

${head(m.cases)}
${lines.join('\n')}`;
}
