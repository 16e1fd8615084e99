/** Number that PyRadiomics adds to probabilities before a logarithm: numpy.spacing(1). */
export const epsilon = 2 ** -52;

/** log₂ of probabilities, which WebAssembly does not have, from one place of the loops' memory to another; 0 for what does not occur, whose term is 0. */
export function takeLogarithms(
  doubles: Float64Array,
  from: number,
  to: number,
  count: number,
): void {
  for (let k = 0; k < count; k++) {
    const p = doubles[from + k];
    doubles[to + k] = p === 0 ? 0 : Math.log2(p + epsilon);
  }
}
