import { cpus, totalmem } from 'node:os';
import type { Measured } from './measured.ts';
import { fitEvaluation, partitionSeconds, patientSeconds, unitCosts } from './model.ts';

const cohorts = [
  { patients: 177, name: "the paper's" },
  { patients: 1_500, name: 'MAMA-MIA' },
  { patients: 100_000, name: 'a registry' },
];
const cores = [2, 64, 1_000];
/** Columns of every set in the model: more than most sets of the paper have, so an upper bound for them. */
const COLUMNS = 10_000;
/** A scan of 256 × 256 × 120 voxels of 16 bits with its mask of 8 bits, MB. */
const SCAN_MB = (256 * 256 * 120 * 3) / 1e6;

/** bench/scale.md from what was measured. */
export function report(measured: Measured): string {
  const { ours, peer, extraction } = measured;
  const costs = unitCosts();
  const perPatient = patientSeconds(costs);
  const cost = fitEvaluation(measured);
  const run = (workers: number, booster: string) =>
    ours.find(
      (run) =>
        run.rows === 10_000 &&
        run.columns === 10_000 &&
        run.workers === workers &&
        run.booster === booster,
    );
  const native = run(1, 'native');
  const others = [run(1, 'ml-xgboost'), run(2, 'native')].flatMap((one) => one ?? []);
  if (native === undefined) throw new Error('measured.json lacks the run at 10,000 × 10,000');
  const file = Math.round(native.bytes / 1e6);
  const same = native.selected[0].map((name) => Number(name.split('.f')[1]));
  const sameFeatures =
    JSON.stringify([...same].sort()) === JSON.stringify([...peer.selected[0]].sort());
  const sameScore = Math.abs(native.balancedAccuracy[0] - peer.balancedAccuracy[0]) < 1e-12;
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  const unitMB = extraction === undefined ? Number.NaN : extraction.unitBytes / 1e6;
  const each = (run: { cpuSeconds: number; partitions: number }) =>
    (run.cpuSeconds / run.partitions).toFixed(1);
  const ourLine = (run: (typeof ours)[number]) =>
    line([
      `nacre, ${run.booster}, ${run.workers} worker${run.workers > 1 ? 's' : ''}`,
      run.partitions,
      each(run),
      run.seconds.toFixed(0),
      run.peakMB.toFixed(0),
    ]);
  const points = ours.filter(({ workers, booster }) => workers === 1 && booster === 'native');
  return `# Growing: a large table, and larger cohorts

Written by \`npm run bench -- scale\` from bench/scale/measured.json (what was measured) and studies/paper.yaml,
bench/deep.md, bench/radiomics.md (unit times). **Measured** numbers are in the first table, in the columns so named and where said;
everything else is **projected** by the formulas given.

## Evaluation at 10,000 patients × 10,000 features

The paper's way inside a partition (8,000 training rows): median imputation, z-score, F-test mRMR (FCQ) to 50, RFE to 10 in
steps of 1, 100 exact trees of depth 3. Synthetic table, ${file} MB of Parquet. nacre reads it 256 columns at a time, keeps the
training rows of one partition in typed arrays outside the JavaScript heap and never the table; Python (pyarrow,
scikit-learn, XGBoost) reads it whole first. CPU seconds per partition stand first, because other programs ran on the machine
(load average ${measured.load.map((load) => load.toFixed(1)).join(' before, ')} after, on 2 cores): that lengthens the time on the clock
most, and CPU seconds a little, as caches are shared. Each run is one pass: read the ratio as about one, not to its last digit.

| | partitions measured | CPU s a partition | time on the clock, all of them, s | peak memory (VmHWM), MB |
|---|---:|---:|---:|---:|
${[native, ...others].map(ourLine).join('\n')}
${line(['Python, 1 thread', peer.partitions, each(peer), peer.seconds.toFixed(0), peer.peakMB.toFixed(0)])}

- One partition: nacre with the native booster takes **${(peer.cpuSeconds / peer.partitions / (native.cpuSeconds / native.partitions)).toFixed(2)} times** less CPU than Python (reading the file included for nacre, and
  ${peer.readSeconds.toFixed(0)} s on the clock of it not counted for Python), in ${((100 * native.peakMB) / peer.peakMB).toFixed(0)}% of its memory. Asked for: under 8 GiB; the most of any run is ${(Math.max(native.peakMB, ...others.map(({ peakMB }) => peakMB)) / 1024).toFixed(1)} GiB.
- Same work: balanced accuracy ${sameScore ? 'equal to 1e-12' : `${native.balancedAccuracy[0]} and ${peer.balancedAccuracy[0]}`}, the ten final features ${sameFeatures ? 'the same' : 'NOT the same'}.
- Ten partitions were not run: projected ${((10 * native.cpuSeconds) / native.partitions / 60).toFixed(0)} CPU minutes for nacre, ${((10 * peer.cpuSeconds) / peer.partitions / 60).toFixed(0)} for Python.
- Memory a worker: 16 bytes × training rows × columns (prepared values, and the unit vectors of mRMR) + some 0.25 GB.

## Time of a partition

t(n, p) = a + b·n + c·n·p CPU seconds for n training rows and p columns: a = ${cost.fixed.toFixed(2)} s, b = ${(cost.row * 1000).toFixed(2)} ms (the fits of RFE,
41 at most, on 50 columns), c = ${(cost.cell * 1e9).toFixed(0)} ns (reading, preparing, mRMR's 50 passes). Least squares of the relative error over the
measured partitions (native booster, 1 worker; a process of its own, so its start is in it):

| patients | features | measured, CPU s | formula, CPU s | peak memory, MB |
|---:|---:|---:|---:|---:|
${points
  .map((run) =>
    line([
      run.rows,
      run.columns,
      each(run),
      partitionSeconds(cost, run.rows, run.columns).toFixed(1),
      run.peakMB.toFixed(0),
    ]),
  )
  .join('\n')}

Four points for three numbers: it interpolates; beyond 10,000 patients it is a guess with a formula.

## What larger cohorts cost

Extraction, a patient: u = scans × regions × (networks + crop + radiomics) = ${costs.scans} × ${costs.regions} × (${costs.networks.toFixed(3)} + ${costs.crop.toFixed(3)} + ${costs.radiomics.toFixed(3)}) s = **${perPatient.toFixed(1)} CPU s**:
four networks at 64³ on one thread, a crop from a scan of 256 × 256 × 120 (both bench/deep.md), a case of original, wavelet and
three LoG (bench/radiomics.md). A patient is the smallest job, so on C cores N patients take ⌈N/C⌉ · u.

Evaluation: studies/paper.yaml has U = ${costs.units} units (partitions × endpoints × sets; the audit is not
counted), each a job of one core:
⌈U/C⌉ · t(0.8 N, p), with p = ${COLUMNS.toLocaleString('en')} for every set (the paper's have fewer, but for ResNet50's).

${extractionCheck(extraction)}

| patients | cores | extraction | evaluation, all ${costs.units} units |
|---:|---:|---:|---:|
${cohorts
  .flatMap(({ patients, name }) =>
    cores.map((count) =>
      line([
        `${patients.toLocaleString('en')} (${name})`,
        count.toLocaleString('en'),
        duration(Math.ceil(patients / count) * perPatient),
        duration(Math.ceil(costs.units / count) * partitionSeconds(cost, patients, COLUMNS)),
      ]),
    ),
  )
  .join('\n')}

| patients | scans and masks, uncompressed | cache of units | table of ${COLUMNS.toLocaleString('en')} columns | memory of an extraction worker | memory of an evaluation worker |
|---:|---:|---:|---:|---:|---:|
${cohorts
  .map(({ patients }) =>
    line([
      patients.toLocaleString('en'),
      size(patients * costs.scans * SCAN_MB),
      size(patients * unitMB),
      size((patients * COLUMNS * 8) / 1e6),
      size(Math.max(costs.extractionMB, extraction?.peakMB ?? 0)),
      size(250 + (16 * 0.8 * patients * COLUMNS) / 1e6),
    ]),
  )
  .join('\n')}

## What the model leaves out

- Queues, network file systems, start of processes (one per patient in workflow/), cores that share a memory bus: two busy
  processes on this machine did less than twice the work of one (bench/radiomics.md). A cluster will be slower than ⌈N/C⌉ · u.
- With more cores than units or patients, cores idle: ${costs.units} evaluation units never use 1,000.
- 100,000 patients × 10,000 features are refused today: a table may have 2^28 cells (src/table/parquet-bounds.ts), a
  quarter of that. The line says what it would cost, not that it was done. Nothing above 10,000 patients was.
- \`nacre study\` loads its feature blocks into memory; the table that stays in its file is \`evaluateParquet\` of the library.

Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version};
${Object.entries(peer.versions)
  .map(([name, version]) => `${name} ${version}`)
  .join(', ')}.
`;
}

function extractionCheck(extraction: Measured['extraction']): string {
  if (extraction === undefined) return 'Check of u: not measured in this run.';
  const { patients, cpuSeconds, peakMB, columns, unitBytes } = extraction;
  return `Check of u: ${patients} synthetic patients with the settings of studies/paper.yaml and random weights took
${(cpuSeconds / patients).toFixed(1)} CPU s a patient (**measured**, one worker, its start and the loading of the networks in it, spread over so
few patients; smaller scans than those of the formula), at a peak of ${peakMB.toFixed(0)} MB (all networks in one process, which had made them too), and left ${columns.toLocaleString('en')} columns a patient in
${(unitBytes / 1e6).toFixed(2)} MB of cache.`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(0)} s`;
  if (seconds < 5400) return `${(seconds / 60).toFixed(0)} min`;
  if (seconds < 48 * 3600) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86400).toFixed(1)} days`;
}

function size(megabytes: number): string {
  if (Number.isNaN(megabytes)) return 'not measured';
  if (megabytes < 1000) return `${megabytes.toFixed(0)} MB`;
  return megabytes < 1e6
    ? `${(megabytes / 1e3).toFixed(1)} GB`
    : `${(megabytes / 1e6).toFixed(1)} TB`;
}
