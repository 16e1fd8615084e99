import { log } from './logarithm';

/** Pairs of normals. See src/runtime/random-stream/normal-pairs.ts. */

/**
 * The next `count` pairs of standard normals times `scale`, as float32: of a point (x, y) within the unit circle but its centre and
 * r = x² + y², from the state of xoroshiro128+ (Blackman and Vigna 2018) at `state`, two words of 64 bits, which moves on.
 */
export function normalPairs(state: usize, values: usize, count: i32, scale: f64): void {
  s0 = load<u64>(state);
  s1 = load<u64>(state, 8);
  for (const end = values + (count << 3); values < end; values += 8) {
    let x: f64 = 0;
    let y: f64 = 0;
    let r: f64 = 0;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      r = x * x + y * y;
    } while (r >= 1 || r === 0);
    const factor = sqrt<f64>((-2 * log(r)) / r);
    store<f32>(values, <f32>(scale * (x * factor)));
    store<f32>(values, <f32>(scale * (y * factor)), 4);
  }
  store<u64>(state, s0);
  store<u64>(state, s1, 8);
}

/** 2⁻²⁶ and 2⁻⁵³. */
const scale26: f64 = 1.0 / 67108864.0;
const scale53: f64 = 1.0 / 9007199254740992.0;

let s0: u64 = 0;
let s1: u64 = 0;

/** Uniform in [0, 1) of 53 bits, as pure-rand makes it of two outputs. */
function uniform(): f64 {
  const high = output() & 0x3ffffff;
  const low = output() & 0x7ffffff;
  return <f64>high * scale26 + <f64>low * scale53;
}

function output(): u32 {
  const sum = <u32>(s0 + s1);
  const a = s0 ^ s1;
  s0 = rotl<u64>(s0, 24) ^ a ^ (a << 16);
  s1 = rotl<u64>(a, 37);
  return sum;
}
