// The room of reports: tables, figures and report.html of a run.

export * from '../runtime/index.ts';
export type { Figure } from './figure.ts';
export { figures } from './figures.ts';
export { type OpenedRun, openRun } from './open-run.ts';
export { type TableRow, tables } from './tables.ts';
export { readEvaluations, type WrittenEvaluation, writeEvaluation } from './write-evaluation.ts';
export { type WrittenReport, writeReport } from './write-report.ts';
