/**
 * Largest distances between the vertices of a region's surface mesh: corners of the convex hull of each plane, and the farthest two of many
 * points. See src/radiomics/algorithms/diameters.ts.
 */

/**
 * For each of `planes` planes, the corners of the convex hull of its vertices, which are the ends of its `lines` lines: line l of plane p
 * is `p * planeStep + l * lineStep`. Into `points`, unless it is 0: end, line, plane of each corner; into the first word of `scratch`, how many
 * numbers these are. `scratch` has 10 * lines + 8 words. Gives the largest squared distance within a plane, `su` and `sv` mm per unit along the
 * lines and across them.
 */
export function planeHulls(
  first: usize,
  last: usize,
  lines: i32,
  lineStep: i32,
  planes: i32,
  planeStep: i32,
  su: f64,
  sv: f64,
  scratch: usize,
  points: usize,
): f64 {
  const u = scratch + 16;
  const v = u + (lines << 3);
  const marks = v + (lines << 3);
  const corners = marks + (lines << 3);
  let found = points;
  let largest: f64 = 0;
  for (let plane: i32 = 0; plane < planes; plane++) {
    // In the order of lines, the first end of each before its last.
    let count: i32 = 0;
    for (let line: i32 = 0; line < lines; line++) {
      const at = (plane * planeStep + line * lineStep) << 2;
      const end = load<i32>(last + at);
      if (end < 0) continue;
      const start = load<i32>(first + at);
      store<i32>(u + (count << 2), start);
      store<i32>(v + (count << 2), line);
      count++;
      if (start === end) continue;
      store<i32>(u + (count << 2), end);
      store<i32>(v + (count << 2), line);
      count++;
    }
    count = keepHull(u, v, count, corners, marks);
    for (let p: i32 = 1; p < count; p++) {
      for (let q: i32 = 0; q < p; q++) {
        const x = <f64>(load<i32>(u + (p << 2)) - load<i32>(u + (q << 2))) * su;
        const y = <f64>(load<i32>(v + (p << 2)) - load<i32>(v + (q << 2))) * sv;
        const squared = x * x + y * y;
        if (squared > largest) largest = squared;
      }
    }
    if (points === 0) continue;
    for (let n: i32 = 0; n < count; n++, found += 12) {
      store<i32>(found, load<i32>(u + (n << 2)));
      store<i32>(found, load<i32>(v + (n << 2)), 4);
      store<i32>(found, plane, 8);
    }
  }
  store<i32>(scratch, <i32>((found - points) >> 2));
  return largest;
}

/** Keeps the corners of the convex hull (monotone chain, Andrew 1979; whole numbers, so exact) in the order of the points; gives how many. */
function keepHull(u: usize, v: usize, count: i32, corners: usize, marks: usize): i32 {
  if (count < 3) return count;
  let kept: i32 = 0;
  for (let n: i32 = 0; n < count; n++) {
    while (kept > 1 && turn(u, v, corners, kept, n) <= 0) kept--;
    store<i32>(corners + (kept << 2), n);
    kept++;
  }
  const below = kept + 1;
  for (let n = count - 2; n >= 0; n--) {
    while (kept >= below && turn(u, v, corners, kept, n) <= 0) kept--;
    store<i32>(corners + (kept << 2), n);
    kept++;
  }
  memory.fill(marks, 0, count << 2);
  // The chain ends where it began.
  for (let n: i32 = 0; n < kept - 1; n++) {
    store<i32>(marks + (load<i32>(corners + (n << 2)) << 2), 1);
  }
  let to: i32 = 0;
  for (let n: i32 = 0; n < count; n++) {
    if (load<i32>(marks + (n << 2)) === 0) continue;
    store<i32>(u + (to << 2), load<i32>(u + (n << 2)));
    store<i32>(v + (to << 2), load<i32>(v + (n << 2)));
    to++;
  }
  return to;
}

/** Above 0 where point n lies to the left of the way from the last corner but one to the last. */
function turn(u: usize, v: usize, corners: usize, kept: i32, n: i32): i64 {
  const o = load<i32>(corners + ((kept - 2) << 2)) << 2;
  const a = load<i32>(corners + ((kept - 1) << 2)) << 2;
  const b = n << 2;
  const uo = load<i32>(u + o);
  const vo = load<i32>(v + o);
  return (
    <i64>(load<i32>(v + a) - vo) * <i64>(load<i32>(u + b) - uo) -
    <i64>(load<i32>(u + a) - uo) * <i64>(load<i32>(v + b) - vo)
  );
}

/**
 * Largest distance between two of `count` points i, j, k, with x, y, z mm per unit. Sorted by distance from the middle, outermost first, a
 * point needs no partner that lies nearer to the middle than the best distance so far minus its own. `sorted` has room for four doubles a point.
 */
export function farthestPair(
  points: usize,
  count: i32,
  x: f64,
  y: f64,
  z: f64,
  sorted: usize,
): f64 {
  const mi = middle(points, count);
  const mj = middle(points + 4, count);
  const mk = middle(points + 8, count);
  for (let n: i32 = 0; n < count; n++) {
    const point = points + n * 12;
    const at = sorted + (n << 5);
    const i = <f64>load<i32>(point);
    const j = <f64>load<i32>(point, 4);
    const k = <f64>load<i32>(point, 8);
    const fromI = (i - mi) * x;
    const fromJ = (j - mj) * y;
    const fromK = (k - mk) * z;
    store<f64>(at, sqrt<f64>(fromI * fromI + fromJ * fromJ + fromK * fromK));
    store<f64>(at, i * x, 8);
    store<f64>(at, j * y, 16);
    store<f64>(at, k * z, 24);
  }
  sortByRadius(sorted, count);
  const end = sorted + (count << 5);
  let best: f64 = 0;
  let reach: f64 = 0;
  for (let p = sorted; p < end; p += 32) {
    const radius = load<f64>(p);
    if (2 * radius < reach) break;
    const px = load<f64>(p, 8);
    const py = load<f64>(p, 16);
    const pz = load<f64>(p, 24);
    for (let q = p + 32; q < end; q += 32) {
      if (radius + load<f64>(q) < reach) break;
      const dx = px - load<f64>(q, 8);
      const dy = py - load<f64>(q, 16);
      const dz = pz - load<f64>(q, 24);
      const squared = dx * dx + dy * dy + dz * dz;
      if (squared <= best) continue;
      best = squared;
      // A little less than the distance, so that rounding never cuts off the true pair.
      reach = sqrt<f64>(best) * (1 - 1e-12);
    }
  }
  return sqrt<f64>(best);
}

/** Half-way between the least and the largest of every third number. */
function middle(numbers: usize, count: i32): f64 {
  let low = i32.MAX_VALUE;
  let high = i32.MIN_VALUE;
  for (let n: i32 = 0; n < count; n++) {
    const value = load<i32>(numbers + n * 12);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return <f64>(low + high) / 2;
}

/** Shell's sort of points of four doubles, the largest first number first (gaps of Knuth). */
function sortByRadius(points: usize, count: i32): void {
  let gap: i32 = 1;
  while (gap < count) gap = 3 * gap + 1;
  for (; gap > 0; gap = gap / 3) {
    const back = gap << 5;
    for (let n = gap; n < count; n++) {
      const start = points + (n << 5);
      const radius = load<f64>(start);
      const near = v128.load(start);
      const far = v128.load(start, 16);
      let at = start;
      while (at >= points + back && load<f64>(at - back) < radius) {
        v128.store(at, v128.load(at - back));
        v128.store(at, v128.load(at - back, 16), 16);
        at -= back;
      }
      v128.store(at, near);
      v128.store(at, far, 16);
    }
  }
}
