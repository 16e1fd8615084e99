export interface Bundle {
  /** A module of src. */
  entry: string;
  format: 'esm' | 'iife';
}

export declare const bundles: readonly [
  Bundle & { file: string; licences?: string },
  ...(Bundle & { file: string; licences?: string })[],
];
export declare const inlined: readonly (Bundle & { file: string; licences?: string })[];
export declare function bundled(
  bundle: Bundle,
  home?: string,
): Promise<{
  text: string;
  /** Files and packages that went in. */
  inputs: string[];
  /** What the bundle would still import: nothing. */
  imports: string[];
}>;
export declare function licencesOf(inputs: readonly string[]): string;
export declare function bundleAll(folder: string): Promise<void>;
