import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cohort } from '../cohort/cohort.ts';
import { type IccEstimate, type IccForm, icc } from '../learning/icc.ts';
import { readParquet, writeColumns, writeParquet } from '../machine/parquet.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import type { StudyConfig } from './config.ts';
import { type RedrawnTables, redrawsOfTables } from './redrawn-columns.ts';
import type { PerturbationGroup, PerturbationResults } from './results.ts';
import { runFiles } from './run-folder.ts';

/** Intraclass correlation of one column over the redraws of all patients. */
interface ColumnStability {
  name: string;
  block: string;
  scan: string;
  region: string;
  patients: number;
  forms: Record<IccForm, IccEstimate>;
}

/**
 * Stability of every image feature under redrawn outlines, of all patients: a description of the features, which no model
 * is given. The filter of the pipeline computes its own from training patients.
 *
 * @param out run folder, to which a row per feature is written
 */
export function describeRedraws(
  config: StudyConfig,
  { redraws: redrawn, patients }: Pick<Cohort, 'redraws' | 'patients'>,
  out: string,
): PerturbationResults | undefined {
  if (config.perturb === undefined || redrawn === undefined) return undefined;
  const atLeast = config.pipeline.stability?.atLeast ?? 0.75;
  const form = config.pipeline.stability?.icc ?? '1,1';
  const rows = Object.entries(redrawn).flatMap(([block, draws]): ColumnStability[] => {
    const all = redrawsOfTables(patients, [draws[0]], { [block]: draws });
    return draws[0].columns.map(({ name, modality, region }) => {
      const values = all?.columns.get(name) as Float64Array;
      const { subjects, repetitions: _, ...forms } = icc(values, draws.length);
      return { name, block, scan: modality ?? '', region: region ?? '', patients: subjects, forms };
    });
  });
  writeTable(join(out, runFiles.perturbation), rows);
  const groups = new Map<string, ColumnStability[]>();
  for (const row of rows) {
    const key = [row.block, row.scan, row.region].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return {
    times: config.perturb.times,
    icc: form,
    atLeast,
    groups: [...groups.values()].map((members) => groupOf(members, form, atLeast)),
  };
}

function groupOf(
  members: readonly ColumnStability[],
  form: IccForm,
  atLeast: number,
): PerturbationGroup {
  const [{ block, scan, region }] = members;
  const known = members
    .map(({ forms }) => forms[form].icc)
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  const share = (low: number, high: number) =>
    known.filter((value) => value >= low && value < high).length / members.length;
  const quantile = (p: number) =>
    known.length === 0 ? null : known[Math.round(p * (known.length - 1))];
  return {
    block,
    scan,
    region,
    features: members.length,
    undefined: members.length - known.length,
    stable: known.filter((value) => value >= atLeast).length,
    lowerQuartile: quantile(0.25),
    median: quantile(0.5),
    upperQuartile: quantile(0.75),
    poor: share(Number.NEGATIVE_INFINITY, 0.5),
    moderate: share(0.5, 0.75),
    good: share(0.75, 0.9),
    excellent: share(0.9, Number.POSITIVE_INFINITY),
  };
}

function writeTable(path: string, rows: readonly ColumnStability[]): void {
  const texts = (name: string, textOfRow: (row: ColumnStability) => string) => ({
    name,
    type: 'STRING' as const,
    data: rows.map(textOfRow),
  });
  const numbers = (name: string, valueOfRow: (row: ColumnStability) => number) => ({
    name,
    type: 'DOUBLE' as const,
    data: Float64Array.from(rows, valueOfRow),
  });
  writeColumns(path, [
    texts('feature', ({ name }) => name),
    texts('block', ({ block }) => block),
    texts('scan', ({ scan }) => scan),
    texts('region', ({ region }) => region),
    { name: 'patients', type: 'INT32', data: rows.map(({ patients }) => patients) },
    ...(['1,1', '3,1'] as const).flatMap((form) => [
      numbers(`icc(${form})`, ({ forms }) => forms[form].icc),
      numbers(`icc(${form}) low`, ({ forms }) => forms[form].low),
      numbers(`icc(${form}) high`, ({ forms }) => forms[form].high),
    ]),
  ]);
}

/** Keeps the redrawn tables with the run, so that a partition or a model can be fitted from it again. Names of the files written. */
export function writeRedraws(
  out: string,
  redrawn: RedrawnTables | undefined,
  used: ReadonlySet<string>,
): string[] {
  return Object.entries(redrawn ?? {}).flatMap(([block, draws]) =>
    used.has(block)
      ? draws.map((table, k) => {
          const name = join(runFiles.redraws, `${block}-${k + 1}.parquet`);
          writeParquet(join(out, name), table);
          return name;
        })
      : [],
  );
}

/** The redrawn tables of a run; undefined where it has none. */
export async function readRedraws(out: string): Promise<RedrawnTables | undefined> {
  const folder = join(out, runFiles.redraws);
  if (!existsSync(folder)) return undefined;
  const found: Record<string, FeatureTable[]> = {};
  for (const file of readdirSync(folder).sort()) {
    const [, block, number] = /^(.+)-(\d+)\.parquet$/.exec(file) ?? [];
    if (block === undefined) continue;
    found[block] ??= [];
    found[block][Number(number) - 1] = await readParquet(join(folder, file));
  }
  return found;
}
