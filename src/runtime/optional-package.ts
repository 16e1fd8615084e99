import { readFileSync } from 'node:fs';
import { NacreError } from './errors.ts';

/**
 * Packages that are heavy or hold native code, and what nacre needs each one for. They are optional peer dependencies:
 * a project installs those that it needs.
 */
const purposes = {
  'onnxruntime-node': 'it runs the networks of deep features',
  'playwright-core': 'it drives the browser that draws PNG and SVG figures',
  '@niivue/niivue': 'it is the viewer of scans in the study site',
  'danfojs-node': 'it holds the data frames of notebooks',
  koffi: "it calls this machine's native XGBoost library",
  tslab: 'it is the kernel of notebooks',
  zeromq: 'the notebook runner talks to the kernel through it',
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

/** The error for an optional package that is not installed; its message names the command that adds the package. */
export function packageMissing(name: OptionalPackage, cause?: unknown): NacreError {
  return new NacreError(
    'package-missing',
    `the package ${name} is not installed: ${purposes[name]}`,
    {
      todo: `npm install ${name}@${testedVersion(name)}`,
      cause,
    },
  );
}

/** Node reports a missing package, and a missing file inside a package, by the same code: only the first is meant. */
function isNotFound(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') &&
    (message.includes(`'${name}'`) || message.includes(`'${name}/`))
  );
}

/** Lowest version that nacre's package.json accepts: the one it was tested with. */
function testedVersion(name: OptionalPackage): string {
  const file = new URL('../../package.json', import.meta.url);
  const { peerDependencies } = JSON.parse(readFileSync(file, 'utf8')) as {
    peerDependencies: Record<OptionalPackage, string>;
  };
  return peerDependencies[name].replace(/^\D+/, '');
}
