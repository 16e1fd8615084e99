// The face of nacre: every room at once, as notebooks import it. A program imports the rooms that it needs
// (`nacre/radiomics`), each of which loads no more than its own part.

export * from './cohort/index.ts';
export * from './deep/index.ts';
export * from './evaluation/index.ts';
export * from './imaging/index.ts';
export * from './learning/index.ts';
export * from './notebook/index.ts';
export * from './radiomics/index.ts';
export * from './report/index.ts';
export * from './study/index.ts';
