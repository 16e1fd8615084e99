/** Compiles `src` into `dist`; `errors` is what the compiler reports. */
export declare function build(home?: string, options?: { checked?: boolean }): { errors: string };
/** The same where `dist` is stale. */
export declare function buildWhereStale(home?: string): { errors: string };
export declare function isFresh(home?: string): boolean;
