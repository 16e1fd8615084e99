import { NacreError } from '../runtime/errors.ts';
import type { RawTable } from '../table/raw-table.ts';
import type { Manifest } from './manifest.ts';

/** A name as it is compared: without case, blanks, invisible characters, signs and Unicode forms. */
export function comparableName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * Refuses a column of a feature file that the manifest knows as something else than a baseline value: a column of a table that
 * was measured during or after treatment, or what an endpoint is made of. Titles and short names are compared without case,
 * blanks and signs, and behind prefixes (`clinical.pcr`, `ceT1_pcr`), merge suffixes (`pcr_x`) and codes (`pcr=yes`).
 *
 * @throws NacreError `leaking-predictor`
 */
export function refuseOutcomeColumns(
  manifest: Manifest,
  table: Pick<RawTable, 'file' | 'header'>,
  { patient, ignore, block, modality, region }: Manifest['features'][number],
): void {
  const forbidden = outcomeNames(manifest);
  const left = new Set([patient.column, ...ignore]);
  const prefixes = [
    ...[block, modality, region, 'clinical', 'features', 'outcome', 'target', 'label'],
    ...manifest.tables.map(({ id }) => id),
  ].flatMap((prefix) => (prefix === undefined ? [] : [comparableName(prefix)]));
  for (const title of table.header) {
    if (left.has(title)) continue;
    const reading = readings(title, prefixes).find((name) => forbidden.has(name));
    if (reading === undefined) continue;
    throw new NacreError(
      'leaking-predictor',
      `a feature of the block ${block} is no baseline value: it would give the answer away`,
      {
        file: table.file,
        column: title,
        found: forbidden.get(reading),
        expected: 'features measured before treatment',
        todo: `add it to ignore in the features block (ignore: [${JSON.stringify(title)}]); if it is another quantity, rename it in the file`,
      },
    );
  }
}

/** Names of columns that are no baseline values, in comparable form, each with the reason. */
function outcomeNames(manifest: Manifest): Map<string, string> {
  const names = new Map<string, string>();
  const add = (name: string, why: string) => {
    const key = comparableName(name);
    if (key !== '' && !names.has(key)) names.set(key, why);
  };
  for (const { id, columns } of manifest.tables) {
    for (const [title, column] of Object.entries(columns)) {
      const endpoint = Object.entries(manifest.endpoints).find(
        ([, rule]) => (rule.rule === 'column' ? rule.column : rule.after) === column.name,
      )?.[0];
      if (column.measured === 'baseline' && endpoint === undefined) continue;
      const why =
        endpoint === undefined
          ? `table ${id} declares ${title} as measured: ${column.measured}`
          : `the endpoint ${endpoint} is made of ${column.name}`;
      const codes = 'coding' in column ? Object.entries(column.coding ?? {}).flat() : [];
      for (const name of [title, ...(column.also ?? []), column.name]) {
        add(name, why);
        for (const code of codes) add(`${name}=${code}`, why);
      }
    }
  }
  for (const [id, { positiveName }] of Object.entries(manifest.endpoints)) {
    add(id, `the name of the endpoint ${id}`);
    add(positiveName, `the name of class 1 of the endpoint ${id}`);
  }
  return names;
}

/** The comparable names that a title may stand for: as it is, without prefixes, without what a merge appended. */
function readings(title: string, prefixes: readonly string[]): string[] {
  const bare = title.replace(/(?:[_.][xy]|[_.]\d+)$/i, '');
  const found = new Set<string>();
  for (const text of [title, bare]) {
    const parts = text.split(/[.:/|]/);
    for (let i = 0; i < parts.length; i++) {
      let name = comparableName(parts.slice(i).join('.'));
      found.add(name);
      for (let prefix = longestPrefix(name, prefixes); prefix !== undefined; ) {
        name = name.slice(prefix.length);
        found.add(name);
        prefix = longestPrefix(name, prefixes);
      }
    }
  }
  return [...found];
}

function longestPrefix(name: string, prefixes: readonly string[]): string | undefined {
  let best: string | undefined;
  for (const prefix of prefixes) {
    if (prefix === '' || prefix.length >= name.length || !name.startsWith(prefix)) continue;
    if (best === undefined || prefix.length > best.length) best = prefix;
  }
  return best;
}
