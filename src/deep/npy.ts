/** Bytes of a NumPy file (format 1.0) of float32 in C order, for `numpy.load`. */
export function npyBytes(data: Float32Array, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length take 10 bytes; the header ends with a line feed at a multiple of 64.
  const padded = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11, ' ');
  const header = Buffer.from(`${padded}\n`, 'latin1');
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0]);
  start.writeUInt16LE(header.length, 8);
  const body = Buffer.alloc(4 * data.length);
  for (let i = 0; i < data.length; i++) body.writeFloatLE(data[i], 4 * i);
  return Buffer.concat([start, header, body]);
}
