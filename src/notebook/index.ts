// The room of notebooks: display, data frames and the runner. Needs the optional packages tslab, zeromq, danfojs-node.

import './provide-display.ts';

export * from '../runtime/index.ts';
export { cohortFrame } from './cohort-frame.ts';
export { comms } from './comms.ts';
export { featureFormulas } from './feature-formulas.ts';
export type { Comm, CommMessage, Comms } from './kernel/comms.ts';
export { meanTime } from './mean-time.ts';
export { resultsFrame } from './results-frame.ts';
export { type NotebookRun, type RunNotebookOptions, runNotebook } from './run-notebook.ts';
export { type SampleScan, sampleScan } from './sample-scan.ts';
export { clearOutput, show } from './show.ts';
export { type SyntheticScan, syntheticScan } from './synthetic-scan.ts';
