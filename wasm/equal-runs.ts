/** Stretches of equal voxels. See src/imaging/equal-runs.ts. */

/**
 * Ends of the stretches in `bytes` bytes of voxels, which have 1 << shift bytes each, counted in voxels; gives how many there are. Voxels are
 * compared bit by bit. Up to 64 bytes behind the voxels are read and not used.
 */
export function equalRuns(data: usize, bytes: i32, shift: i32, ends: usize): i32 {
  let count: i32 = 0;
  let at: i32 = 0;
  while (at < bytes) {
    const first = data + at;
    const value =
      shift === 0
        ? i8x16.splat(load<u8>(first))
        : shift === 1
          ? i16x8.splat(load<u16>(first))
          : shift === 2
            ? i32x4.splat(load<i32>(first))
            : i64x2.splat(load<i64>(first));
    at += 1 << shift;
    // Most stretches are long: a mask is empty but for a small part.
    while (at < bytes) {
      const here = data + at;
      const some = v128.or(
        v128.or(v128.xor(v128.load(here), value), v128.xor(v128.load(here, 16), value)),
        v128.or(v128.xor(v128.load(here, 32), value), v128.xor(v128.load(here, 48), value)),
      );
      if (v128.any_true(some)) break;
      at += 64;
    }
    while (at < bytes) {
      const other = i8x16.bitmask(i8x16.ne(v128.load(data + at), value));
      if (other !== 0) {
        at += (ctz(other) >> shift) << shift;
        break;
      }
      at += 16;
    }
    if (at > bytes) at = bytes;
    store<i32>(ends + (count << 2), at >> shift);
    count++;
  }
  return count;
}
