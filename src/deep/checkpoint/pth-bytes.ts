import { bytesPerElement } from './elements.ts';
import { legacyProtocol, legacySignature } from './torch-legacy.ts';
import { randomLabel } from './torch-tensors.ts';

/** A tensor to be written. `values` is called once, just before the tensor is written, so that only one large tensor is in memory. */
export interface WritableTensor {
  key: string;
  /** Slowest axis first; empty for a scalar. */
  shape: readonly number[];
  dtype: 'float32' | 'int64';
  /** C order; their number is the product of the shape. */
  values(): Float32Array | BigInt64Array;
}

export interface WritePthOptions {
  /** Facts kept beside the weights under `nacre` (torch.load gives them as a dict). Default: none. */
  label?: Record<string, string | number | boolean> | undefined;
}

type Form = 'legacy' | 'zip';

/**
 * Writes a checkpoint as `torch.save({'state_dict': OrderedDict}, …, _use_new_zipfile_serialization=False)` does:
 * the legacy form in which MedicalNet's files come. The same tensors give the same bytes.
 *
 * @returns the file piece by piece, for `writeWhole`
 */
export function* pthBytes(
  tensors: readonly WritableTensor[],
  options: WritePthOptions = {},
): Generator<Uint8Array> {
  yield Uint8Array.from(legacySignature);
  yield pickle((out) => out.integer(legacyProtocol));
  yield pickle((out) => {
    out.dict(() => {
      out.item('protocol_version', () => out.integer(legacyProtocol));
      out.item('little_endian', () => out.boolean(true));
      out.item('type_sizes', () => {
        out.dict(() => {
          for (const [name, width] of Object.entries({ short: 2, int: 4, long: 4 })) {
            out.item(name, () => out.integer(width));
          }
        });
      });
    });
  });
  yield pickleStateDict(tensors, 'legacy', options);
  yield pickle((out) => out.list(tensors.map((_, i) => () => out.text(String(i)))));
  for (const tensor of tensors) {
    const values = tensor.values();
    const count = countOf(tensor.shape);
    if (values.length !== count || values.BYTES_PER_ELEMENT !== bytesPerElement[tensor.dtype]) {
      throw new RangeError(`${tensor.key}: ${values.length} values for shape ${tensor.shape}`);
    }
    const header = new DataView(new ArrayBuffer(8));
    header.setBigInt64(0, BigInt(count), true);
    yield new Uint8Array(header.buffer);
    yield littleEndian(values);
  }
}

/** The object pickle alone (`data.pkl` of the zip form); storage keys are `0`, `1`, … in the order of the tensors. */
export function pickleStateDict(
  tensors: readonly WritableTensor[],
  form: Form,
  options: WritePthOptions = {},
): Uint8Array {
  const { label } = options;
  return pickle((out) => {
    out.dict(() => {
      out.item('state_dict', () => {
        out.emptyOrderedDict();
        out.items(() => {
          tensors.forEach((tensor, i) => {
            out.item(tensor.key, () => out.tensor(tensor, String(i), form));
          });
        });
      });
      if (label === undefined) return;
      out.item(randomLabel, () => {
        out.dict(() => {
          for (const [name, value] of Object.entries(label)) out.item(name, () => out.plain(value));
        });
      });
    });
  });
}

function pickle(write: (out: PickleWriter) => void): Uint8Array {
  const out = new PickleWriter();
  write(out);
  return out.bytes();
}

/** Protocol 2, as Python 3's pickle module writes it, without the memo (nothing is referred to twice). */
class PickleWriter {
  private readonly parts: number[] = [0x80, 2];

  bytes(): Uint8Array {
    return Uint8Array.from([...this.parts, 0x2e]);
  }

  plain(value: string | number | boolean): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'boolean') this.boolean(value);
    else if (Number.isSafeInteger(value)) this.integer(value);
    else this.float(value);
  }

  text(value: string): void {
    const bytes = Buffer.from(value, 'utf8');
    this.push(0x58, ...uint32(bytes.length), ...bytes); // BINUNICODE
  }

  boolean(value: boolean): void {
    this.push(value ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
  }

  integer(value: number): void {
    if (value >= 0 && value < 256)
      this.push(0x4b, value); // BININT1
    else if (value >= 0 && value < 65_536)
      this.push(0x4d, value & 255, value >> 8); // BININT2
    else if (value === (value | 0))
      this.push(0x4a, ...uint32(value)); // BININT
    else {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigInt64(0, BigInt(value), true);
      this.push(0x8a, 8, ...new Uint8Array(view.buffer)); // LONG1
    }
  }

  float(value: number): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value, false);
    this.push(0x47, ...new Uint8Array(view.buffer)); // BINFLOAT
  }

  list(items: readonly (() => void)[]): void {
    this.push(0x5d, 0x28); // EMPTY_LIST MARK
    for (const item of items) item();
    this.push(0x65); // APPENDS
  }

  dict(body: () => void): void {
    this.push(0x7d); // EMPTY_DICT
    this.items(body);
  }

  items(body: () => void): void {
    this.push(0x28); // MARK
    body();
    this.push(0x75); // SETITEMS
  }

  item(key: string, value: () => void): void {
    this.text(key);
    value();
  }

  emptyOrderedDict(): void {
    this.global('collections', 'OrderedDict');
    this.push(0x29, 0x52); // EMPTY_TUPLE REDUCE
  }

  tensor({ shape, dtype }: WritableTensor, storageKey: string, form: Form): void {
    this.global('torch._utils', '_rebuild_tensor_v2');
    this.push(0x28, 0x28); // MARK MARK
    this.text('storage');
    this.global('torch', dtype === 'int64' ? 'LongStorage' : 'FloatStorage');
    this.text(storageKey);
    this.text('cpu');
    this.integer(countOf(shape));
    // In the legacy form the tuple has one more item: the view of the storage that is meant, or None.
    if (form === 'legacy') this.push(0x4e); // NONE
    this.push(0x74, 0x51); // TUPLE BINPERSID
    this.integer(0);
    this.integers(shape);
    this.integers(strides(shape));
    this.boolean(false);
    this.emptyOrderedDict();
    this.push(0x74, 0x52); // TUPLE REDUCE
  }

  private integers(values: readonly number[]): void {
    this.push(0x28); // MARK
    for (const value of values) this.integer(value);
    this.push(0x74); // TUPLE
  }

  private global(module: string, name: string): void {
    this.push(0x63, ...Buffer.from(`${module}\n${name}\n`, 'latin1'));
  }

  private push(...bytes: number[]): void {
    for (const byte of bytes) this.parts.push(byte);
  }
}

function uint32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255];
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function strides(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    stride[axis] = stride[axis + 1] * shape[axis + 1];
  }
  return stride;
}

/** The bytes of the values in the file's order; a view of the same memory on the usual machine. */
function littleEndian(values: Float32Array | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const hostIsLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (hostIsLittle) return bytes;
  const copy = Buffer.from(bytes);
  return values.BYTES_PER_ELEMENT === 8 ? copy.swap64() : copy.swap32();
}
