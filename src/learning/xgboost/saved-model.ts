import { brokenModel, ensembleOf, type StoredTree } from './tree-nodes.ts';
import type { TreeEnsemble } from './trees.ts';

const LEARNER_BYTES = 136;
const GBTREE_BYTES = 160;
const TREE_BYTES = 148;
const NODE_BYTES = 20;
const STATISTICS_BYTES = 16;

/**
 * Reads the binary model file of XGBoost 0.7 (what ml-xgboost saves): learner parameters, two length-prefixed
 * names, the parameters of the ensemble, then each tree as header, nodes and statistics, little-endian
 * throughout.
 *
 * @throws NacreError `bad-model` for anything else than a whole gbtree model
 */
export function readSavedModel(bytes: Uint8Array): TreeEnsemble {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number): number => {
    if (length < 0 || at + length > bytes.length) {
      throw brokenModel(`${bytes.length} bytes`, `at least ${at + length}`);
    }
    at += length;
    return at - length;
  };
  const learner = take(LEARNER_BYTES);
  const baseMargin = view.getFloat32(learner, true);
  const features = view.getUint32(learner + 4, true);
  const names: string[] = [];
  for (let i = 0; i < 2; i++) {
    const lengthAt = take(8);
    const length = Number(view.getBigUint64(lengthAt, true));
    const start = take(length);
    names.push(new TextDecoder().decode(bytes.subarray(start, start + length)));
  }
  if (names[0] !== 'binary:logistic' || names[1] !== 'gbtree') {
    throw brokenModel(names.join(' '), 'binary:logistic gbtree');
  }
  const count = view.getInt32(take(GBTREE_BYTES), true);
  const trees: StoredTree[] = [];
  for (let tree = 0; tree < count; tree++) {
    const size = view.getInt32(take(TREE_BYTES) + 4, true);
    const start = take(size * NODE_BYTES);
    trees.push(storedTree(view, size, start, take(size * STATISTICS_BYTES)));
  }
  return ensembleOf(trees, baseMargin, features);
}

function storedTree(view: DataView, size: number, start: number, statistics: number): StoredTree {
  return {
    size,
    node(index) {
      // A node is: parent, left, right, split column with the top bit for "missing goes left", value.
      const at = start + index * NODE_BYTES;
      // Statistics are: loss change, sum of hessians, base weight, leaf count.
      const offset = statistics + index * STATISTICS_BYTES;
      const split = view.getUint32(at + 12, true);
      return {
        left: view.getInt32(at + 4, true),
        right: view.getInt32(at + 8, true),
        feature: split & 0x7fffffff,
        missingLeft: split >>> 31 === 1,
        value: view.getFloat32(at + 16, true),
        gain: view.getFloat32(offset, true),
        cover: view.getFloat32(offset + 4, true),
      };
    },
  };
}
