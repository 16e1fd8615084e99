import { cpus, loadavg } from 'node:os';
import { meanAndSd } from '../../src/evaluation/resampled-t.ts';
import type { EndpointResults, FeatureSetResults } from '../../src/study/results.ts';
import { allowedDistance, knownTo, lossOf, simulation } from './distance.ts';
import { patients, study } from './settings.ts';
import type { ScanCohort } from './with-scans.ts';
import type { Tried } from './worker.ts';

/** bench/phantom.md. */
export function page(tried: readonly Tried[], scanned: readonly ScanCohort[]): string {
  const calibration = (endpoint: string) =>
    tried.filter(
      (one) => one.patients === patients && one.signal === 1 && one.endpoint === endpoint,
    );
  const learned = tried.filter(({ signal, reached }) => signal === 1 && 'subtype' in reached);
  const nulls = tried.filter(({ signal }) => signal === 0);
  const sets = scanned.flatMap(({ seed, signal }) =>
    signal.endpoints.flatMap((endpoint) =>
      endpoint.featureSets.map((set) => heldAgainst(seed, endpoint, set, calibration(endpoint.id))),
    ),
  );
  const below = sets.filter(({ within }) => !within);
  const covers = scanned.flatMap((cohort) =>
    (cohort.null?.endpoints ?? []).flatMap(({ id, featureSets }) =>
      featureSets.map((set) => ({
        seed: cohort.seed,
        endpoint: id,
        set,
        covers: coversHalf(set.summary.balancedAccuracy),
      })),
    ),
  );
  const missed = covers.filter((one) => !one.covers);
  const intervals = nulls.flatMap(({ reached }) => Object.values(reached));
  const outside = intervals.filter((interval) => !coversHalf(interval)).length;

  const without = tried.filter(({ signal }) => signal === 1);
  const sizesTried = [...new Set(without.map((one) => one.patients))].sort((a, b) => a - b);

  return `# The embedded study's ${patients} synthetic patients, held against the best that can be reached

SYNTHETIC patients; networks of RANDOM weights. Extraction, ${study.partitions} partitions and pipeline are those of studies/phantom.yaml.
"Best reachable" is the balanced accuracy of the rule that knows the formula (src/cohort/phantom/best-reachable.ts), given what
the set can know: the subtype (clinical variables) or the three traits without error (scans). All numbers in %.

## The choice of size and strength

How often the whole 95% interval lies above chance, by the number of patients, on cohorts drawn without scans (seeds from 1001,
none of them the study's). Size and strength of the embedded study were chosen by the same look at cohorts of seeds 1 to 8, six or eight
a choice: 96 patients at which clinical variables, and image features with them, lie above chance in every cohort. The study kept the seed
that it had. This table repeats the look on seeds that took no part. "Images": simulated features (below). A noise arm above chance is luck: an exact 95% interval lies above it 1 time in 40.

| endpoint | patients | clinical | above chance | images + clinical | above chance | noise | above chance |
|---|---:|---:|---:|---:|---:|---:|---:|
${endpointsOf(without)
  .flatMap((endpoint) => sizesTried.map((size) => choiceRow(without, endpoint, size)))
  .join('\n')}

## What the learner loses on clinical variables

Cohorts drawn without scans (seeds from 1001; mean ± sd over cohorts). "Bayes rule": answers yes unless the true subtype is
HR+/HER2-, on the same test rows; it learns nothing, so that its distance from the best reachable is the luck of the draw.
"Subtype alone": the pipeline on the subtype's columns. "Clinical": on all of them, most of which add nothing to the subtype;
some 5% of patients lack the subtype. Cohorts of one seed share their first patients, so that the luck of a small one is in the larger too.

| endpoint | patients | cohorts | best reachable | Bayes rule | subtype alone | clinical | below the best | below the Bayes rule |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
${curveRows(learned).join('\n')}

## The distance that is allowed

Mean loss and two standard deviations of it over the calibration cohorts of ${patients} (bench/phantom/distance.ts says why): for
clinical variables and noise their own, for scans that of a simulated extractor: ${3 * simulation.scans} columns that see a trait with correlation ${simulation.visibility}
(each of three in each of ${simulation.scans} scans), among ${simulation.voidColumns} that see nothing. "True traits": the learner is handed the traits themselves.

| endpoint | given to the pipeline | loses, mean | sd | allowed distance |
|---|---|---:|---:|---:|
${endpointsOf(learned)
  .flatMap((endpoint) => distanceRows(endpoint, calibration(endpoint)))
  .join('\n')}

## Cohorts with scans

The embedded study's own seed (${scanned[0]?.seed}) and three others that nobody chose; patients whose extraction failed: ${scanned.map(({ failures }) => failures).join(', ')}. 95% intervals as
in the study. **${sets.length - below.length} of ${sets.length} lie within the allowed distance**${below.length > 0 ? `; outside: ${below.map(({ name }) => name).join('; ')}` : ''}. The oracle is held against the distance of scans.

Whole interval above chance, in how many of the cohorts:

| set | ${endpointsOf(without).join(' | ')} |
|---|${endpointsOf(without)
    .map(() => '---:|')
    .join('')}
${aboveRows(scanned).join('\n')}

| seed | endpoint | set | balanced accuracy | best reachable | distance | allowed | within |
|---:|---|---|---:|---:|---:|---:|---|
${sets.map(({ row }) => row).join('\n')}

What the features see: the largest |r| of any column of the extractor with each trait, over all patients. The largest of a
thousand columns that see nothing is about ${Math.sqrt((2 * Math.log(1000)) / patients).toFixed(2)}. Networks were given the study's own cohort alone: they take most of the time.

| seed | extractor | texture | rim | halo |
|---:|---|---:|---:|---:|
${scanned.flatMap(seenRows).join('\n')}

## The null cohorts

The patients and scans of seed ${scanned[0]?.seed}, outcomes drawn without them (signal 0). **${covers.length - missed.length} of ${covers.length} intervals cover 50**${missed.length > 0 ? `; not: ${missed.map(({ seed, endpoint, set }) => `seed ${seed}, ${endpoint}, ${set.title}`).join('; ')}` : ''}.
That all of them always do cannot be promised: an exact 95% interval misses 1 time in 20, which of ${covers.length} would be ${(covers.length / 20).toFixed(1)}; sets
of one cohort share patients and partitions, so that misses come together. Over the ${new Set(nulls.map(({ seed }) => seed)).size} null cohorts without scans, ${outside} of ${intervals.length} intervals
(clinical variables, true traits; both endpoints) miss 50.

| seed | endpoint | set | balanced accuracy | covers 50 |
|---:|---|---|---:|---|
${covers.map(({ seed, endpoint, set, covers: yes }) => `| ${seed} | ${endpoint} | ${set.title} | ${withInterval(set)} | ${yes ? 'yes' : '**no**'} |`).join('\n')}

Written by \`npm run bench -- phantom\`; what was extracted stays in the cache. Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version};
load average at the end ${loadavg()[0].toFixed(1)} (no number here is a time).
`;
}

function endpointsOf(tried: readonly Tried[]): string[] {
  return [...new Set(tried.map(({ endpoint }) => endpoint))];
}

function choiceRow(tried: readonly Tried[], endpoint: string, size: number): string {
  const cohorts = tried.filter((one) => one.endpoint === endpoint && one.patients === size);
  const cells = ['clinical', 'both', 'noise'].flatMap((set) => {
    const reached = cohorts.flatMap((one) => one.reached[set] ?? []);
    if (reached.length === 0) return ['–', '–'];
    const { mean, sd } = meanAndSd(reached.map((interval) => interval.mean));
    const above = reached.filter(({ low }) => low > 0.5).length;
    return [`${percent(mean)} ± ${percent(sd)}`, `${above} of ${reached.length}`];
  });
  return `| ${[endpoint, size, ...cells].join(' | ')} |`;
}

function aboveRows(scanned: readonly ScanCohort[]): string[] {
  const endpoints = scanned[0]?.signal.endpoints ?? [];
  return (endpoints[0]?.featureSets ?? []).map(({ id, title }) => {
    const counts = endpoints.map((endpoint) => {
      const all = scanned.flatMap(
        ({ signal }) =>
          signal.endpoints
            .find((one) => one.id === endpoint.id)
            ?.featureSets.filter((set) => set.id === id) ?? [],
      );
      const above = all.filter(({ summary }) => summary.balancedAccuracy.low > 0.5).length;
      return `${above} of ${all.length}`;
    });
    return `| ${[title, ...counts].join(' | ')} |`;
  });
}

function curveRows(learned: readonly Tried[]): string[] {
  const sizes = [...new Set(learned.map((one) => one.patients))].sort((a, b) => a - b);
  return endpointsOf(learned).flatMap((endpoint) =>
    sizes.map((size) => {
      const cohorts = learned.filter((one) => one.endpoint === endpoint && one.patients === size);
      const cell = (values: readonly number[]) => {
        const { mean, sd } = meanAndSd(values);
        return values.length > 1 ? `${percent(mean)} ± ${percent(sd)}` : percent(mean);
      };
      const cells = [
        percent(cohorts[0].reachable.clinical),
        cell(cohorts.map(({ bayes }) => bayes)),
        cell(cohorts.map(({ reached }) => reached.subtype.mean)),
        cell(cohorts.map(({ reached }) => reached.clinical.mean)),
        percent(lossOf(cohorts, 'clinical').mean),
        percent(meanAndSd(cohorts.map(({ bayes, reached }) => bayes - reached.clinical.mean)).mean),
      ];
      return `| ${[endpoint, size, cohorts.length, ...cells].join(' | ')} |`;
    }),
  );
}

function distanceRows(endpoint: string, calibration: readonly Tried[]): string[] {
  const given = {
    clinical: 'clinical variables',
    simulated: 'simulated extractor',
    both: 'simulated extractor and clinical variables',
    traits: 'true traits',
    noise: 'noise',
  };
  return Object.entries(given).map(([set, title]) => {
    const { mean, sd } = lossOf(calibration, set);
    const allowed = set === 'traits' ? '' : percent(allowedDistance(calibration, set));
    return `| ${endpoint} | ${title} | ${percent(mean)} | ${percent(sd)} | ${allowed} |`;
  });
}

function heldAgainst(
  seed: number,
  { id: endpoint, reachable }: EndpointResults,
  set: FeatureSetResults,
  calibration: readonly Tried[],
) {
  const best = reachable?.[knownTo(set.id)] as number;
  const distance = best - set.summary.balancedAccuracy.mean;
  const allowed = allowedDistance(calibration, set.id);
  const within = distance <= allowed;
  const cells = [withInterval(set), percent(best), percent(distance), percent(allowed)];
  const row = `| ${[seed, endpoint, set.title, ...cells, within ? 'yes' : '**no**'].join(' | ')} |`;
  return { name: `seed ${seed}, ${endpoint}, ${set.title}`, within, row };
}

function seenRows({ seed, seen }: ScanCohort): string[] {
  return Object.entries(seen).map(
    ([extractor, traits]) =>
      `| ${[seed, extractor, ...traits.map((r) => r.toFixed(2))].join(' | ')} |`,
  );
}

function withInterval({ summary: { balancedAccuracy } }: FeatureSetResults): string {
  const { mean, low, high } = balancedAccuracy;
  return `${percent(mean)} (${percent(low)} to ${percent(high)})`;
}

function coversHalf({ low, high }: { low: number; high: number }): boolean {
  return low <= 0.5 && 0.5 <= high;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
