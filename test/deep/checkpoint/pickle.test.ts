import { describe, expect, it } from 'vitest';
import { ByteCursor, memoryByteSource } from '../../../src/deep/checkpoint/byte-source.ts';
import {
  type PickleDict,
  type PickleTuple,
  unpickle,
} from '../../../src/deep/checkpoint/pickle.ts';
import { torchWorld } from '../../../src/deep/checkpoint/torch-world.ts';
import fc from '../../property-runs.ts';

function load(bytes: Uint8Array | string) {
  const all = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  const cursor = new ByteCursor(memoryByteSource('x.pth', all));
  return unpickle(cursor, torchWorld(cursor));
}

describe('closed pickle interpreter', () => {
  it('reads plain values as Python wrote them', () => {
    // pickle.dumps((None, True, False, 7, 300, -5, 2.5, 'ü', [1], {'a': (1, 2)}), 2)
    const tuple = load(
      '\x80\x02(N\x88\x89K\x07M\x2c\x01J\xfb\xff\xff\xffG\x40\x04\0\0\0\0\0\0X\x02\0\0\0\xc3\xbcq\0]q\x01K\x01a' +
        '}q\x02X\x01\0\0\0aq\x03K\x01K\x02\x86q\x04stq\x05.',
    ) as PickleTuple;
    expect(tuple.items.slice(0, 9)).toEqual([null, true, false, 7, 300, -5, 2.5, 'ü', [1]]);
    const dict = tuple.items[9] as PickleDict;
    expect((dict.entries.get('a') as PickleTuple).items).toEqual([1, 2]);
  });

  it('reads LONG1 of any sign and size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 79n), max: (1n << 79n) - 1n }), (value) => {
        const bytes = Array.from({ length: 10 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
        const read = load(Uint8Array.from([0x80, 2, 0x8a, 10, ...bytes, 0x2e]));
        expect(BigInt(read as number | bigint)).toBe(value);
      }),
    );
  });

  it.each([
    ['cos\nsystem\n.', 'os.system'],
    ['c__builtin__\neval\n.', '__builtin__.eval'],
    ['cbuiltins\ngetattr\n.', 'builtins.getattr'],
    ['ctorch._utils\n_rebuild_device_tensor_from_numpy\n.', '_rebuild_device_tensor_from_numpy'],
    ['ctorch\nload\n.', 'torch.load'],
    ['\x8c\x02os\x8c\x06system\x93.', 'os.system'],
    ['(ios\nsystem\n.', 'INST'],
    ['ccollections\nOrderedDict\n)\x81.', 'NEWOBJ'],
    ['\x82\x01.', 'EXT1'],
  ])('refuses %j by name', (pickle, name) => {
    const error = catching(() => load(`\x80\x02${pickle}`));
    expect(error).toMatchObject({ code: 'checkpoint-forbidden' });
    expect(error.message).toContain(name);
  });

  it.each([
    ['an empty stack', '\x80\x02.'],
    ['a mark taken for a value', '\x80\x02(.'],
    ['a tuple that was never opened', '\x80\x02t.'],
    ['a value never kept', '\x80\x02h\x05.'],
    ['append to a number', '\x80\x02K\x01K\x02a.'],
    ['item of a list', '\x80\x02]K\x01K\x02s.'],
    ['a key without a value', '\x80\x02}(K\x01u.'],
    ['a dict for a key', '\x80\x02}}K\x01s.'],
    ['another protocol', '\x80\x06N.'],
    ['an unknown opcode', '\x80\x02\xff.'],
    ['REDUCE of a number', '\x80\x02K\x01)R.'],
    ['BUILD of a tuple', '\x80\x02)}b.'],
    ['a persistent id that is text', '\x80\x02X\x01\0\0\0aQ.'],
    ['an endless name', `\x80\x02c${'a'.repeat(600)}\n.`],
    ['a text longer than the file', '\x80\x02X\xff\xff\xff\x7fabc.'],
  ])('%s is an error, not a crash', (_, pickle) => {
    expect(catching(() => load(pickle)).code).toMatch(/^(checkpoint-.*|truncated)$/);
  });

  it('stops at too many operations and too deep a nesting', () => {
    expect(() => load(`\x80\x02${'N'.repeat(600_000)}.`)).toThrow(/too long/);
    expect(() => load(`\x80\x02${'('.repeat(20_000)}.`)).toThrow(/nested too deep/);
  });
});

describe('tensors of a pickle', () => {
  /** (storage of `count` floats, offset, size, stride) */
  const tensor = (count: number, offset: number, size: number, stride: number) =>
    `\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0` +
    `0X\x03\0\0\0cpuK${String.fromCharCode(count)}NtQK${String.fromCharCode(offset)}` +
    `K${String.fromCharCode(size)}\x85K${String.fromCharCode(stride)}\x85\x89NtR.`;

  it('keeps offset, size and stride inside the storage', () => {
    expect(load(tensor(10, 1, 5, 2))).toMatchObject({ offset: 1, shape: [5], stride: [2] });
    expect(() => load(tensor(9, 1, 5, 2))).toThrow(/element 9 of storage 0, expected at most 8/);
    expect(() => load(tensor(0, 0, 1, 1))).toThrow(/reaches outside its storage/);
    expect(load(tensor(0, 0, 0, 1))).toMatchObject({ shape: [0] });
  });

  it('a negative size is refused', () => {
    const negative = tensor(10, 0, 1, 1).replace('K\x01\x85K', 'J\xff\xff\xff\xff\x85K');
    expect(() => load(negative)).toThrow(/not a count: found -1/);
  });
});

function catching(run: () => unknown): Error & { code: string } {
  try {
    run();
  } catch (error) {
    return error as Error & { code: string };
  }
  throw new Error('nothing was thrown');
}
