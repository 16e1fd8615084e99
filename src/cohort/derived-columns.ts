import { log } from '../runtime/elementary.ts';
import { NacreError } from '../runtime/errors.ts';
import type { DescribedColumn } from './encode-clinical.ts';
import { matchedIds } from './id-pattern.ts';
import type { Manifest, ManifestColumn } from './manifest.ts';
import { type DerivedColumn, partsOf } from './manifest-derived.ts';

/** Later times first: a derived column was measured when the latest of its parts was. */
const latestFirst = ['after', 'during', 'treatment', 'assigned'] as const;

/**
 * A derived column as if a table described it.
 *
 * @param columns described columns by short name, those derived before included
 */
export function describedAs(
  name: string,
  rule: DerivedColumn,
  columns: ReadonlyMap<string, ManifestColumn>,
): ManifestColumn {
  const parts = partsOf(rule).map((part) => columns.get(part) as ManifestColumn);
  const ofId = rule.rule === 'match' && rule.of === undefined;
  const times = new Set(parts.map(({ measured }) => measured));
  const measured: ManifestColumn['measured'] = ofId
    ? 'assigned'
    : (latestFirst.find((time) => times.has(time)) ?? 'baseline');
  const common = { name, meaning: rule.meaning, measured, missing: [] as string[] };
  switch (rule.rule) {
    case 'product':
      return { ...common, type: 'number', unit: rule.unit };
    case 'log':
      return { ...common, type: 'number', unit: `ln(${(parts[0] as { unit: string }).unit})` };
    case 'match':
      return { ...common, type: 'category', coding: sameCodes(Object.values(rule.coding)) };
    case 'cases':
      return { ...common, type: 'category', coding: sameCodes(rule.cases.map(({ is }) => is)) };
  }
}

function sameCodes(meanings: readonly string[]): Record<string, string> {
  return Object.fromEntries(meanings.map((meaning) => [meaning, meaning]));
}

/**
 * Adds the derived columns of a manifest to its described ones, in the order of the manifest.
 *
 * @param described by short name, values in the order of `patients`; changed
 * @param patients ids as the manifest makes them
 * @throws NacreError `out-of-range` for a logarithm of a value not above 0, `unknown-code` for a text or a combination that the
 *   rule does not cover, `slow-pattern`
 */
export function addDerivedColumns(
  described: Map<string, DescribedColumn>,
  { derived }: Pick<Manifest, 'derived'>,
  patients: readonly string[],
  file: string,
): void {
  for (const [name, rule] of Object.entries(derived)) {
    const columns = new Map([...described].map(([key, { column }]) => [key, column]));
    const column = describedAs(name, rule, columns) as DescribedColumn['column'];
    described.set(name, { column, values: valuesOf(name, rule, described, patients, file) });
  }
}

function valuesOf(
  name: string,
  rule: DerivedColumn,
  described: ReadonlyMap<string, DescribedColumn>,
  patients: readonly string[],
  file: string,
): (number | string | undefined)[] {
  const valuesOf = (part: string) => (described.get(part) as DescribedColumn).values;
  const where = `derived.${name}`;
  switch (rule.rule) {
    case 'product': {
      const parts = rule.of.map((part) => valuesOf(part) as readonly number[]);
      return patients.map((_, row) =>
        parts.reduce((product, values) => product * values[row], rule.factor),
      );
    }
    case 'log': {
      const values = valuesOf(rule.of) as readonly number[];
      return values.map((value, row) => {
        // NaN (missing) stays missing.
        if (!(value <= 0)) return log(value);
        throw new NacreError('out-of-range', 'a value has no logarithm', {
          file,
          patient: patients[row],
          column: where,
          found: `${rule.of} = ${value}`,
          expected: 'a value above 0',
          todo: `correct it in the table, or give ${rule.of} a minimum above 0`,
        });
      });
    }
    case 'match': {
      const texts =
        rule.of === undefined ? patients : valuesOf(rule.of).map((text) => text ?? null);
      return matchedMeanings(texts as readonly (string | null)[], rule, { where, patients, file });
    }
    case 'cases': {
      const needed = partsOf(rule);
      return patients.map((patient, row) => {
        const found = rule.cases.find(({ where: codes }) =>
          Object.entries(codes).every(([part, code]) => valuesOf(part)[row] === code),
        );
        if (found !== undefined) return found.is;
        if (needed.some((part) => valuesOf(part)[row] === undefined)) return undefined;
        throw new NacreError('unknown-code', 'no case of a derived column holds for a patient', {
          file,
          patient,
          column: where,
          found: needed.map((part) => `${part} ${valuesOf(part)[row]}`).join(', '),
          expected: `one of the cases ${rule.cases.map(({ is }) => is).join(', ')}`,
          todo: 'add a case for it to the manifest',
        });
      });
    }
  }
}

function matchedMeanings(
  texts: readonly (string | null)[],
  rule: Extract<DerivedColumn, { rule: 'match' }>,
  { where, patients, file }: { where: string; patients: readonly string[]; file: string },
): (string | undefined)[] {
  const pattern = { column: where, match: rule.match, as: '$1' };
  const codes = matchedIds(
    texts.map((text) => text ?? ''),
    pattern,
    file,
  );
  return texts.map((text, row) => {
    if (text === null) return undefined;
    const code = codes[row];
    if (code !== undefined && Object.hasOwn(rule.coding, code)) return rule.coding[code];
    throw new NacreError('unknown-code', 'a text does not fit the rule of a derived column', {
      file,
      patient: patients[row],
      column: where,
      found: JSON.stringify(text.slice(0, 60)),
      expected: `text that matches ${rule.match} with one of ${Object.keys(rule.coding).join(', ')} as first group`,
      todo: 'correct match or coding in the manifest',
    });
  });
}
