// What every room shares: the error type, seeded randomness, and the record of what was taken as given.

export type { Assumption, NoteAssumption } from './assumptions.ts';
export { type ErrorCode, type ErrorFacts, isNacreError, NacreError } from './errors.ts';
export { RandomStream } from './random-stream.ts';
