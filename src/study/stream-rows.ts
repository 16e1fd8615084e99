import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReceivedFile } from '../cohort/archives/fetch-patient.ts';
import type { ExtractedFeatures, ExtractionFailure } from '../features/extract-cohort.ts';
import type { Assumption } from '../runtime/assumptions.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import { parseJson } from '../runtime/read-json.ts';
import { readText } from '../runtime/read-text.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import { type FeatureColumn, type FeatureTable, featureTable } from '../table/feature-table.ts';

/** What a streamed extraction keeps of one patient when the scans are gone. */
export interface StreamedRow {
  patient: string;
  received: ReceivedFile[];
  /** Columns of each extractor with the patient's value; null is missing. Empty where the patient failed or has no scan. */
  blocks: Record<
    string,
    { name: string; modality?: string; region?: string; value: number | null }[]
  >;
  failures: ExtractionFailure[];
  /** Scans that the archive does not have of this patient. */
  missingScans: string[];
  networks: ExtractedFeatures['networks'];
  assumptions: Assumption[];
}

/** Rows of a streamed extraction in a folder: a file per patient, written whole before the scans are deleted. */
export class StreamJournal {
  readonly #folder: string;
  constructor(folder: string) {
    this.#folder = join(folder, 'rows');
  }

  read(patient: string): StreamedRow | undefined {
    const file = this.#file(patient);
    if (!existsSync(file)) return undefined;
    const todo = 'remove it: the patient is then extracted again';
    const text = readText(file, 'the row', 'a row of a streamed extraction', todo);
    return parseJson(text, { what: 'the row', file, todo }) as StreamedRow;
  }

  write(row: StreamedRow): void {
    writeWhole(this.#file(row.patient), `${canonicalJson(row)}\n`);
  }

  /** Ids may hold any character: the file is named by the hash of the id. */
  #file(patient: string): string {
    return join(this.#folder, `${sha256(patient).slice(0, 16)}.json`);
  }
}

/** The row of the one patient of an extraction. */
export function rowBlocks(extracted: ExtractedFeatures): StreamedRow['blocks'] {
  return Object.fromEntries(
    Object.entries(extracted.blocks).map(([extractor, { columns }]) => [
      extractor,
      columns.map(({ name, modality, region, values }) => ({
        name,
        ...(modality === undefined ? {} : { modality }),
        ...(region === undefined ? {} : { region }),
        value: Number.isNaN(values[0]) ? null : values[0],
      })),
    ]),
  );
}

export interface StreamedTable {
  extractor: string;
  modality?: string | undefined;
  region?: string | undefined;
  table: FeatureTable;
}

/** A table per extractor, scan and region, rows in the order given; a patient who lacks a column has no value there. */
export function streamedTables(rows: readonly StreamedRow[]): StreamedTable[] {
  const patients = rows.map(({ patient }) => patient);
  const parts = new Map<
    string,
    Omit<StreamedTable, 'table'> & { columns: Map<string, Float64Array> }
  >();
  for (const [r, row] of rows.entries()) {
    for (const [extractor, columns] of Object.entries(row.blocks)) {
      for (const { name, modality, region, value } of columns) {
        const key = JSON.stringify([extractor, modality ?? '', region ?? '']);
        const part = parts.get(key) ?? { extractor, modality, region, columns: new Map() };
        parts.set(key, part);
        const values = part.columns.get(name) ?? new Float64Array(patients.length).fill(Number.NaN);
        part.columns.set(name, values);
        values[r] = value ?? Number.NaN;
      }
    }
  }
  return [...parts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, part]) => {
      const { extractor, modality, region, columns } = part;
      const columnsOfBlock = [...columns].map(
        ([name, values]): FeatureColumn => ({ name, block: extractor, modality, region, values }),
      );
      return { extractor, modality, region, table: featureTable(patients, columnsOfBlock) };
    });
}
