import { NacreError } from '../runtime/errors.ts';
import { TreeEnsemble } from './trees.ts';

const LEARNER_BYTES = 136;
const GBTREE_BYTES = 160;
const TREE_BYTES = 148;
const NODE_BYTES = 20;
const STATISTICS_BYTES = 16;

interface Node {
  left: number;
  right: number;
  feature: number;
  missingLeft: number;
  value: number;
  gain: number;
  cover: number;
}

/**
 * Reads the binary model file of XGBoost 0.7 (what ml-xgboost saves): learner parameters, two length-prefixed
 * names, the parameters of the ensemble, then each tree as header, nodes and statistics, little-endian
 * throughout. Nodes that pruning deleted are left out: a tree is walked from its root.
 *
 * @throws NacreError `bad-model` for anything else than a whole gbtree model
 */
export function readSavedModel(bytes: Uint8Array): TreeEnsemble {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number): number => {
    if (length < 0 || at + length > bytes.length) {
      throw broken(`${bytes.length} bytes`, `at least ${at + length}`);
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
    throw broken(names.join(' '), 'binary:logistic gbtree');
  }
  const count = view.getInt32(take(GBTREE_BYTES), true);
  const nodes: Node[] = [];
  const roots = new Int32Array(count);
  for (let tree = 0; tree < count; tree++) {
    const size = view.getInt32(take(TREE_BYTES) + 4, true);
    const start = take(size * NODE_BYTES);
    const statistics = take(size * STATISTICS_BYTES);
    roots[tree] = nodes.length;
    copyTree(view, start, statistics, size, features, nodes);
  }
  return new TreeEnsemble({
    baseMargin,
    features,
    roots,
    left: Int32Array.from(nodes, (node) => node.left),
    right: Int32Array.from(nodes, (node) => node.right),
    feature: Int32Array.from(nodes, (node) => node.feature),
    missingLeft: Uint8Array.from(nodes, (node) => node.missingLeft),
    value: Float32Array.from(nodes, (node) => node.value),
    gain: Float32Array.from(nodes, (node) => node.gain),
    cover: Float32Array.from(nodes, (node) => node.cover),
  });
}

/** Appends a tree's living nodes, parents before children, and renumbers them. */
function copyTree(
  view: DataView,
  start: number,
  statistics: number,
  size: number,
  features: number,
  into: Node[],
): void {
  const visit = (index: number, depth: number): number => {
    if (index < 0 || index >= size || depth > size)
      throw broken(`node ${index}`, `0 to ${size - 1}`);
    // A node is: parent, left, right, split column with the top bit for "missing goes left", value.
    const at = start + index * NODE_BYTES;
    const left = view.getInt32(at + 4, true);
    const split = view.getUint32(at + 12, true);
    const leaf = left < 0;
    const feature = leaf ? -1 : split & 0x7fffffff;
    if (feature >= features) throw broken(`a split on column ${feature}`, `below ${features}`);
    const node: Node = {
      left: -1,
      right: -1,
      feature,
      missingLeft: leaf ? 0 : split >>> 31,
      value: view.getFloat32(at + 16, true),
      // Statistics are: loss change, sum of hessians, base weight, leaf count.
      gain: leaf ? 0 : view.getFloat32(statistics + index * STATISTICS_BYTES, true),
      cover: view.getFloat32(statistics + index * STATISTICS_BYTES + 4, true),
    };
    const number = into.push(node) - 1;
    if (!leaf) {
      node.left = visit(left, depth + 1);
      node.right = visit(view.getInt32(at + 8, true), depth + 1);
    }
    return number;
  };
  visit(0, 0);
}

function broken(found: string, expected: string): NacreError {
  return new NacreError('bad-model', 'not a whole XGBoost model', { found, expected });
}
