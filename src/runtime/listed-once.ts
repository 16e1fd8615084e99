/** Expectation of a schema that refuses repeated names: they would be counted twice in tables, tests and columns. */
export const listedOnce = 'a list that names each one once';

/** Whether a list names each entry once. */
export function isListedOnce(list: readonly string[]): boolean {
  return new Set(list).size === list.length;
}
