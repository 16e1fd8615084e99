import { NacreError } from '../runtime/errors.ts';

/**
 * Prefixes that wrappers add to the names of a network: DataParallel, torch.compile, Lightning and training scripts. Where
 * all keys begin with one it is taken off; a network below another name is found by its stem and first block.
 */
const wrappers = ['module', '_orig_mod', 'backbone', 'encoder', 'net', 'model', 'network', 'trunk'];

export interface UnprefixedKeys<T> {
  tensors: Map<string, T>;
  /** The removed prefix with its last dot: `module.`, `model.backbone.`; empty without one. */
  prefix: string;
}

/**
 * Removes the prefix of wrappers from the keys of a state dict. A head beside the wrapped network keeps its name.
 *
 * @param file named in errors
 * @throws NacreError `checkpoint-invalid` where two tensors would have one name, or two networks lie in the file
 */
export function withoutPrefix<T>(named: ReadonlyMap<string, T>, file: string): UnprefixedKeys<T> {
  // DataParallel around a part of a model only: `module.` does not show where a tensor belongs.
  let keys = [...named.keys()].map((key) => key.replace(/^(module\.)+/, ''));
  let prefix = [...named.keys()].some((key) => key.startsWith('module.')) ? 'module.' : '';
  for (;;) {
    const wrapper = wrappers.find((name) => keys.every((key) => key.startsWith(`${name}.`)));
    if (wrapper === undefined) break;
    keys = keys.map((key) => key.slice(wrapper.length + 1));
    prefix += `${wrapper}.`;
  }
  const inner = prefixOfTrunk(keys, file);
  const all = new Set(keys);
  const tensors = new Map<string, T>();
  [...named].forEach(([name, tensor], i) => {
    const key = keys[i].startsWith(inner) ? keys[i].slice(inner.length) : keys[i];
    const plain = bare(key);
    if (tensors.has(key) || (plain !== key && all.has(plain))) {
      throw new NacreError('checkpoint-invalid', 'two tensors have one name', {
        file,
        found: `${name} beside ${plain}`,
        expected: 'one network',
        todo: 'save the weights of one network alone',
      });
    }
    tensors.set(key, tensor);
  });
  return { tensors, prefix: prefix + inner };
}

/** The name below which stem and first block lie; empty where they lie at the top, or nowhere. */
function prefixOfTrunk(keys: readonly string[], file: string): string {
  const all = new Set(keys);
  const places = keys.flatMap((key) => {
    const place = /^(.*\.)?conv1\.weight$/.exec(key)?.[1] ?? '';
    const isTrunk =
      key === `${place}conv1.weight` &&
      ['bn1.weight', 'layer1.0.conv1.weight'].every((name) => all.has(place + name));
    return isTrunk ? [place] : [];
  });
  if (places.length < 2 || places.includes('')) return places.includes('') ? '' : (places[0] ?? '');
  throw new NacreError('checkpoint-invalid', 'the checkpoint holds several networks', {
    file,
    found: places.join(', '),
    expected: 'one',
    todo: 'save only the weights of the intended network',
  });
}

function bare(key: string): string {
  let rest = key;
  for (;;) {
    const wrapper = wrappers.find((name) => rest.startsWith(`${name}.`));
    if (wrapper === undefined) return rest;
    rest = rest.slice(wrapper.length + 1);
  }
}
