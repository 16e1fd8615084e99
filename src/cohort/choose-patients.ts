import { AssumptionLog } from '../runtime/assumptions.ts';
import { NacreError, unknownName } from '../runtime/errors.ts';
import type { Cohort, PatientChoice } from './cohort.ts';
import { cohortRows } from './cohort-rows.ts';
import type { DescribedColumn } from './encode-clinical.ts';

/** `trial=ACRIN-6698` or `trial=DUKE,NACT` as a choice. @throws NacreError `bad-option` */
export function parsePatientChoice(text: string): PatientChoice {
  const at = text.indexOf('=');
  const values = text
    .slice(at + 1)
    .split(',')
    .map((value) => value.trim());
  const column = text.slice(0, at).trim();
  if (at > 0 && column !== '' && values.every((value) => value !== '')) return { column, values };
  throw new NacreError('bad-option', 'the choice of patients is not understood', {
    found: text,
    expected: 'column=value, or column=value,value: trial=ACRIN-6698, patient=ACRIN-*',
  });
}

/** The choice in words: `trial = ACRIN-6698`. */
export function choiceText({ column, values }: PatientChoice): string {
  return `${column} = ${values.join(' or ')}`;
}

/** The cohort and its described columns with the patients of a choice alone; without a choice as they are. */
export function onlyChosen(
  { cohort, described }: { cohort: Cohort; described: ReadonlyMap<string, DescribedColumn> },
  choice: PatientChoice | undefined,
): { cohort: Cohort; described: ReadonlyMap<string, DescribedColumn> } {
  if (choice === undefined) return { cohort, described };
  const rows = chosenRows(cohort.patients, choice, described);
  const text = choiceText(choice);
  const log = new AssumptionLog();
  log.noteAll(cohort.assumptions ?? []);
  log.note({
    kind: 'patients-chosen',
    found: `${cohort.patients.length} patients`,
    taken: `the ${rows.length} with ${text}`,
    why: 'asked for: --only of the command line, only of the study',
  });
  return {
    cohort: {
      ...cohort,
      ...cohortRows(cohort, rows),
      only: choice,
      notices: [
        `only patients with ${text}: ${rows.length} of ${cohort.patients.length}`,
        ...cohort.notices,
      ],
      assumptions: log.list(),
    },
    described: new Map(
      [...described].map(([name, { column, values }]) => [
        name,
        { column, values: rows.map((row) => values[row]) },
      ]),
    ),
  };
}

/** Made cohorts without a manifest have no columns to choose by. @throws NacreError `bad-option` */
export function refuseChoice(choice: PatientChoice): never {
  throw new NacreError('bad-option', 'patients of this cohort cannot be chosen by a column', {
    found: choiceText(choice),
    expected: 'a cohort with a manifest',
  });
}

/**
 * Numbers of the patients of a choice, in their order.
 *
 * @param described columns in the order of `patients`, by short name
 * @throws NacreError `unknown-name` for a column that is not described, or a value that no patient has
 */
export function chosenRows(
  patients: readonly string[],
  { column: name, values }: PatientChoice,
  described: ReadonlyMap<string, DescribedColumn>,
): number[] {
  const textsAt = textsOf(patients, name, described);
  const used = new Set<string>();
  const rows = patients.flatMap((_, row) => {
    const texts = textsAt(row);
    const value = values.find((one) => texts.some((text) => matches(one, text)));
    if (value === undefined) return [];
    used.add(value);
    return [row];
  });
  for (const value of values) {
    if (used.has(value)) continue;
    const known = new Set(patients.flatMap((_, row) => textsAt(row).slice(-1)));
    throw unknownName(
      `no patient has this value of ${name}`,
      value,
      [...known].sort().slice(0, 20),
    );
  }
  return rows;
}

/** The texts that a patient's value is known by: code, then meaning. */
function textsOf(
  patients: readonly string[],
  name: string,
  described: ReadonlyMap<string, DescribedColumn>,
): (row: number) => string[] {
  if (name === 'patient') return (row) => [patients[row]];
  const found = described.get(name);
  if (found === undefined) {
    const known = ['patient', ...described.keys()];
    throw unknownName('the cohort has no column of that name', name, known);
  }
  const { column, values } = found;
  const coding: Readonly<Record<string, string>> = 'coding' in column ? (column.coding ?? {}) : {};
  return (row) => {
    const value = values[row];
    if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) return [];
    const text = String(value);
    return Object.hasOwn(coding, text) ? [text, coding[text]] : [text];
  };
}

function matches(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 's').test(text);
}
