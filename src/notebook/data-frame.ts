import { withDisplay } from '../runtime/jupyter-display.ts';
import { optionalPackage } from '../runtime/optional-package.ts';
import type { FrameLike } from './frame-html.ts';

/**
 * A danfojs DataFrame, by what nacre and its notebooks use of it. danfojs-node is an optional package, so that nacre's
 * types cannot depend on the package's own; every method of danfojs is there at run time.
 */
export interface DataFrame extends FrameLike {
  readonly columns: string[];
  /** Rows of cells. */
  readonly values: unknown[];
  readonly index: (string | number)[];
  /** Rows, columns. */
  readonly shape: number[];
  /** The first rows. Default 5. */
  head(rows?: number): DataFrame;
  /** The last rows. Default 5. */
  tail(rows?: number): DataFrame;
  groupby(columns: string[]): FrameGroups;
  loc(selection: { rows?: (string | number)[]; columns?: string[] }): DataFrame;
  iloc(selection: { rows?: (string | number)[]; columns?: (string | number)[] }): DataFrame;
  sortValues(by: string, options?: { ascending?: boolean }): DataFrame;
  toString(): string;
}

/** Rows of a DataFrame by the values of some columns. */
export interface FrameGroups {
  readonly ngroups: number;
  col(columns: string[]): FrameGroups;
  count(): DataFrame;
  mean(): DataFrame;
  std(): DataFrame;
  min(): DataFrame;
  max(): DataFrame;
}

/**
 * Makes a danfojs DataFrame of objects with the same keys. danfojs takes more than a second to load: only tables wait
 * for it. Every frame and series then shows itself in kernels of JavaScript, also one that danfojs makes of this one.
 *
 * @throws NacreError `package-missing`
 */
export async function dataFrame(rows: readonly object[]): Promise<DataFrame> {
  const danfo = await optionalPackage('danfojs-node', () => import('danfojs-node'));
  withDisplay(sharedPrototype(danfo.DataFrame));
  return new danfo.DataFrame([...rows]) as DataFrame;
}

/** What frames and series, and what their methods give, have in common: the last prototype before that of all objects. */
function sharedPrototype({ prototype }: { prototype: object }): object {
  let shared = prototype;
  for (;;) {
    const next: object | null = Object.getPrototypeOf(shared);
    if (next === null || next === Object.prototype) return shared;
    shared = next;
  }
}
