import { readFileSync } from 'node:fs';
import { NacreError } from './errors.ts';
import { installedPackage } from './installed-package.ts';

/**
 * Packages that are heavy or hold native code, and what nacre needs each one for. They are optional peer dependencies:
 * a project installs those that it needs.
 */
const purposes = {
  'onnxruntime-node': 'runs the networks of deep features',
  'jpeg-lossless-decoder-js': 'decodes DICOM in JPEG Lossless',
  dcmjs: 'writes DICOM segmentations',
  koffi: "calls this machine's native XGBoost library",
  'playwright-core': 'drives the browser that draws PNG and SVG figures',
  'danfojs-node': 'holds the data frames of notebooks',
  tslab: 'is the kernel of notebooks',
  zeromq: 'connects the notebook runner to the kernel',
  '@niivue/niivue': 'is the viewer of scans in the study site',
  marked: 'turns the text of notebooks into pages of the study site',
  katex: 'writes the formulas of these pages',
  'sanitize-html': 'removes from these pages what could run',
} as const;

export type OptionalPackage = keyof typeof purposes;

export const optionalPackages = Object.keys(purposes) as OptionalPackage[];

/**
 * Loads an optional package where it is first needed.
 *
 * @param load a dynamic import, written out by the caller so that its types are known:
 *   `() => import('onnxruntime-node')`
 * @throws NacreError `package-missing` when the package is not installed. Other errors, such as a native library that
 *   does not fit the machine, are rethrown.
 */
export async function optionalPackage<T>(
  name: OptionalPackage,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isNotFound(cause, name)) throw cause;
    throw packageMissing(name, cause);
  }
}

/** The error for optional packages that are not installed; its message names the command that adds them. */
export function packageMissing(
  names: OptionalPackage | readonly OptionalPackage[],
  cause?: unknown,
): NacreError {
  const missing = typeof names === 'string' ? [names] : names;
  const reasons = missing.map((name) => `${name} (${purposes[name]})`).join(', ');
  return new NacreError(
    'package-missing',
    `${missing.length === 1 ? 'an optional package is' : 'optional packages are'} not installed: ${reasons}`,
    { todo: `npm install ${missing.map(withVersion).join(' ')}`, cause },
  );
}

/**
 * Checks packages before a step that loads several of them, or that starts a process which needs them.
 *
 * @throws NacreError `package-missing`, with every one of the names that is not installed
 */
export function requirePackages(...names: OptionalPackage[]): void {
  const missing = names.filter((name) => installedPackage(name) === undefined);
  if (missing.length > 0) throw packageMissing(missing);
}

/** Node reports a missing package, and a missing file inside a package, by the same code: only the first is meant. */
function isNotFound(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') &&
    (message.includes(`'${name}'`) || message.includes(`'${name}/`))
  );
}

/** The lowest version that nacre's package.json accepts is the one it was tested with. */
function withVersion(name: OptionalPackage): string {
  const file = new URL('../../package.json', import.meta.url);
  const { peerDependencies } = JSON.parse(readFileSync(file, 'utf8')) as {
    peerDependencies: Record<OptionalPackage, string>;
  };
  return `${name}@${peerDependencies[name].replace(/^\D+/, '')}`;
}
