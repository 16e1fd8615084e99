import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { compiledModules } from '../study/measured-stages.ts';
import { bandwidthPerThread } from './bandwidth.ts';
import { coresFigure } from './figure.ts';
import { measuredStudy } from './measured-study.ts';
import { stageCost } from './model.ts';
import { coresPage, forecast, type TaskTime } from './report.ts';
import { taskKinds, taskSeconds, tasksPerPartition } from './task-times.ts';

/**
 * More cores on paper: what the default study of 177 patients would take with 1 to 64 workers, from its own stages with one and two
 * workers, tasks of the evaluation and memory bandwidth, all measured in this run, beside a smaller study that tests the model.
 * Writes bench/cores.md and bench/cores.svg. `--patients=24,12` projects and tests with other numbers, for a quick look.
 */
const [large, small] = (
  process.argv.find((word) => word.startsWith('--patients='))?.slice('--patients='.length) ??
  '177,48'
)
  .split(',')
  .map(Number);
const loadBefore = loadavg()[0];
const began = performance.now();
const { pipeline } = parse(
  readFileSync(new URL('../../studies/phantom.yaml', import.meta.url), 'utf8'),
);

const bandwidth = [await bandwidthPerThread(1), await bandwidthPerThread(2)];
const tasks: TaskTime[] = [];
for (const [i, kind] of taskKinds.entries()) {
  const seconds = await taskSeconds(large, kind.sets, pipeline);
  tasks.push({ ...kind, perPartition: tasksPerPartition[i], seconds });
}
const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-cores-'));
try {
  const dist = compiledModules(folder);
  const studies = [large, small].map((patients) => measuredStudy(patients, dist, folder));
  const costs = studies[0].stages.map(stageCost);
  const longestTask = Math.max(...tasks.map(({ seconds }) => seconds));
  const forecasts = [1, 2, 4, 8, 16, 32, 64].map((workers) =>
    forecast(costs, longestTask, studies[0], workers),
  );
  const write = (name: string, text: string) =>
    writeWhole(fileURLToPath(new URL(`../${name}`, import.meta.url)), text);
  const measured = [0, 1].map((run) =>
    studies[0].stages.reduce((sum, { seconds }) => sum + seconds[run], 0),
  );
  write('cores.svg', coresFigure(forecasts, large, measured));
  write(
    'cores.md',
    coresPage({
      ...{ studies, costs, tasks, bandwidth, forecasts },
      cores: cpus().length,
      minutes: (performance.now() - began) / 60_000,
      here: `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}; load average ${loadBefore.toFixed(1)} before, ${loadavg()[0].toFixed(1)} at the end`,
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
