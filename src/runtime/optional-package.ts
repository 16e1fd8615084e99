import { NacreError } from './errors.ts';

/**
 * Packages that are heavy or hold native code, and what nacre needs each one for. They are optional peer dependencies:
 * a project installs those that it needs. Versions are those of package.json.
 */
const packages = {
  'onnxruntime-node': { version: '1.30.0', purpose: 'runs the networks of deep features' },
  'onnxruntime-web': { version: '1.30.0', purpose: 'runs these networks in explore.html' },
  'jpeg-lossless-decoder-js': { version: '2.1.2', purpose: 'decodes DICOM in JPEG Lossless' },
  dcmjs: { version: '0.49.4', purpose: 'writes DICOM segmentations' },
  koffi: { version: '3.3.4', purpose: "calls this machine's native XGBoost library" },
  'playwright-core': {
    version: '1.65.1',
    purpose: 'drives the browser that draws PNG and SVG figures',
  },
  'danfojs-node': { version: '1.2.0', purpose: 'holds the data frames of notebooks' },
  tslab: { version: '1.0.22', purpose: 'is the kernel of notebooks' },
  zeromq: { version: '6.8.0', purpose: 'connects the notebook runner to the kernel' },
  '@niivue/niivue': { version: '0.69.0', purpose: 'is the viewer of scans in the study site' },
  marked: {
    version: '18.2.1',
    purpose: 'turns the text of notebooks into pages of the study site',
  },
  katex: { version: '0.16.47', purpose: 'writes the formulas of these pages' },
  'sanitize-html': { version: '2.17.5', purpose: 'removes from these pages what could run' },
} as const;

export type OptionalPackage = keyof typeof packages;

export const optionalPackages = Object.keys(packages) as OptionalPackage[];

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
  const reasons = missing.map((name) => `${name} (${packages[name].purpose})`).join(', ');
  return new NacreError(
    'package-missing',
    `${missing.length === 1 ? 'an optional package is' : 'optional packages are'} not installed: ${reasons}`,
    { todo: `npm install ${missing.map(withVersion).join(' ')}`, cause },
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

/** The lowest version that nacre's package.json accepts is the one it was tested with. */
function withVersion(name: OptionalPackage): string {
  return `${name}@${packages[name].version}`;
}
