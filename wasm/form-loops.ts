/** Loops of shape over a mask of bytes, 0 or 1, x fastest, without a border. See src/radiomics/algorithms/form-loops.ts. */

/**
 * Ends of the lines of mesh vertices (src/radiomics/algorithms/diameters.ts): by line, the first and the last vertex in half voxels. The lines
 * hold first ends above and last ends below all vertices at the start.
 */
export function lineEnds(
  mask: usize,
  nx: i32,
  ny: i32,
  nz: i32,
  firstI: usize,
  lastI: usize,
  firstJ: usize,
  lastJ: usize,
): void {
  const plane = nx * ny;
  const a = 2 * nx + 1;
  const b = 2 * ny + 1;
  let at = mask;
  for (let k: i32 = 0; k < nz; k++) {
    for (let j: i32 = 0; j < ny; j++) {
      const lineI = 2 * j + 1 + b * (2 * k + 1);
      for (let i: i32 = 0; i < nx; i++, at++) {
        if (load<u8>(at) === 0) continue;
        const lineJ = 2 * i + 1 + a * (2 * k + 1);
        if (i === 0 || load<u8>(at - 1) === 0) {
          put(firstI, lastI, lineI, 2 * i);
          put(firstJ, lastJ, lineJ - 1, 2 * j + 1);
        }
        if (i === nx - 1 || load<u8>(at + 1) === 0) {
          put(firstI, lastI, lineI, 2 * i + 2);
          put(firstJ, lastJ, lineJ + 1, 2 * j + 1);
        }
        if (j === 0 || load<u8>(at - nx) === 0) {
          put(firstI, lastI, lineI - 1, 2 * i + 1);
          put(firstJ, lastJ, lineJ, 2 * j);
        }
        if (j === ny - 1 || load<u8>(at + nx) === 0) {
          put(firstI, lastI, lineI + 1, 2 * i + 1);
          put(firstJ, lastJ, lineJ, 2 * j + 2);
        }
        if (k === 0 || load<u8>(at - plane) === 0) {
          put(firstI, lastI, lineI - b, 2 * i + 1);
          put(firstJ, lastJ, lineJ - a, 2 * j + 1);
        }
        if (k === nz - 1 || load<u8>(at + plane) === 0) {
          put(firstI, lastI, lineI + b, 2 * i + 1);
          put(firstJ, lastJ, lineJ + a, 2 * j + 1);
        }
      }
    }
  }
}

function put(first: usize, last: usize, line: i32, place: i32): void {
  const low = first + (line << 2);
  const high = last + (line << 2);
  if (place < load<i32>(low)) store<i32>(low, place);
  if (place > load<i32>(high)) store<i32>(high, place);
}

/** Into `sums`, all whole numbers: of the voxels' places x, y, z, then xx, yy, zz, xy, xz, yz. */
export function sumPlaces(mask: usize, nx: i32, ny: i32, nz: i32, sums: usize): void {
  let x: f64 = 0;
  let y: f64 = 0;
  let z: f64 = 0;
  let xx: f64 = 0;
  let yy: f64 = 0;
  let zz: f64 = 0;
  let xy: f64 = 0;
  let xz: f64 = 0;
  let yz: f64 = 0;
  let at = mask;
  for (let k: i32 = 0; k < nz; k++) {
    for (let j: i32 = 0; j < ny; j++) {
      let count: i64 = 0;
      let si: i64 = 0;
      let sii: i64 = 0;
      for (let i: i32 = 0; i < nx; i++, at++) {
        const inside = -(<i64>load<u8>(at));
        count -= inside;
        si += <i64>i & inside;
        sii += (<i64>i * <i64>i) & inside;
      }
      if (count === 0) continue;
      const n = <f64>count;
      const sx = <f64>si;
      x += sx;
      xx += <f64>sii;
      y += n * <f64>j;
      yy += n * <f64>j * <f64>j;
      z += n * <f64>k;
      zz += n * <f64>k * <f64>k;
      xy += sx * <f64>j;
      xz += sx * <f64>k;
      yz += n * <f64>j * <f64>k;
    }
  }
  store<f64>(sums, x);
  store<f64>(sums, y, 8);
  store<f64>(sums, z, 16);
  store<f64>(sums, xx, 24);
  store<f64>(sums, yy, 32);
  store<f64>(sums, zz, 40);
  store<f64>(sums, xy, 48);
  store<f64>(sums, xz, 56);
  store<f64>(sums, yz, 64);
}

/**
 * Counts the cubes between voxels by kind (src/radiomics/algorithms/marching-cubes.ts), with the sums of their i, j, k: four words of 64 bits a
 * kind, which are whole numbers. `empty` is a row of zeros.
 */
export function tallyCubes(
  mask: usize,
  nx: i32,
  ny: i32,
  nz: i32,
  empty: usize,
  tally: usize,
): void {
  const plane = nx * ny;
  for (let k: i32 = -1; k < nz; k++) {
    // The two upper rows of one j are the two lower rows of the next j.
    let a = empty;
    let c = empty;
    for (let j: i32 = -1; j < ny; j++) {
      const at = mask + nx * (j + 1) + plane * k;
      const b = j + 1 < ny && k >= 0 ? at : empty;
      const d = j + 1 < ny && k + 1 < nz ? at + plane : empty;
      let kind: i32 = 0;
      for (let i: i32 = 0; i <= nx; i++) {
        // Corners 0, 3, 4, 7 of a cube are corners 1, 2, 5, 6 of the one before it.
        kind = ((kind & 34) >> 1) | ((kind & 68) << 1);
        if (i < nx) {
          kind |= (<i32>load<u8>(a + i)) << 1;
          kind |= (<i32>load<u8>(b + i)) << 2;
          kind |= (<i32>load<u8>(c + i)) << 5;
          kind |= (<i32>load<u8>(d + i)) << 6;
        }
        if (kind === 0 || kind === 255) continue;
        const to = tally + (kind << 5);
        // From the corner of the box with its border of one voxel, as PyRadiomics counts: where the table's triangulations
        // of neighbouring cubes do not meet, the mesh is open there and its volume depends on the origin.
        store<i64>(to, load<i64>(to) + 1);
        store<i64>(to, load<i64>(to, 8) + <i64>i, 8);
        store<i64>(to, load<i64>(to, 16) + <i64>(j + 1), 16);
        store<i64>(to, load<i64>(to, 24) + <i64>(k + 1), 24);
      }
      a = b;
      c = d;
    }
  }
  // Given as floating point numbers.
  for (let n: i32 = 0; n < 1024; n++) {
    const at = tally + (n << 3);
    store<f64>(at, <f64>load<i64>(at));
  }
}
