/** Outline of a flat region between its pixels and the rest. */
export interface Outline {
  /** Area inside, in pixels. */
  readonly area: number;
  readonly perimeter: number;
}

/** A plane of pixels in an array: pixel (u, v) is `mask[start + u * step[0] + v * step[1]]`, 1 inside and 0 outside. */
export interface PixelPlane {
  readonly mask: Uint8Array;
  readonly start: number;
  readonly count: readonly [number, number];
  readonly step: readonly [number, number];
}

/**
 * Area and perimeter of the polygon through the middles of all edges between a pixel inside and one outside (marching
 * squares). Pixels that touch at a corner alone are apart, as PyRadiomics has it.
 *
 * The line that a square of four pixels contributes depends on which of them are inside alone, and the outline is
 * closed, so squares are only counted: one pixel in or out cuts off a corner (an eighth of the square), two beside
 * each other halve it, two across cut off two corners.
 *
 * @param su spacing along u, mm
 * @param sv spacing along v, mm
 */
export function outline({ mask, start, count, step }: PixelPlane, su: number, sv: number): Outline {
  const [nu, nv] = count;
  const [stepU, stepV] = step;
  // By kind: bits 1 and 2 the pixels (u - 1, v - 1) and (u, v - 1), 4 and 8 those of the next row.
  const squares = new Float64Array(16);
  for (let v = 0; v <= nv; v++) {
    const below = start + (v - 1) * stepV;
    const above = start + v * stepV;
    let kind = 0;
    for (let u = 0; u <= nu; u++) {
      kind = (kind >> 1) & 5;
      if (u < nu) {
        if (v > 0) kind |= mask[below + u * stepU] << 1;
        if (v < nv) kind |= mask[above + u * stepU] << 3;
      }
      squares[kind]++;
    }
  }
  const one = squares[1] + squares[2] + squares[4] + squares[8];
  const three = squares[7] + squares[11] + squares[13] + squares[14];
  const across = squares[6] + squares[9];
  const alongU = squares[3] + squares[12];
  const alongV = squares[5] + squares[10];
  const corner = Math.sqrt(su * su + sv * sv) / 2;
  return {
    area: squares[15] + (7 * three) / 8 + (alongU + alongV) / 2 + across / 4 + one / 8,
    perimeter: (one + three + 2 * across) * corner + alongU * su + alongV * sv,
  };
}
