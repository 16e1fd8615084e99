import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import type { RawTable } from '../table/raw-table.ts';
import type { Manifest, ManifestColumn } from './manifest.ts';

/**
 * The manifest with each column under the title that its file has: versions of one table call a column differently (`menopause`,
 * `menopausal_status`), and `also` lists the other titles.
 *
 * @param tables as read, in the order of `manifest.tables`
 * @throws NacreError `bad-table` where a file has two titles of one column
 */
export function withTitlesOf(
  manifest: Manifest,
  tables: readonly RawTable[],
  note: NoteAssumption = () => {},
): Manifest {
  if (!manifest.tables.some(({ columns }) => Object.values(columns).some(({ also }) => also))) {
    return manifest;
  }
  return {
    ...manifest,
    tables: manifest.tables.map((described, i) => ({
      ...described,
      columns: Object.fromEntries(
        Object.entries(described.columns).map(([title, column]) => [
          titleIn(tables[i], title, column, (found) =>
            note({
              kind: 'column-title',
              file: described.file,
              found: `no column ${title}, but ${found}`,
              taken: `${found} as ${column.name}`,
              why: 'the manifest lists it as another title of the same column (also)',
            }),
          ),
          column,
        ]),
      ),
    })),
  };
}

function titleIn(
  { file, header }: RawTable,
  title: string,
  { also = [] }: ManifestColumn,
  onOther: (found: string) => void,
): string {
  const found = [title, ...also].filter((one) => header.includes(one));
  if (found.length > 1) {
    throw new NacreError('bad-table', 'the table has two columns for one', {
      file,
      column: title,
      found: found.join(' and '),
      expected: `one of ${[title, ...also].join(', ')}`,
      todo: 'remove one of them, or describe them as two columns',
    });
  }
  // Where none is there, reading the column says which is missing.
  if (found.length === 0 || found[0] === title) return title;
  onOther(found[0]);
  return found[0];
}
