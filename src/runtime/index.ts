// Shared by all folders: the error type, seeded randomness, and the record of assumptions.

export type { Assumption, NoteAssumption } from './assumptions.ts';
export { type ErrorCode, type ErrorFacts, isNacreError, NacreError } from './errors.ts';
export { RandomStream } from './random-stream.ts';
