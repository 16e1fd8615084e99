import { type Booster, checkFit } from '../../learning/xgboost/booster.ts';
import type { BoosterMatrix } from '../../learning/xgboost/booster-matrix.ts';
import {
  type BoosterParams,
  boosterParams,
  xgboostNames,
} from '../../learning/xgboost/booster-settings.ts';
import { readJsonModel } from '../../learning/xgboost/json-model.ts';
import type { TreeEnsemble } from '../../learning/xgboost/trees.ts';
import { NacreError } from '../../runtime/errors.ts';
import { loadXgboostLibrary, type XgboostLibrary } from './xgboost-library.ts';

/**
 * Parameters that make a native XGBoost of any version grow the trees of ml-xgboost: exact splits from a probability of one half
 * (versions from 2.0 on would start at the share of class 1, and grow `hist` trees). One thread, since several would
 * add gradients in another order; partitions run side by side instead.
 */
const fixedSettings: Record<string, string> = {
  objective: 'binary:logistic',
  booster: 'gbtree',
  tree_method: 'exact',
  base_score: '0.5',
  nthread: '1',
  verbosity: '0',
  // A misspelt or removed setting is an error, not silence.
  validate_parameters: '1',
};

/**
 * XGBoost through the machine's own library: larger tables than WebAssembly can hold, the same trees on the same data.
 * As with ml-xgboost everything is checked before the call, each model is read into a `TreeEnsemble`, and matrix and
 * model are freed before `fit` returns.
 *
 * @param places where to look for it (see `loadXgboostLibrary`)
 * @throws NacreError `booster-unavailable`, `bad-library`
 */
export async function loadNativeXgboost(places?: readonly string[]): Promise<Booster> {
  const library = await loadXgboostLibrary(places);
  return {
    name: `xgboost ${library.version} (native)`,
    library: library.file,
    fit(matrix, labels, params) {
      const complete = boosterParams(params);
      checkFit(matrix, labels);
      const trees = train(library, matrix, labels, complete);
      if (trees.rounds === complete.rounds && trees.arrays.features === matrix.columns)
        return trees;
      throw new NacreError('booster-failed', 'XGBoost returned another model than requested', {
        found: `${trees.rounds} trees over ${trees.arrays.features} columns`,
        expected: `${complete.rounds} trees over ${matrix.columns}`,
      });
    },
  };
}

function train(
  library: XgboostLibrary,
  { values, rows, columns }: BoosterMatrix,
  labels: Uint8Array,
  { rounds, ...settings }: BoosterParams,
): TreeEnsemble {
  const check = (status: number) => {
    if (status === 0) return;
    throw new NacreError('booster-failed', 'XGBoost refused a fit', {
      file: library.file,
      // The first line is the message; a stack of addresses follows.
      found: library.lastError().split('\n')[0],
    });
  };
  const matrix: [unknown] = [null];
  const booster: [unknown] = [null];
  check(library.createMatrix(values, rows, columns, Number.NaN, matrix));
  try {
    check(library.setFloatInfo(matrix[0], 'label', Float32Array.from(labels), rows));
    check(library.createBooster(matrix, 1, booster));
    const set = (name: string, value: string) => check(library.setParam(booster[0], name, value));
    for (const [name, value] of Object.entries(fixedSettings)) set(name, value);
    for (const [key, name] of Object.entries(xgboostNames)) {
      set(name, String(settings[key as keyof typeof settings]));
    }
    for (let round = 0; round < rounds; round++)
      check(library.update(booster[0], round, matrix[0]));
    const length: [number] = [0];
    const bytes: [unknown] = [null];
    check(library.save(booster[0], '{"format":"json"}', length, bytes));
    return readJsonModel(library.textAt(bytes[0], Number(length[0])));
  } finally {
    if (booster[0] !== null) library.freeBooster(booster[0]);
    library.freeMatrix(matrix[0]);
  }
}
