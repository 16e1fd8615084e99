import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Cohort } from '../cohort/cohort.ts';
import { type Extraction, radiomicsOf, regionsOf } from '../features/extraction.ts';
import { readParquet } from '../machine/parquet.ts';
import { radiomicsSettings } from '../radiomics/parameter-file.ts';
import { isNacreError, NacreError } from '../runtime/errors.ts';
import { nacreVersion } from '../runtime/version.ts';
import type { StudyConfig } from '../study/config.ts';
import { cohortOfRun } from '../study/open-study.ts';
import { type Run, runFiles } from '../study/run-folder.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import { columnShapes } from './column-shapes.ts';
import type { ExploreData, ExploreScan } from './explore-data.ts';
import { drawnFormulas } from './formulas.ts';
import { type LabTables, labTables } from './lab-tables.ts';
import { packedScan } from './pack-scan.ts';
import { writtenParameters } from './written-parameters.ts';

/** Characters of all scans in the page together: what a browser still opens at once, and a mail does not take. */
const mostScanText = 24_000_000;

export interface ExploreSource {
  run: Run;
  config: StudyConfig;
  /** Scans, masks and endpoints; undefined: the page holds nothing of single patients. */
  cohort?: Cohort | undefined;
  /** Patients in the page, from the first. */
  patients: number;
  /** LaTeX to MathML. */
  formula: (latex: string) => string;
}

export interface ExploreOfRun {
  data: ExploreData;
  parts: Map<string, object>;
  /** Scans that were left out because they could not be read. */
  messages: string[];
}

/**
 * What explore.html holds of a run: scans of its first patients with the settings that measured them, the distribution of each
 * handcrafted feature over its patients, and the tables of its feature sets without names.
 */
export async function exploreOfRun(source: ExploreSource): Promise<ExploreOfRun> {
  const { run, cohort, formula } = source;
  const { results } = run;
  const table = await radiomicsTable(run.folder);
  const parts = new Map<string, object>();
  const messages: string[] = [];
  const contents: string[] = [];
  const columns = table === undefined ? {} : columnShapes(table, results);
  if (table !== undefined) {
    contents.push(
      `${Object.keys(columns).length} histograms: how a handcrafted feature is distributed over the ${table.patients.length} patients of the run, and how often it was selected. No value of a single patient.`,
    );
  }
  const scans = cohort === undefined ? [] : await packedScans(source, table, parts, messages);
  const patients = new Set(scans.map(({ patient }) => patient));
  if (scans.length > 0) {
    const cut = scans.some(({ cropped }) => cropped)
      ? ' Large scans are cut to 60 mm around the tumour; what looks at the whole scan (normalisation) then differs from the run.'
      : '';
    contents.push(
      `${scans.length} scans of ${patients.size} patients (${[...patients].join(', ')}) with their masks, at full depth, and the run's features of these patients.${cut}${results.cohort.synthetic ? ' They are SYNTHETIC.' : ' Share this file only where these scans may be shared.'}`,
    );
  } else {
    contents.push('No scan: drop your own.');
  }
  const lab = cohort === undefined ? undefined : await tablesOf(source, cohort, messages);
  for (const [id, part] of lab?.parts ?? []) parts.set(id, part);
  if (lab !== undefined && lab.endpoints.length > 0) {
    contents.push(
      `The tables of ${lab.endpoints.reduce((sum, { sets }) => sum + sets.length, 0)} feature sets with their endpoints: values and outcomes of single patients, under numbers instead of names.`,
    );
    if (lab.leftOut.length > 0)
      contents.push(`Not in the second panel: ${lab.leftOut.join('; ')}.`);
  } else {
    contents.push('No table of single patients.');
  }
  return {
    data: {
      title: results.cohort.title,
      synthetic: results.cohort.synthetic,
      version: nacreVersion(),
      contents,
      scans,
      columns,
      formulas: drawnFormulas(formula),
      endpoints: lab?.endpoints ?? [],
    },
    parts,
    messages,
  };
}

async function radiomicsTable(folder: string): Promise<FeatureTable | undefined> {
  const path = join(folder, runFiles.features, 'radiomics.parquet');
  return existsSync(path) ? readParquet(path) : undefined;
}

async function packedScans(
  { config, cohort, patients, run }: ExploreSource,
  table: FeatureTable | undefined,
  parts: Map<string, object>,
  messages: string[],
): Promise<ExploreScan[]> {
  const { extraction } = config;
  if (extraction === undefined || cohort === undefined) return [];
  const scans: ExploreScan[] = [];
  let text = 0;
  let taken = 0;
  for (const [row, patient] of cohort.patients.entries()) {
    if (taken === patients || text > mostScanText) break;
    const before = scans.length;
    for (const [scan, files] of Object.entries(cohort.images ?? {})) {
      const found = files[row];
      if (found === undefined || !extraction.scans.includes(scan)) continue;
      try {
        const choice = regionsOf(extraction, scan, cohort.maskThresholds);
        const packed = await packedScan(found, choice);
        text += packed.voxels.length + packed.mask.length + (packed.body?.length ?? 0);
        const element = `scan-${scans.length + 1}`;
        parts.set(element, packed);
        scans.push({
          patient,
          scan,
          element,
          cropped: packed.cropped,
          ct: /^ct(?![a-z])/i.test(scan),
          parameters: parametersOf(extraction, scan),
          ringMm: choice.ringMm ?? 5,
          ringWithin: choice.ringWithin ?? 'body',
          values: valuesOf(table, patient, scan),
        });
      } catch (error) {
        if (!isNacreError(error)) throw error;
        const why = cohort.hidesPaths ? error.code : error.located({ patient }).message;
        messages.push(`not in explore.html: patient ${patient}, ${scan}: ${why}`);
      }
    }
    if (scans.length > before) taken++;
  }
  const known = run.results.cohort.patients;
  if (taken < Math.min(patients, known) && text > mostScanText) {
    messages.push(`explore.html holds ${taken} patients: more would make it too large`);
  }
  return scans;
}

function parametersOf(extraction: Extraction, scan: string) {
  return writtenParameters(radiomicsSettings(radiomicsOf(extraction, scan)));
}

function valuesOf(
  table: FeatureTable | undefined,
  patient: string,
  scan: string,
): Record<string, number | null> {
  const row = table?.patients.indexOf(patient) ?? -1;
  if (table === undefined || row < 0) return {};
  return Object.fromEntries(
    table.columns
      .filter(({ modality }) => modality === scan)
      .map(({ name, values }) => [name, Number.isNaN(values[row]) ? null : values[row]]),
  );
}

/** The tables of the run; none, with a message, where the cohort is not the run's. */
async function tablesOf(
  { run, config }: ExploreSource,
  cohort: Cohort,
  messages: string[],
): Promise<LabTables | undefined> {
  try {
    return labTables({ config, cohort: await cohortOfRun(cohort, run) }, run.results);
  } catch (error) {
    if (!(error instanceof NacreError)) throw error;
    messages.push(
      `no partitions in explore.html: ${error.code === 'file-missing' ? error.code : error.message}`,
    );
    return undefined;
  }
}
