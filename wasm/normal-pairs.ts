/** Points for pairs of normals. See src/runtime/random-stream/normal-pairs.ts. */

/**
 * The next `count` points (x, y) within the unit circle but its centre, and r = x² + y² of each, from the state of xoroshiro128+ (Blackman
 * and Vigna 2018) at `state`, two words of 64 bits, which moves on.
 */
export function normalPairs(state: usize, points: usize, count: i32): void {
  let s0 = load<u64>(state);
  let s1 = load<u64>(state, 8);
  const end = points + 24 * count;
  while (points < end) {
    let x: f64 = 0;
    let y: f64 = 0;
    let r: f64 = 0;
    do {
      const x26 = <u32>(s0 + s1) & 0x3ffffff;
      let a = s0 ^ s1;
      s0 = rotl<u64>(s0, 24) ^ a ^ (a << 16);
      s1 = rotl<u64>(a, 37);
      const x27 = <u32>(s0 + s1) & 0x7ffffff;
      a = s0 ^ s1;
      s0 = rotl<u64>(s0, 24) ^ a ^ (a << 16);
      s1 = rotl<u64>(a, 37);
      const y26 = <u32>(s0 + s1) & 0x3ffffff;
      a = s0 ^ s1;
      s0 = rotl<u64>(s0, 24) ^ a ^ (a << 16);
      s1 = rotl<u64>(a, 37);
      const y27 = <u32>(s0 + s1) & 0x7ffffff;
      a = s0 ^ s1;
      s0 = rotl<u64>(s0, 24) ^ a ^ (a << 16);
      s1 = rotl<u64>(a, 37);
      x = 2 * (<f64>x26 * scale26 + <f64>x27 * scale53) - 1;
      y = 2 * (<f64>y26 * scale26 + <f64>y27 * scale53) - 1;
      r = x * x + y * y;
    } while (r >= 1 || r === 0);
    store<f64>(points, x);
    store<f64>(points, y, 8);
    store<f64>(points, r, 16);
    points += 24;
  }
  store<u64>(state, s0);
  store<u64>(state, s1, 8);
}

/** 2⁻²⁶ and 2⁻⁵³. */
const scale26: f64 = 1.0 / 67108864.0;
const scale53: f64 = 1.0 / 9007199254740992.0;
