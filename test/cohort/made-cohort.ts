import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clinicalTable, manifestHead, pcrColumn, pcrEndpoint } from './pcr-manifest.ts';

/** Columns by title, one cell for each patient; undefined is an empty cell. */
export type MadeColumns = Readonly<Record<string, readonly (string | number | undefined)[]>>;

export interface MadeCohort {
  /** 0 or 1 for each patient. */
  outcome: readonly number[];
  ids?: readonly string[];
  /** Titles with blanks or quotes are written as they are, in quotes. */
  features: MadeColumns;
  /** Laid over the features block of the manifest. */
  block?: object;
  /** Ids of the feature file, where they are not those of the table. */
  featureIds?: readonly string[];
}

export function csvOf(columns: MadeColumns): string {
  const titles = Object.keys(columns);
  const rows = columns[titles[0]].length;
  const quoted = (cell: string | number | undefined) =>
    `"${String(cell ?? '').replaceAll('"', '""')}"`;
  const lines = Array.from({ length: rows }, (_, row) =>
    titles.map((title) => quoted(columns[title][row])).join(','),
  );
  return `${[titles.map(quoted).join(','), ...lines].join('\n')}\n`;
}

/** Writes a cohort of one patient table (`pcr`, measured after) and one feature file; gives the path of its manifest. */
export function writeMadeCohort({
  outcome,
  ids,
  features,
  block = {},
  featureIds,
}: MadeCohort): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-made-'));
  const patients =
    ids ?? outcome.map((_, i) => `case ${String.fromCharCode(97 + (i % 26))}${i * 37}x`);
  const age = outcome.map((_, i) => 40 + ((i * 11) % 17));
  writeFileSync(join(folder, 'clinical.csv'), csvOf({ id: patients, age, 'PCR status': outcome }));
  writeFileSync(
    join(folder, 'features.csv'),
    csvOf({ patient: featureIds ?? patients, ...features }),
  );
  const manifest = {
    ...manifestHead,
    id: 'made',
    tables: [
      clinicalTable({
        age: { name: 'age', type: 'number', unit: 'a', meaning: 'Age', measured: 'baseline' },
        'PCR status': pcrColumn,
      }),
    ],
    features: [
      {
        block: 'radiomics',
        file: 'features.csv',
        format: 'csv',
        patient: { column: 'patient' },
        ...block,
      },
    ],
    predictors: ['age'],
    endpoints: {
      response: {
        ...pcrEndpoint,
        title: 'Response',
        positiveName: 'responder',
        negativeName: 'other',
      },
    },
  };
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify(manifest));
  return path;
}
