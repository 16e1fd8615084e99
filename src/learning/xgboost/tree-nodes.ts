import { NacreError } from '../../runtime/errors.ts';
import { TreeEnsemble } from './trees.ts';

/** A node as an engine stores it; children are numbers within the engine's own tree, −1 at a leaf. */
export interface StoredNode {
  left: number;
  right: number;
  /** Column split on; of no meaning at a leaf. */
  feature: number;
  missingLeft: boolean;
  /** Split value, or the leaf's weight. */
  value: number;
  /** Gain of the split; of no meaning at a leaf. */
  gain: number;
  cover: number;
}

/** One tree of an engine: `size` places, of which pruning may have emptied some; the root is node 0. */
export interface StoredTree {
  size: number;
  node(index: number): StoredNode;
}

/**
 * Trees of any engine as one ensemble: each walked from its root, so that what pruning deleted is left out, parents
 * before children. The same trees give the same arrays from every engine and file format.
 *
 * @throws NacreError `bad-model` for children outside the tree, a walk in a circle, a split on an unknown column
 */
export function ensembleOf(
  trees: readonly StoredTree[],
  baseMargin: number,
  features: number,
): TreeEnsemble {
  const nodes: StoredNode[] = [];
  const roots = Int32Array.from(trees, ({ size, node }) => {
    const root = nodes.length;
    const visit = (index: number, depth: number): number => {
      if (!Number.isInteger(index) || index < 0 || index >= size || depth > size)
        throw brokenModel(`node ${index}`, `0 to ${size - 1}`);
      const stored = node(index);
      const leaf = stored.left < 0;
      if (!leaf && !(stored.feature >= 0 && stored.feature < features))
        throw brokenModel(`a split on column ${stored.feature}`, `below ${features}`);
      const copy = leaf
        ? { ...stored, left: -1, right: -1, feature: -1, missingLeft: false, gain: 0 }
        : { ...stored };
      const number = nodes.push(copy) - 1;
      if (!leaf) {
        copy.left = visit(stored.left, depth + 1);
        copy.right = visit(stored.right, depth + 1);
      }
      return number;
    };
    visit(0, 0);
    return root;
  });
  return new TreeEnsemble({
    baseMargin,
    features,
    roots,
    left: Int32Array.from(nodes, ({ left }) => left),
    right: Int32Array.from(nodes, ({ right }) => right),
    feature: Int32Array.from(nodes, ({ feature }) => feature),
    missingLeft: Uint8Array.from(nodes, ({ missingLeft }) => (missingLeft ? 1 : 0)),
    value: Float32Array.from(nodes, ({ value }) => value),
    gain: Float32Array.from(nodes, ({ gain }) => gain),
    cover: Float32Array.from(nodes, ({ cover }) => cover),
  });
}

export function brokenModel(found: string, expected: string): NacreError {
  return new NacreError('bad-model', 'not a whole XGBoost model', { found, expected });
}
