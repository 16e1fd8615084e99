// The room of patients: manifests, endpoints, clinical variables, public cohorts, and tables by patient.

export * from '../runtime/index.ts';
export * from '../table/index.ts';
export { type CohortCheck, checkCohort } from './check.ts';
export type { Cohort, Endpoint, PatientChoice } from './cohort.ts';
export { type FetchedCohort, fetchCohort } from './fetch.ts';
export { type LoadCohortOptions, loadCohort } from './load-cohort.ts';
export { type Manifest, manifestJsonSchema } from './manifest.ts';
export { readManifest } from './read-manifest.ts';
export { type SyntheticTableOptions, syntheticTable } from './synthetic-table.ts';
export { type TableOneRow, tableOne } from './table-one.ts';
