import type { Volume } from './volume.ts';

/** Keeps 16-bit integers as they are and stores other values as 32-bit floats, to halve the page without changing a value. */
export function compactVoxels(volume: Volume): Volume {
  const { data } = volume;
  if (data.BYTES_PER_ELEMENT < 2) return volume;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (Number.isInteger(value) && value >= -32768 && value <= 32767) continue;
    return data instanceof Float64Array ? { ...volume, data: Float32Array.from(data) } : volume;
  }
  return { ...volume, data: Int16Array.from(data) };
}
