/** The name under which kernels of JavaScript (Deno's, nacre's) find how the value of a cell shows itself. */
export const jupyterDisplay: unique symbol = Symbol.for('Jupyter.display');

/** Gives the formats of `this` by MIME type. */
export type Display = (this: object) => Promise<Record<string, unknown>>;

let display: Display | undefined;

/** Hands in how nacre's values are drawn: the room of notebooks does so when it is loaded. */
export function provideDisplay(given: Display): void {
  display = given;
}

/** How nacre's values are drawn; undefined where nothing that draws is loaded. */
export function providedDisplay(): Display | undefined {
  return display;
}

/**
 * Makes a volume, a table or a frame show itself as the last value of a cell, in any kernel that asks for
 * `Symbol.for('Jupyter.display')`. The property is not enumerable: JSON, threads, comparisons and copies by spreading see plain
 * data as before, so that a copy shows itself only after it was handed through here again.
 *
 * @returns the same object
 */
export function withDisplay<T extends object>(value: T): T {
  if (!Object.isExtensible(value)) return value;
  return Object.defineProperty(value, jupyterDisplay, { get: providedDisplay, configurable: true });
}

/** The same functions, each of which gives its result to `withDisplay`. */
export function eachWithDisplay<Functions extends Record<string, (...given: never[]) => object>>(
  functions: Functions,
): Functions {
  return Object.fromEntries(
    Object.entries(functions).map(([name, make]) => [
      name,
      (...given: never[]) => withDisplay(make(...given)),
    ]),
  ) as Functions;
}
