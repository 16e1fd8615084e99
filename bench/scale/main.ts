import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { peerPython } from '../peers/peer-environment.ts';
import type { Extracted, Measured, Ours, Peer } from './measured.ts';
import { writePeerSpec } from './peer-spec.ts';
import { report } from './report.ts';
import { writeTable } from './table.ts';

/**
 * Evaluation at 10,000 patients × 10,000 features beside Python, and what larger cohorts would cost. Measures (some ten
 * minutes on a quiet machine) into bench/scale/measured.json, then writes bench/scale.md; with `--report` only the second.
 */
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const kept = here('measured.json');
if (!process.argv.includes('--report')) {
  writeWhole(kept, `${JSON.stringify(measure(), undefined, 2)}\n`);
}
const measured = JSON.parse(readFileSync(kept, 'utf8')) as Measured;
writeWhole(here('../scale.md'), report(measured));

function measure(): Measured {
  const named = process.env.NACRE_SCALE_FOLDER;
  const folder = named ?? mkdtempSync(join(tmpdir(), 'nacre-scale-'));
  mkdirSync(folder, { recursive: true });
  try {
    const loadBefore = loadavg()[0];
    const runs = [
      { rows: 10_000, columns: 10_000, partitions: 1, workers: 1, booster: 'native' },
      { rows: 10_000, columns: 10_000, partitions: 1, workers: 1, booster: 'ml-xgboost' },
      { rows: 10_000, columns: 10_000, partitions: 2, workers: 2, booster: 'native' },
      { rows: 10_000, columns: 1_000, partitions: 1, workers: 1, booster: 'native' },
      { rows: 1_500, columns: 10_000, partitions: 1, workers: 1, booster: 'native' },
      { rows: 177, columns: 10_000, partitions: 1, workers: 1, booster: 'native' },
    ];
    const ours = runs.map(({ rows, columns, partitions, workers, booster }) => {
      const table = join(folder, `${rows}x${columns}.parquet`);
      const { bytes } = writeTable(table, rows, columns);
      const result = child<Ours>([here('ours.ts'), table, rows, partitions, workers, booster]);
      return { rows, columns, partitions, workers, booster, bytes, ...result };
    });
    const spec = join(folder, 'spec.json');
    const size = { rows: 10_000, columns: 10_000 };
    writePeerSpec(spec, join(folder, '10000x10000.parquet'), size, 1);
    const script = here('../peers/bench_scale.py');
    const text = execFileSync(peerPython('sklearn'), ['-W', 'ignore', script, spec], {
      encoding: 'utf8',
    });
    return {
      ours,
      peer: { ...size, partitions: 1, ...lastLine<Peer>(text) },
      extraction: child<Extracted>([here('extraction.ts')]),
      load: [loadBefore, loadavg()[0]],
    };
  } finally {
    if (named === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function child<T>(args: readonly (string | number)[]): T {
  const text = execFileSync(process.execPath, ['--import', 'tsx', ...args.map(String)], {
    encoding: 'utf8',
  });
  return lastLine<T>(text);
}

function lastLine<T>(text: string): T {
  return JSON.parse(text.trim().split('\n').at(-1) as string) as T;
}
