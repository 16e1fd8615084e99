import { NacreError } from '../../runtime/errors.ts';
import type { ByteCursor } from './byte-source.ts';
import { bytesPerElement } from './elements.ts';
import {
  forbidden,
  PickleDict,
  PickleTuple,
  type PickleValue,
  type PickleWorld,
  setItem,
} from './pickle.ts';
import type { TensorType } from './tensor.ts';

/** A storage as a persistent id names it: elements that lie elsewhere in the file. */
export interface StorageReference {
  readonly kind: 'storage';
  readonly key: string;
  readonly type: TensorType;
  /** Elements of the whole storage. */
  readonly count: number;
  /** First element and length of the view that is meant, in elements. */
  readonly viewOffset: number;
  readonly viewCount: number;
}

/** A tensor as the pickle describes it; its numbers are not read yet. */
export interface TensorReference {
  readonly kind: 'tensor';
  readonly storage: StorageReference;
  /** Within the storage's view, in elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** Elements between neighbours along each axis. */
  readonly stride: readonly number[];
}

interface StorageClass {
  readonly kind: 'storage-class';
  readonly type: TensorType;
}

interface Builder {
  readonly kind: 'builder';
  readonly name: 'OrderedDict' | 'tensor' | 'tensor-v2' | 'parameter';
}

/** The whole list of globals that a checkpoint may name. */
const globals = new Map<string, StorageClass | Builder>([
  ['collections.OrderedDict', { kind: 'builder', name: 'OrderedDict' }],
  ['torch._utils._rebuild_tensor', { kind: 'builder', name: 'tensor' }],
  ['torch._utils._rebuild_tensor_v2', { kind: 'builder', name: 'tensor-v2' }],
  ['torch._utils._rebuild_parameter', { kind: 'builder', name: 'parameter' }],
  ['torch.DoubleStorage', { kind: 'storage-class', type: 'float64' }],
  ['torch.FloatStorage', { kind: 'storage-class', type: 'float32' }],
  ['torch.HalfStorage', { kind: 'storage-class', type: 'float16' }],
  ['torch.BFloat16Storage', { kind: 'storage-class', type: 'bfloat16' }],
  ['torch.LongStorage', { kind: 'storage-class', type: 'int64' }],
  ['torch.IntStorage', { kind: 'storage-class', type: 'int32' }],
  ['torch.ShortStorage', { kind: 'storage-class', type: 'int16' }],
  ['torch.CharStorage', { kind: 'storage-class', type: 'int8' }],
  ['torch.ByteStorage', { kind: 'storage-class', type: 'uint8' }],
  ['torch.BoolStorage', { kind: 'storage-class', type: 'bool' }],
]);

/** Storages of torch whose elements are not plain real numbers: a wrong type rather than an attack. */
const otherStorages = /^torch\.(?:storage\.)?(\w+)Storage$/;

const mostAxes = 16;

/**
 * The world of a torch pickle: OrderedDict, storages and the functions that rebuild tensors, each done here and none
 * taken from the file. Sizes, strides and offsets are checked against the storage before anything is allocated.
 */
export function torchWorld(cursor: ByteCursor): PickleWorld {
  const file = cursor.source.name;
  const invalid = (what: string, found?: string, expected?: string) =>
    new NacreError('checkpoint-invalid', what, { file, found, expected });

  function integer(value: PickleValue | undefined, what: string): number {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw invalid(`${what} is not a count`, String(value), 'a whole number of 0 or more');
  }

  function integers(value: PickleValue | undefined, what: string): number[] {
    const items = value instanceof PickleTuple ? value.items : value;
    if (!Array.isArray(items) || items.length > mostAxes) {
      throw invalid(`${what} is not a tuple of at most ${mostAxes} numbers`);
    }
    return items.map((item) => integer(item, what));
  }

  function tensor(args: readonly PickleValue[]): TensorReference {
    const storage = args[0] as StorageReference;
    if (storage === null || typeof storage !== 'object' || storage.kind !== 'storage') {
      throw invalid('a tensor without a storage');
    }
    const offset = integer(args[1], 'the offset of a tensor');
    const shape = integers(args[2], 'the shape of a tensor');
    const stride = integers(args[3], 'the stride of a tensor');
    if (shape.length !== stride.length) throw invalid('shape and stride differ in length');
    const last = shape.reduce((sum, size, axis) => sum + (size - 1) * stride[axis], offset);
    const empty = shape.includes(0);
    if (!empty && !(last < storage.viewCount)) {
      throw invalid(
        'a tensor reaches outside its storage',
        `element ${last} of storage ${storage.key}`,
        `at most ${storage.viewCount - 1}`,
      );
    }
    return { kind: 'tensor', storage, offset, shape, stride };
  }

  return {
    global(module, name) {
      const path = `${module}.${name}`;
      const known = globals.get(path);
      if (known !== undefined) return known;
      const storage = otherStorages.exec(path);
      if (storage !== null) {
        throw new NacreError('checkpoint-type', 'the checkpoint holds elements of another type', {
          file,
          found: path,
          expected: Object.keys(bytesPerElement).join(', '),
          todo: 'convert the weights to float32 with .float() before saving',
        });
      }
      // Python names a function by the module that defines it: os.system is posix.system or nt.system.
      throw forbidden(file, /^(posix|nt)\./.test(path) ? `${path} (os.${name})` : path);
    },

    reduce(callable, args) {
      const builder = callable as Builder;
      if (callable === null || typeof callable !== 'object' || builder.kind !== 'builder') {
        throw forbidden(file, 'a call of something that is not a function of the list');
      }
      if (builder.name === 'OrderedDict') return orderedDict(args[0], cursor);
      if (builder.name === 'parameter') {
        const data = args[0] as TensorReference | undefined;
        if (data?.kind !== 'tensor') throw invalid('a parameter without a tensor');
        return data;
      }
      return tensor(args);
    },

    persistent(id) {
      if (!(id instanceof PickleTuple)) throw invalid('a persistent id that is not a tuple');
      const [what, storageClass, key, , count, view] = id.items;
      if (what !== 'storage') {
        throw forbidden(file, `a pickled ${String(what)} (a whole model, not its weights)`);
      }
      const found = storageClass as StorageClass | undefined;
      if (found?.kind !== 'storage-class' || typeof key !== 'string') {
        throw invalid('a persistent id without storage class or key');
      }
      const { type } = found;
      const whole = integer(count, 'the length of a storage');
      let viewOffset = 0;
      let viewCount = whole;
      if (view instanceof PickleTuple) {
        viewOffset = integer(view.items[1], 'the offset of a storage view');
        viewCount = integer(view.items[2], 'the length of a storage view');
        if (viewOffset + viewCount > whole) throw invalid('a view reaches outside its storage');
      }
      return { kind: 'storage', key, type, count: whole, viewOffset, viewCount };
    },
  };
}

/** `OrderedDict()` or, from Python 2, `OrderedDict([[key, value], …])`. */
function orderedDict(pairs: PickleValue | undefined, cursor: ByteCursor): PickleDict {
  const dict = new PickleDict();
  if (pairs === undefined) return dict;
  for (const pair of Array.isArray(pairs) ? pairs : [null]) {
    const items = pair instanceof PickleTuple ? pair.items : pair;
    if (!Array.isArray(items) || items.length !== 2) {
      throw new NacreError('checkpoint-invalid', 'an OrderedDict of something other than pairs', {
        file: cursor.source.name,
      });
    }
    setItem(dict, items[0], items[1], cursor);
  }
  return dict;
}
