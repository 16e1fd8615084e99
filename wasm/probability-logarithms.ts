import { log2 } from './logarithm';

/** What PyRadiomics adds to a probability before a logarithm: numpy.spacing(1). */
export const epsilon: f64 = 2.220446049250313e-16;

/** log₂ of probabilities, from one place of the memory to another; 0 for what does not occur, whose term is 0. */
export function takeLogarithms(from: usize, to: usize, count: i32): void {
  for (const end = from + (count << 3); from < end; from += 8, to += 8) {
    const p = load<f64>(from);
    store<f64>(to, p === 0 ? 0 : log2(p + epsilon));
  }
}
