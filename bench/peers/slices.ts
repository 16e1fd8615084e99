/** Slices for a two-dimensional network: each slice once per channel. */
export function repeated(data: Float32Array, slices: number, channels: number): Float32Array {
  const size = data.length / slices;
  const out = new Float32Array(data.length * channels);
  for (let s = 0; s < slices; s++) {
    for (let c = 0; c < channels; c++) {
      out.set(data.subarray(s * size, (s + 1) * size), (s * channels + c) * size);
    }
  }
  return out;
}

/** Mean of each feature over the slices. */
export function meanOverSlices(values: Float32Array, slices: number): Float32Array {
  const features = values.length / slices;
  return Float32Array.from({ length: features }, (_, f) => {
    let sum = 0;
    for (let s = 0; s < slices; s++) sum += values[s * features + f];
    return sum / slices;
  });
}
