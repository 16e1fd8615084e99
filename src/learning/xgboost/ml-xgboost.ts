import { NacreError } from '../../runtime/errors.ts';
import { type Booster, checkFit } from './booster.ts';
import type { BoosterMatrix } from './booster-matrix.ts';
import { type BoosterParams, boosterParams, xgboostNames } from './booster-settings.ts';
import { loadXgboostModule, type XgboostModule } from './ml-xgboost-module.ts';
import { readSavedModel } from './saved-model.ts';

/** Cells that fit the 2 GiB that 32-bit WebAssembly can hold, with XGBoost's own copies (measured 28 bytes a cell). */
const MOST_CELLS = 60_000_000;

/**
 * XGBoost through ml-xgboost (WebAssembly), wrapped so that its faults cannot bite: the matrix goes to the heap
 * (its own `train` copies it onto a 5 MB stack), NaN is missing and −1 is a number (see `boosterMatrix`),
 * everything is checked before the call, and each model is parsed into a `TreeEnsemble` and freed before `fit`
 * returns, so that nothing is left to free, to free twice or to leak. One thread; deterministic.
 *
 * @throws NacreError `booster-unavailable`
 */
export async function loadMlXgboost(): Promise<Booster> {
  const module = await loadXgboostModule();
  return {
    name: 'ml-xgboost 1.1.2',
    fit: (matrix, labels, params) => {
      const complete = boosterParams(params);
      const trees = readSavedModel(trainAndSave(module, matrix, labels, complete));
      // The C interface hands back no error: a setting that XGBoost refuses leaves an empty model.
      if (trees.rounds === complete.rounds && trees.arrays.features === matrix.columns)
        return trees;
      throw new NacreError('booster-failed', 'ml-xgboost returned another model than requested', {
        found: `${trees.rounds} trees over ${trees.arrays.features} columns`,
        expected: `${complete.rounds} trees over ${matrix.columns}`,
      });
    },
  };
}

/** The same fit as the bytes of XGBoost's model file, for XGBoost itself to load. */
export async function mlXgboostModelFile(
  matrix: BoosterMatrix,
  labels: Uint8Array,
  params: Partial<BoosterParams> = {},
): Promise<Uint8Array> {
  return trainAndSave(await loadXgboostModule(), matrix, labels, params);
}

function trainAndSave(
  module: XgboostModule,
  matrix: BoosterMatrix,
  labels: Uint8Array,
  params: Partial<BoosterParams> = {},
): Uint8Array {
  const { rounds, ...settings } = boosterParams(params);
  checkFit(matrix, labels);
  if (matrix.values.length > MOST_CELLS) {
    throw new NacreError('too-large', 'the table is too large for ml-xgboost', {
      found: `${matrix.rows} rows × ${matrix.columns} columns`,
      expected: `at most ${MOST_CELLS} cells`,
      todo: 'select columns first (mrmr) or use a native booster',
    });
  }
  const model = createModel(module, matrix, labels);
  try {
    const set = (name: string, value: string) =>
      module.ccall('set_param', null, ['number', 'string', 'string'], [model, name, value]);
    set('objective', 'binary:logistic');
    set('booster', 'gbtree');
    set('tree_method', 'exact');
    set('silent', '1');
    for (const [key, name] of Object.entries(xgboostNames)) {
      set(name, String(settings[key as keyof typeof settings]));
    }
    module._train_full_model(model, rounds);
    return savedBytes(module, model);
  } finally {
    module._free_memory_model(model);
  }
}

function createModel(module: XgboostModule, matrix: BoosterMatrix, labels: Uint8Array): number {
  const cells = matrix.values.length;
  const values = allocate(module, 4 * cells);
  const targets = allocate(module, 4 * labels.length);
  try {
    const heap = module.HEAPF32;
    heap.set(matrix.values, values / 4);
    for (let i = values / 4; i < values / 4 + cells; i++) if (Number.isNaN(heap[i])) heap[i] = -1;
    heap.set(labels, targets / 4);
    // XGBoost copies both, so they are freed at once.
    return module._create_model(values, targets, matrix.rows, matrix.columns);
  } finally {
    module._free(values);
    module._free(targets);
  }
}

function savedBytes(module: XgboostModule, model: number): Uint8Array {
  const size = module._save_model(model);
  if (size <= 0) throw new NacreError('booster-failed', 'ml-xgboost cannot save its model');
  const at = allocate(module, size);
  try {
    module._get_file_content(at, size);
    return module.HEAPU8.slice(at, at + size);
  } finally {
    module._free(at);
  }
}

function allocate(module: XgboostModule, bytes: number): number {
  const pointer = module._malloc(bytes);
  if (pointer === 0) {
    throw new NacreError('out-of-memory', 'ml-xgboost has no memory left', {
      expected: `${bytes} bytes`,
      todo: 'select columns first (mrmr)',
    });
  }
  return pointer;
}
