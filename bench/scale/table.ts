import { existsSync, renameSync, statSync } from 'node:fs';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { RandomStream } from '../../src/runtime/random-stream.ts';

/** Labels of the synthetic table: every third patient is of class 1. */
export function labelsOf(rows: number): Uint8Array {
  return Uint8Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 0));
}

/** Column c of the synthetic table: noise, a shared part in each block of ten, and every tenth column a little apart between the classes. */
export function columnOf(c: number, labels: Uint8Array): Float64Array {
  const stream = RandomStream.of(1, 'bench-scale', c);
  const shared = RandomStream.of(1, 'bench-scale-block', Math.floor(c / 10));
  const shift = c % 10 === 0 ? 0.1 + (0.2 * ((c / 10) % 7)) / 7 : 0;
  return Float64Array.from(labels, (y) => stream.normal() + 0.7 * shared.normal() + shift * y);
}

/**
 * Writes the table as Parquet, one group of rows, a column at a time; one that lies there already is kept.
 *
 * @returns bytes of the file and seconds that writing took (0 where it was there)
 */
export function writeTable(path: string, rows: number, columns: number) {
  const started = performance.now();
  const written = !existsSync(path);
  if (written) {
    const labels = labelsOf(rows);
    const names = Array.from({ length: columns }, (_, c) => `radiomics.f${c}`);
    const writer = new ParquetWriter({
      writer: fileWriter(`${path}.part`),
      schema: [
        { name: 'root', num_children: columns + 1 },
        {
          name: 'patient',
          type: 'BYTE_ARRAY',
          converted_type: 'UTF8',
          repetition_type: 'REQUIRED',
        },
        ...names.map((name) => ({
          name,
          type: 'DOUBLE' as const,
          repetition_type: 'REQUIRED' as const,
        })),
      ],
    });
    writer.write({
      rowGroupSize: rows,
      columnData: [
        { name: 'patient', data: Array.from(labels, (_, i) => `P${String(i).padStart(6, '0')}`) },
        // Made when its turn comes, so that one column is in memory at a time.
        ...names.map((name, c) => ({
          name,
          get data() {
            return columnOf(c, labels);
          },
        })),
      ],
    });
    writer.finish();
    renameSync(`${path}.part`, path);
  }
  return {
    bytes: statSync(path).size,
    seconds: written ? (performance.now() - started) / 1000 : 0,
  };
}
