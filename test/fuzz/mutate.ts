import type { RandomStream } from '../../src/runtime/random-stream.ts';

/** Numbers that readers trip over. */
const nasty = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Pieces that parsers of text trip over. */
const pieces = [
  ...[
    '"',
    "'",
    '\\',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '\n',
    '\t',
    '\r\n',
    '#',
    '- ',
    '? ',
    '| ',
    '> ',
  ],
  ...[
    '&a ',
    '*a',
    '<<: *a',
    '!!js/function ',
    '!!binary ',
    '%YAML 9.9\n',
    '---\n',
    '...',
    '\u0000',
  ],
  ...[
    '"__proto__":',
    '__proto__: ',
    'constructor: ',
    '"toString":',
    'null',
    'true',
    '.nan',
    '-.inf',
  ],
  ...[
    '1e999',
    '-0',
    '0x',
    '9'.repeat(400),
    '../',
    '../../etc/passwd',
    '/',
    '\\\\',
    '{patient}',
    '$1',
  ],
  ...['(a+)+$', '(', '[z-a]', '\uFEFF', '\uD800', 'é', '='.repeat(50), 'NRRD', '\n\n', ':= ', ' '],
];

const brackets = [
  ['[', ']'],
  ['{"a":', '}'],
  ['{a: ', '}'],
  ['- ', ''],
] as const;

/** How deep brackets are put into brackets. */
const depths = [10, 1000, 30_000, 100_000];

/**
 * A file made worse: bytes flipped, overwritten with numbers that readers trip over, copied elsewhere, cut out, put in, or the
 * end cut off; in text also whole pieces, and brackets within brackets. The same stream gives the same bytes.
 */
export function mutate(seed: Uint8Array, random: RandomStream, isText: boolean): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(seed);
  // Half of the files have one fault alone: with more, the first hides the others.
  const changes = random.integer(0, 1) === 0 ? 1 : random.integer(2, 6);
  for (let i = 0; i < changes && bytes.length > 0; i++) {
    const at = random.integer(0, bytes.length - 1);
    const textual = isText && random.integer(0, 1) === 1;
    bytes = textual ? changedText(bytes, at, random) : changedBytes(bytes, at, random);
  }
  return bytes;
}

function changedBytes(bytes: Uint8Array, at: number, random: RandomStream): Uint8Array {
  switch (random.integer(0, 7)) {
    case 0:
      bytes[at] = random.integer(0, 255);
      return bytes;
    case 1:
      bytes[at] ^= 1 << random.integer(0, 7);
      return bytes;
    case 2: {
      const value = nasty[random.integer(0, nasty.length - 1)];
      const little = random.integer(0, 1) === 1;
      if (at + 4 <= bytes.length) new DataView(bytes.buffer).setUint32(at, value, little);
      return bytes;
    }
    case 3: {
      const from = random.integer(0, bytes.length - 1);
      bytes.copyWithin(at, from, from + random.integer(1, 64));
      return bytes;
    }
    case 4:
      bytes.fill(nasty[random.integer(0, 4)], at, at + random.integer(1, 16));
      return bytes;
    case 5:
      return spliced(bytes, at, random.integer(1, 64), new Uint8Array());
    case 6:
      return spliced(bytes, at, 0, bytes.slice(at, at + random.integer(1, 256)));
    default:
      return random.integer(0, 3) === 0 ? bytes.slice(0, at) : bytes;
  }
}

function changedText(bytes: Uint8Array, at: number, random: RandomStream): Uint8Array {
  if (random.integer(0, 19) === 0) {
    const [open, close] = brackets[random.integer(0, brackets.length - 1)];
    const depth = depths[random.integer(0, depths.length - 1)];
    // Closed again, JSON is valid, and only what comes after its parser runs out of stack.
    const closed = random.integer(0, 1) === 1 ? `1${close.repeat(depth)}` : '';
    return spliced(bytes, at, 0, Buffer.from(`${open.repeat(depth)}${closed}`));
  }
  const piece = pieces[random.integer(0, pieces.length - 1)];
  return spliced(bytes, at, random.integer(0, 2) === 0 ? piece.length : 0, Buffer.from(piece));
}

function spliced(bytes: Uint8Array, at: number, gone: number, put: Uint8Array): Uint8Array {
  const out = new Uint8Array(
    Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + gone)]),
  );
  return out.length <= 2 ** 20 ? out : out.slice(0, 2 ** 20);
}
