import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NacreError } from '../../runtime/errors.ts';
import { optionalPackage } from '../../runtime/optional-package.ts';

/** The variable that names the library's file; then no other place is looked at. */
const xgboostVariable = 'NACRE_XGBOOST_LIB';

/** Older ones cannot hand a model over in memory. */
const LEAST_VERSION = [1, 6];

type Handle = unknown;

/** The part of XGBoost's C interface that a fit needs (`xgboost/c_api.h`). All but the first two give 0, or −1 for an error. */
export interface XgboostLibrary {
  /** `1.7.4` */
  version: string;
  /** The loaded library: a path, or a name that the system's linker finds. */
  file: string;
  lastError(): string;
  createMatrix(
    data: Float32Array,
    rows: number,
    columns: number,
    missing: number,
    out: [Handle],
  ): number;
  setFloatInfo(matrix: Handle, field: string, values: Float32Array, length: number): number;
  freeMatrix(matrix: Handle): number;
  createBooster(matrices: [Handle], count: number, out: [Handle]): number;
  setParam(booster: Handle, name: string, value: string): number;
  update(booster: Handle, round: number, matrix: Handle): number;
  save(booster: Handle, config: string, length: [number], bytes: [Handle]): number;
  freeBooster(booster: Handle): number;
  /** Copies a text of so many bytes from the library's memory. */
  textAt(pointer: Handle, length: number): string;
}

const loaded = new Map<string, XgboostLibrary>();

/**
 * The XGBoost of this machine: what `NACRE_XGBOOST_LIB` names, else the first found of the linker's `libxgboost`
 * (Debian's libxgboost0 and the like), the active Python environment's (`VIRTUAL_ENV`, `CONDA_PREFIX`) and Homebrew's.
 * Each is loaded once per thread.
 *
 * @param places files or linker's names to try, in order, instead
 * @throws NacreError `booster-unavailable` where there is none, `bad-library` where the one named cannot be used
 */
export async function loadXgboostLibrary(places?: readonly string[]): Promise<XgboostLibrary> {
  const named = process.env[xgboostVariable];
  const asked = places === undefined && named ? named : undefined;
  const refused: string[] = [];
  for (const place of places ?? (asked === undefined ? usualPlaces() : [asked])) {
    try {
      const library = loaded.get(place) ?? (await bind(place));
      const [major, minor] = library.version.split('.').map(Number);
      if (major > LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor >= LEAST_VERSION[1])) {
        loaded.set(place, library);
        return library;
      }
      refused.push(`${place}: version ${library.version}`);
    } catch (cause) {
      refused.push(`${place}: ${(cause as Error).message.split('\n')[0]}`);
    }
  }
  if (asked !== undefined) {
    throw new NacreError(
      'bad-library',
      `the library that ${xgboostVariable} names cannot be used`,
      {
        file: asked,
        found: refused[0],
        expected: `libxgboost, version ${LEAST_VERSION.join('.')} or later`,
        todo: 'fix the variable, or unset it to look in the usual places',
      },
    );
  }
  throw new NacreError('booster-unavailable', 'no native XGBoost can be used', {
    found: refused.join('; ') || 'no place to look in',
    expected: `libxgboost, version ${LEAST_VERSION.join('.')} or later`,
    todo: `install it (Debian: libxgboost0; pip: xgboost), name its file in ${xgboostVariable}, or ask for ml-xgboost`,
  });
}

function usualPlaces(): string[] {
  const names = {
    darwin: ['libxgboost.dylib', '/opt/homebrew/lib/libxgboost.dylib'],
    win32: ['xgboost.dll'],
  }[process.platform as string] ?? ['libxgboost.so.0', 'libxgboost.so'];
  const environments = ['VIRTUAL_ENV', 'CONDA_PREFIX'].flatMap((name) => process.env[name] || []);
  return [...names, ...environments.flatMap(librariesOf)];
}

/** Paths where pip and conda install it in a Python environment. */
export function librariesOf(environment: string): string[] {
  const file = { darwin: 'libxgboost.dylib', win32: 'xgboost.dll' }[process.platform as string];
  const name = file ?? 'libxgboost.so';
  const lib = join(environment, 'lib');
  const pythons = existsSync(lib)
    ? readdirSync(lib).filter((folder) => folder.startsWith('python'))
    : [];
  return [
    ...pythons.sort().map((python) => join(lib, python, 'site-packages', 'xgboost', 'lib', name)),
    join(environment, 'Lib', 'site-packages', 'xgboost', 'lib', name),
    join(lib, name),
  ].filter((path) => existsSync(path));
}

async function bind(file: string): Promise<XgboostLibrary> {
  // Loaded only when a native booster is requested: koffi itself is a native module.
  const { default: koffi } = await optionalPackage('koffi', () => import('koffi'));
  const library = koffi.load(file);
  const version: [number][] = [[0], [0], [0]];
  library.func('void XGBoostVersion(_Out_ int *major, _Out_ int *minor, _Out_ int *patch)')(
    ...version,
  );
  return {
    version: version.join('.'),
    file,
    lastError: library.func('const char *XGBGetLastError()'),
    createMatrix: library.func(
      'int XGDMatrixCreateFromMat(const float *data, uint64_t rows, uint64_t columns, float missing, _Out_ void **out)',
    ),
    setFloatInfo: library.func(
      'int XGDMatrixSetFloatInfo(void *matrix, const char *field, const float *values, uint64_t length)',
    ),
    freeMatrix: library.func('int XGDMatrixFree(void *matrix)'),
    createBooster: library.func(
      'int XGBoosterCreate(void **matrices, uint64_t count, _Out_ void **out)',
    ),
    setParam: library.func(
      'int XGBoosterSetParam(void *booster, const char *name, const char *value)',
    ),
    update: library.func('int XGBoosterUpdateOneIter(void *booster, int round, void *matrix)'),
    save: library.func(
      'int XGBoosterSaveModelToBuffer(void *booster, const char *config, _Out_ uint64_t *length, _Out_ void **bytes)',
    ),
    freeBooster: library.func('int XGBoosterFree(void *booster)'),
    textAt: (pointer, length) => koffi.decode(pointer, 'char', length) as string,
  };
}
