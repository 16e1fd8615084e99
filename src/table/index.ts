// Tables with one row per patient, for the cohort and for learning.

export { openParquet } from '../machine/open-parquet.ts';
export { readParquet, writeParquet } from '../machine/parquet.ts';
export { writeCsv } from '../machine/write-csv.ts';
export { type FeatureColumn, type FeatureTable, featureTable } from './feature-table.ts';
export { joinTables, selectRows } from './join-tables.ts';
export type { StoredTable } from './stored-table.ts';
export { summary, type TableSummary } from './summary.ts';
