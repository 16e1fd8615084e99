/**
 * Something that nacre left out, took as given, or chose between two possible readings of. A record is created once,
 * where the choice is made, and is then shown by `cohort check`, the console, the run folder and the report.
 */
export interface Assumption {
  /** Stable name for programs, such as `geometry-conflict` or `column-left-out`. */
  kind: string;
  /** `warning` where it may change what the results mean; such a kind is shown first. Default `note`. */
  level?: 'warning' | 'note' | undefined;
  /** Id of the patient. `found`, `taken` and `why` hold no id and no path, so that pseudonyms can replace this one. */
  patient?: string | undefined;
  /** Name of the scan in the manifest, such as `ceT1`. */
  scan?: string | undefined;
  file?: string | undefined;
  /** What the input holds: `pixdim 0.8 × 0.8 × 2 mm, sform 1 × 1 × 1 mm`. */
  found: string;
  /** What nacre did with it: `spacing of the sform`. */
  taken: string;
  /** Why, or what the user can do to choose otherwise. */
  why: string;
}

/** Receives the assumptions of a step. Functions that make choices take one as an option; without it they record nothing. */
export type NoteAssumption = (assumption: Assumption) => void;

/** Collects assumptions. The list is free of repeats and in an order that does not depend on the workers' timing. */
export class AssumptionLog {
  readonly #byKey = new Map<string, Assumption>();

  /** Bound, so that it can be handed on as `NoteAssumption`. */
  readonly note: NoteAssumption = (assumption) => {
    this.#byKey.set(sortKey(assumption), assumption);
  };

  noteAll(assumptions: Iterable<Assumption>): void {
    for (const assumption of assumptions) this.note(assumption);
  }

  /** Sorted by kind, patient, scan, file and finding. */
  list(): Assumption[] {
    return [...this.#byKey]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, value]) => value);
  }
}

/** The assumptions of one kind, in numbers. */
export interface AssumptionCount {
  kind: string;
  level: 'warning' | 'note';
  /** Number of records. */
  records: number;
  /** Number of different patients in them; 0 where the kind concerns none in particular. */
  patients: number;
}

/** Counts assumptions by kind, worst first: warnings before notes, then by number of records, then by name. */
export function countAssumptions(assumptions: Iterable<Assumption>): AssumptionCount[] {
  const byKind = new Map<string, { warning: boolean; records: number; patients: Set<string> }>();
  for (const { kind, level, patient } of assumptions) {
    const known = byKind.get(kind) ?? { warning: false, records: 0, patients: new Set() };
    byKind.set(kind, known);
    known.records++;
    if (level === 'warning') known.warning = true;
    if (patient !== undefined) known.patients.add(patient);
  }
  return [...byKind]
    .map(([kind, { warning, records, patients }]) => ({
      kind,
      level: warning ? ('warning' as const) : ('note' as const),
      records,
      patients: patients.size,
    }))
    .sort(
      (a, b) =>
        (a.level === b.level ? 0 : a.level === 'warning' ? -1 : 1) ||
        b.records - a.records ||
        (a.kind < b.kind ? -1 : 1),
    );
}

/** An assumption as a file keeps it: records that differ only in their patient are one entry, which names all of these patients. */
export interface AssumptionEntry extends Assumption {
  /** In place of `patient`, where there are several. */
  patients?: readonly string[] | undefined;
}

/** The entries of a file, in the order of their first records. `assumptionsOf` gives the records back. */
export function assumptionEntries(assumptions: Iterable<Assumption>): AssumptionEntry[] {
  const alike = new Map<string, [Assumption, ...Assumption[]]>();
  for (const one of assumptions) {
    const { kind, level, patient, scan, file, found, taken, why } = one;
    const key = JSON.stringify([patient === undefined, kind, level, scan, file, found, taken, why]);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [one]);
    else known.push(one);
  }
  return [...alike.values()].map((records) => {
    const [{ patient, ...first }] = records;
    if (records.length === 1 || patient === undefined) return records[0];
    return { ...first, patients: records.flatMap((one) => one.patient ?? []) };
  });
}

/** The records of a file's entries, sorted as `AssumptionLog` sorts them. */
export function assumptionsOf(entries: Iterable<AssumptionEntry>): Assumption[] {
  const log = new AssumptionLog();
  for (const { patients, ...record } of entries) {
    if (patients === undefined) log.note(record);
    else for (const patient of patients) log.note({ ...record, patient });
  }
  return log.list();
}

function sortKey({ kind, patient, scan, file, found, taken }: Assumption): string {
  return JSON.stringify([kind, patient ?? '', scan ?? '', file ?? '', found, taken]);
}
