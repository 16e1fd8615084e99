import { type Assumption, countAssumptions } from '../runtime/assumptions.ts';
import { type Html, html, htmlTable } from './html.ts';

/** Kinds with more records than this are folded behind their number. */
const fewEnough = 3;

/** Largest number of patients named in a row; `assumptions.json` has the others. */
const mostPatients = 20;

/** All assumptions of a run, counted by kind, worst first; long kinds are folded. Nothing where there are none. */
export function assumptionList(assumptions: readonly Assumption[]): Html {
  if (assumptions.length === 0) return html``;
  const counts = countAssumptions(assumptions);
  return html`<div class="assumptions"><strong>Assumptions: ${assumptions.length}</strong> <small>what was left out, taken as given or chosen between two readings; all of them in assumptions.json</small>
${counts.map(({ kind, level, records, patients }) => {
  const table = recordTable(assumptions.filter((one) => one.kind === kind));
  const title = `${level === 'warning' ? 'Warning: ' : ''}${kind.replaceAll('-', ' ')}, ${counted(records, 'record')}${patients > 0 ? `, ${counted(patients, 'patient')}` : ''}`;
  return level === 'warning' && records <= fewEnough
    ? html`<p><strong>${title}</strong></p>${table}\n`
    : html`<details><summary>${title}</summary>${table}</details>\n`;
})}
</div>`;
}

/** Records that differ only in the patient share a row. */
function recordTable(records: readonly Assumption[]): Html {
  const rows = new Map<string, { first: Assumption; patients: string[]; files: Set<string> }>();
  for (const record of records) {
    const { scan = '', found, taken, why, patient, file } = record;
    const key = JSON.stringify([scan, found, taken, why, patient === undefined ? file : '']);
    const row = rows.get(key) ?? { first: record, patients: [], files: new Set() };
    rows.set(key, row);
    if (patient !== undefined) row.patients.push(patient);
    if (file !== undefined) row.files.add(file);
  }
  return htmlTable(
    ['patients', 'scan', 'file', 'found', 'taken', 'why'],
    [...rows.values()].map(({ first, patients, files }) => [
      someOf(patients),
      first.scan ?? '',
      files.size > 1 ? counted(files.size, 'file') : [...files].join(''),
      first.found,
      first.taken,
      first.why,
    ]),
  );
}

function someOf(patients: readonly string[]): string {
  const more = patients.length - mostPatients;
  return patients.slice(0, mostPatients).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
