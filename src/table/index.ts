// Tables with one row per patient, for the cohort and for learning.

export { writeCsv } from './csv.ts';
export { type FeatureColumn, type FeatureTable, featureTable } from './feature-table.ts';
export { joinTables, selectRows } from './join-tables.ts';
export { readParquet, writeParquet } from './parquet.ts';
export { openParquet, type StoredTable } from './parquet-columns.ts';
export { summary, type TableSummary } from './summary.ts';
