import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { parse } from 'yaml';
import type { Volume } from '../../../src/imaging/volume.ts';
import { readVolume } from '../../../src/machine/read-volume.ts';
import { referenceFile } from './reference-file.ts';

/** A column of reference features: a test case, or a configuration. */
export interface ReferenceColumn {
  name: string;
  /** Feature name to value; a feature without a recorded value is absent. */
  values: Map<string, number>;
  /** Rows `diagnostics_*`, as text. */
  diagnostics: Map<string, string>;
}

/** Image and mask of one of PyRadiomics' test cases. */
export async function readCase(name: string): Promise<{ image: Volume; mask: Volume }> {
  const [image, mask] = await Promise.all(
    ['image', 'label'].map((what) =>
      readVolume(referenceFile('reference', 'pyradiomics', `${name}_${what}.nrrd`)),
    ),
  );
  return { image, mask };
}

/** The columns of a CSV of references: features in rows, a column per case. */
export function readReference(...file: string[]): ReferenceColumn[] {
  const text = readFileSync(referenceFile('reference', 'pyradiomics', ...file), 'utf8');
  const [header, ...rows] = Papa.parse<string[]>(text.trim(), { delimiter: ',' }).data;
  return header.slice(1).map((name, at) => {
    const column: ReferenceColumn = { name, values: new Map(), diagnostics: new Map() };
    for (const row of rows) {
      const cell = row[at + 1];
      if (cell === '') continue;
      if (row[0].startsWith('diagnostics_')) column.diagnostics.set(row[0], cell);
      else column.values.set(row[0], cell === 'nan' ? Number.NaN : Number(cell));
    }
    return column;
  });
}

/** Settings that a baseline was made with: a Python dict in the table. A null is left out: its default holds. */
export function settingsOf({ diagnostics }: ReferenceColumn): Record<string, unknown> {
  const dict = diagnostics.get('diagnostics_Configuration_Settings') ?? '{}';
  const json = dict
    .replaceAll('None', 'null')
    .replaceAll('True', 'true')
    .replaceAll('False', 'false');
  return Object.fromEntries(Object.entries(parse(json)).filter(([, value]) => value !== null));
}
