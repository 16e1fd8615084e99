/** Row of each wanted patient in a list of patients; −1 for a patient who is missing. */
export function findPatientRows(patients: readonly string[], wanted: readonly string[]): number[] {
  const rowOf = new Map(patients.map((patient, row) => [patient, row]));
  return wanted.map((patient) => rowOf.get(patient) ?? -1);
}

/**
 * The same, but every patient must be in the list.
 *
 * @param absent makes the error for a missing patient; default: an internal error of nacre
 */
export function patientRows(
  patients: readonly string[],
  wanted: readonly string[],
  absent: (patient: string) => Error = (patient) => new Error(`no row for patient ${patient}`),
): number[] {
  const rows = findPatientRows(patients, wanted);
  const missing = rows.indexOf(-1);
  if (missing >= 0) throw absent(wanted[missing]);
  return rows;
}
