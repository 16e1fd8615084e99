import { NacreError } from '../runtime/errors.ts';
import { requireOneSpelling } from '../table/patient-spelling.ts';
import { columnIndex, type RawTable } from '../table/raw-table.ts';
import { matchedIds } from './id-pattern.ts';
import type { PatientRule } from './manifest.ts';

/**
 * Marks of a missing value, errors and formulas of a spreadsheet, and the character that stands for letters which were lost when
 * a file was saved in an encoding without them: two patients could be one by any of these.
 */
const noId = /^(?:nan|n\/?a|null|none|nil|unknown|missing|-+|\.+|\?+|#.*[!?/].*|=.*)$|\uFFFD/i;

/**
 * The patient of each row by the manifest's rule: the whole cell must match, its first group is the id.
 *
 * @throws NacreError `missing-column`, `bad-id`, `duplicate-patient`, `ambiguous-id`
 */
export function patientIds(table: RawTable, rule: PatientRule): string[] {
  const at = columnIndex(table, rule.column);
  const texts = table.rows.map((row) => (row[at] === null ? '' : String(row[at])));
  const groups = matchedIds(texts, rule, table.file);
  const rowOf = new Map<string, number>();
  const patients = texts.map((text, i) => {
    const group = groups[i];
    const place = { file: table.file, row: i + 1, column: rule.column };
    if (group === undefined) {
      throw new NacreError('bad-id', 'a patient id does not follow the rule of the manifest', {
        ...place,
        found: JSON.stringify(text.slice(0, 60)),
        expected: `text that matches ${rule.match}`,
        todo: 'correct the id, or patient.match in the manifest',
      });
    }
    if (noId.test(group.trim())) {
      throw new NacreError('bad-id', 'a patient id is not usable', {
        ...place,
        found: JSON.stringify(text.slice(0, 60)),
        expected: 'an id, not a mark for a missing value, a formula or letters that were lost',
        todo: 'correct the cell, or take the row out',
      });
    }
    const patient = rule.as.replace('$1', () => group);
    const first = rowOf.get(patient);
    if (first !== undefined) {
      throw new NacreError('duplicate-patient', 'patient appears twice', {
        ...place,
        patient,
        found: `rows ${first + 1} and ${i + 1}`,
        expected: 'one row per patient',
        todo: 'remove or merge one of the rows',
      });
    }
    rowOf.set(patient, i);
    return patient;
  });
  requireOneSpelling(patients.map((id, i) => ({ id, file: table.file, row: i + 1 })));
  return patients;
}
