/**
 * The value that would stand at place `n` if the values were sorted, without sorting them: Hoare's selection (Comm. ACM 4:321, 1961).
 * Values change their places.
 *
 * @param values without NaN
 * @param n 0 to values.length - 1
 */
export function nthSmallest(values: Float64Array, n: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[n];
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (pivot < values[j]) j--;
      if (i > j) break;
      const held = values[i];
      values[i++] = values[j];
      values[j--] = held;
    }
    if (j < n) low = i;
    if (n < i) high = j;
  }
  return values[n];
}
