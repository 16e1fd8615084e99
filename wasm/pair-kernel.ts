/**
 * The pairs of the correlation filter, in AssemblyScript; `npm run build:wasm` compiles it, src/learning/near-columns.ts calls it.
 * Each column is its coordinates along a few main directions and the length of what is left, all float32: enough to decide
 * that most pairs correlate less than the threshold.
 */

/** Where the columns lie in memory, in bytes: 16 coordinates and, after all of them, the lengths. */
export let heads: i32 = 0;
export let rests: i32 = 0;
/** The columns kept so far, in the same two parts. */
let keptHeads: i32 = 0;
let keptRests: i32 = 0;
let kept: i32 = 0;

const HEAD_BYTES = 64;

/** @returns false where there is not enough memory */
export function arrange(columns: i32): bool {
  heads = (<i32>__heap_base + 15) & ~15;
  keptHeads = heads + HEAD_BYTES * columns;
  rests = keptHeads + HEAD_BYTES * columns;
  keptRests = rests + 4 * columns;
  kept = 0;
  const pages = (keptRests + 4 * columns + 0xffff) >>> 16;
  const missing = pages - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
}

/** Adds a column to those kept. */
export function keep(column: i32): void {
  memory.copy(keptHeads + HEAD_BYTES * kept, heads + HEAD_BYTES * column, HEAD_BYTES);
  store<f32>(keptRests + 4 * kept, load<f32>(rests + 4 * column));
  kept++;
}

/**
 * The first kept column, from place `from` on, that may correlate with this one by `bound` or more: |dot product of the coordinates| +
 * product of the lengths left over (Cauchy and Schwarz). −1 where there is none.
 */
export function nextNear(column: i32, from: i32, bound: f32): i32 {
  const head = heads + HEAD_BYTES * column;
  const a = v128.load(head);
  const b = v128.load(head, 16);
  const c = v128.load(head, 32);
  const d = v128.load(head, 48);
  const rest = load<f32>(rests + 4 * column);
  let at = keptHeads + HEAD_BYTES * from;
  for (let k = from; k < kept; k++) {
    const sum = f32x4.add(
      f32x4.add(f32x4.mul(a, v128.load(at)), f32x4.mul(b, v128.load(at, 16))),
      f32x4.add(f32x4.mul(c, v128.load(at, 32)), f32x4.mul(d, v128.load(at, 48))),
    );
    const pairs = f32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
    const along = f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
    if (abs(along) + rest * load<f32>(keptRests + 4 * k) >= bound) return k;
    at += HEAD_BYTES;
  }
  return -1;
}
