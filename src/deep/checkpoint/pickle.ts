import { NacreError } from '../../runtime/errors.ts';
import type { ByteCursor } from './byte-source.ts';

/** A Python tuple. */
export class PickleTuple {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A Python dict or OrderedDict: insertion order, plain keys. */
export class PickleDict {
  readonly entries = new Map<PickleKey, PickleValue>();
}

export type PickleKey = string | number | bigint | boolean | null;

/** Values in a state dict. Objects of the world (storages, tensors) pass through unread. */
export type PickleValue =
  | PickleKey
  | PickleValue[]
  | PickleTuple
  | PickleDict
  | { readonly kind: string };

/** The only outside objects that a pickle may use. All others are refused. */
export interface PickleWorld {
  /** The object a `module.name` stands for; throws for all that is not on the list. */
  global(module: string, name: string): PickleValue;
  /** Calls one of the world's own globals. */
  reduce(callable: PickleValue, args: readonly PickleValue[]): PickleValue;
  /** Object behind a persistent id. */
  persistent(id: PickleValue): PickleValue;
}

/** A state dict of the deepest ResNet takes about 15,000 operations. */
const mostOperations = 500_000;
const mostNesting = 10_000;

const mark = { kind: 'mark' } as const;

/** Names of opcodes that are known and refused, for the message. */
const refused: Record<number, string> = {
  48: 'POP (0)',
  49: 'POP_MARK (1)',
  50: 'DUP (2)',
  66: 'BINBYTES (B)',
  67: 'SHORT_BINBYTES (C)',
  70: 'FLOAT (F)',
  73: 'INT (I)',
  76: 'LONG (L)',
  80: 'PERSID (P)',
  83: 'STRING (S)',
  86: 'UNICODE (V)',
  100: 'DICT (d)',
  103: 'GET (g)',
  105: 'INST (i)',
  108: 'LIST (l)',
  111: 'OBJ (o)',
  112: 'PUT (p)',
  129: 'NEWOBJ',
  130: 'EXT1',
  131: 'EXT2',
  132: 'EXT4',
  139: 'LONG4',
  141: 'BINUNICODE8',
  142: 'BINBYTES8',
  143: 'EMPTY_SET',
  144: 'ADDITEMS',
  145: 'FROZENSET',
  146: 'NEWOBJ_EX',
  150: 'BYTEARRAY8',
  151: 'NEXT_BUFFER',
  152: 'READONLY_BUFFER',
};

/**
 * Reads one pickle (protocols 2 to 5) and stops behind its STOP. A closed interpreter: it knows the opcodes that a
 * state dict uses and the globals that `world` lists; the rest is refused by name and nothing is ever executed.
 * Work and memory are bounded by the bytes read. Opcodes: CPython `Lib/pickletools.py`.
 *
 * @throws NacreError `checkpoint-forbidden`, `checkpoint-invalid`, `truncated`
 */
export function unpickle(cursor: ByteCursor, world: PickleWorld): PickleValue {
  return new Interpreter(cursor, world).run();
}

class Interpreter {
  private readonly cursor: ByteCursor;
  private readonly world: PickleWorld;
  private readonly stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(cursor: ByteCursor, world: PickleWorld) {
    this.cursor = cursor;
    this.world = world;
  }

  run(): PickleValue {
    for (let step = 0; step < mostOperations; step++) {
      const opcode = this.cursor.byte();
      if (opcode === 0x2e) return this.pop(); // STOP
      this.execute(opcode);
    }
    throw this.invalid('the pickle is too long', `more than ${mostOperations} operations`);
  }

  private execute(opcode: number): void {
    const { stack, cursor } = this;
    switch (opcode) {
      case 0x80: {
        // PROTO
        const protocol = cursor.byte();
        if (protocol < 2 || protocol > 5) {
          throw new NacreError(
            'checkpoint-invalid',
            'nacre does not read this protocol of pickle',
            {
              file: this.cursor.source.name,
              found: `protocol ${protocol}`,
              expected: '2, 3, 4 or 5',
              todo: 'save the weights again with torch.save(model.state_dict(), FILE), as torch does by default',
            },
          );
        }
        return;
      }
      case 0x95: // FRAME: a hint about buffering
        cursor.bytes(8);
        return;
      case 0x28: // MARK
        if (this.marks.length >= mostNesting) throw this.invalid('the pickle is nested too deep');
        this.marks.push(stack.length);
        stack.push(mark);
        return;
      case 0x4e: // NONE
        stack.push(null);
        return;
      case 0x88: // NEWTRUE
        stack.push(true);
        return;
      case 0x89: // NEWFALSE
        stack.push(false);
        return;
      case 0x4a: // BININT
        stack.push(this.view(4).getInt32(0, true));
        return;
      case 0x4b: // BININT1
        stack.push(cursor.byte());
        return;
      case 0x4d: // BININT2
        stack.push(this.view(2).getUint16(0, true));
        return;
      case 0x8a: // LONG1
        stack.push(this.long(cursor.byte()));
        return;
      case 0x47: // BINFLOAT
        stack.push(this.view(8).getFloat64(0, false));
        return;
      case 0x58: // BINUNICODE
        stack.push(this.text(this.view(4).getUint32(0, true), 'utf8'));
        return;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(this.text(cursor.byte(), 'utf8'));
        return;
      case 0x54: // BINSTRING, of Python 2
        stack.push(this.text(this.view(4).getUint32(0, true), 'latin1'));
        return;
      case 0x55: // SHORT_BINSTRING, of Python 2
        stack.push(this.text(cursor.byte(), 'latin1'));
        return;
      case 0x7d: // EMPTY_DICT
        stack.push(new PickleDict());
        return;
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        return;
      case 0x29: // EMPTY_TUPLE
        stack.push(new PickleTuple([]));
        return;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(new PickleTuple(this.popSeveral(opcode - 0x84)));
        return;
      case 0x74: // TUPLE
        stack.push(new PickleTuple(this.popToMark()));
        return;
      case 0x61: {
        // APPEND
        const item = this.pop();
        this.topList().push(item);
        return;
      }
      case 0x65: {
        // APPENDS
        const items = this.popToMark();
        const list = this.topList();
        for (const item of items) list.push(item);
        return;
      }
      case 0x73: // SETITEM
        this.setItems(this.popSeveral(2));
        return;
      case 0x75: // SETITEMS
        this.setItems(this.popToMark());
        return;
      case 0x71: // BINPUT
        this.memo.set(cursor.byte(), this.top());
        return;
      case 0x72: // LONG_BINPUT
        this.memo.set(this.view(4).getUint32(0, true), this.top());
        return;
      case 0x94: // MEMOIZE
        this.memo.set(this.memo.size, this.top());
        return;
      case 0x68: // BINGET
        stack.push(this.recall(cursor.byte()));
        return;
      case 0x6a: // LONG_BINGET
        stack.push(this.recall(this.view(4).getUint32(0, true)));
        return;
      case 0x63: {
        // GLOBAL
        const module = this.line();
        stack.push(this.world.global(module, this.line()));
        return;
      }
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popSeveral(2);
        stack.push(this.world.global(String(module), String(name)));
        return;
      }
      case 0x52: {
        // REDUCE
        const [callable, args] = this.popSeveral(2);
        if (!(args instanceof PickleTuple)) throw this.invalid('REDUCE without a tuple');
        stack.push(this.world.reduce(callable, args.items));
        return;
      }
      case 0x51: // BINPERSID
        stack.push(this.world.persistent(this.pop()));
        return;
      case 0x62: {
        // BUILD: attributes of an OrderedDict (`_metadata`) do not concern the weights
        const state = this.pop();
        if (!(this.top() instanceof PickleDict) || !(state instanceof PickleDict)) {
          throw this.forbidden('BUILD on something that is not an OrderedDict');
        }
        return;
      }
      default: {
        const hex = `0x${opcode.toString(16).padStart(2, '0')}`;
        const name = refused[opcode];
        if (name !== undefined) throw this.forbidden(`opcode ${name}`);
        throw this.invalid('the pickle is damaged', `opcode ${hex}`);
      }
    }
  }

  private view(count: number): DataView {
    return new DataView(this.cursor.bytes(count).buffer);
  }

  private text(length: number, encoding: 'utf8' | 'latin1'): string {
    return Buffer.from(this.cursor.bytes(length).buffer).toString(encoding);
  }

  /** Little-endian two's complement. */
  private long(length: number): number | bigint {
    const bytes = this.cursor.bytes(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    if (length > 0 && bytes[length - 1] >= 0x80) value -= 1n << BigInt(8 * length);
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value;
  }

  private line(): string {
    let text = '';
    for (let length = 0; length <= 512; length++) {
      const byte = this.cursor.byte();
      if (byte === 0x0a) return text;
      text += String.fromCharCode(byte);
    }
    throw this.invalid('the name of a global is too long', 'more than 512 characters');
  }

  private top(): PickleValue {
    if (this.stack.length === 0) throw this.invalid('the pickle takes from an empty stack');
    const value = this.stack[this.stack.length - 1];
    if (value === mark) throw this.invalid('the pickle takes a mark for a value');
    return value;
  }

  private pop(): PickleValue {
    const value = this.top();
    this.stack.pop();
    return value;
  }

  private popSeveral(count: number): PickleValue[] {
    const items: PickleValue[] = new Array(count).fill(null);
    for (let i = count - 1; i >= 0; i--) items[i] = this.pop();
    return items;
  }

  private popToMark(): PickleValue[] {
    const at = this.marks.pop();
    if (at === undefined) throw this.invalid('the pickle closes what it never opened');
    const items = this.stack.splice(at + 1);
    this.stack.length = at;
    return items;
  }

  private topList(): PickleValue[] {
    const list = this.top();
    if (!Array.isArray(list)) throw this.invalid('the pickle appends to what is not a list');
    return list;
  }

  private setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof PickleDict)) {
      throw this.invalid('the pickle sets items of what is not a dict');
    }
    if (items.length % 2 !== 0) throw this.invalid('a key without a value');
    for (let i = 0; i < items.length; i += 2) setItem(dict, items[i], items[i + 1], this.cursor);
  }

  private recall(index: number): PickleValue {
    const value = this.memo.get(index);
    if (value === undefined) throw this.invalid('the pickle recalls what it never kept');
    return value;
  }

  private invalid(what: string, found?: string, expected?: string): NacreError {
    return new NacreError('checkpoint-invalid', what, {
      file: this.cursor.source.name,
      found: found ?? `byte ${this.cursor.position}`,
      expected,
      todo: 'copy or fetch the checkpoint again',
    });
  }

  private forbidden(found: string): NacreError {
    return forbidden(this.cursor.source.name, found);
  }
}

/** Sets one entry; only plain values are keys. */
export function setItem(
  dict: PickleDict,
  key: PickleValue,
  value: PickleValue,
  cursor: ByteCursor,
): void {
  if (key !== null && typeof key === 'object') {
    throw new NacreError('checkpoint-invalid', 'a dict has a key that is not plain', {
      file: cursor.source.name,
    });
  }
  dict.entries.set(key, value);
}

/** The refusal of something that a state dict never needs. */
export function forbidden(file: string, found: string): NacreError {
  return new NacreError(
    'checkpoint-forbidden',
    'the checkpoint asks for more than weights; it was refused and nothing in it was executed',
    {
      file,
      found,
      expected: 'tensors in a dict',
      todo: 'if you trust its author, save the weights alone there: torch.save(model.state_dict(), …)',
    },
  );
}
