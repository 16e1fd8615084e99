import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Assumption, AssumptionLog } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { featureTable } from '../table/feature-table.ts';
import type { Cohort } from './cohort.ts';
import { cohortRows } from './cohort-rows.ts';

/** Bytes; a shorter key can be guessed, and with it every id. */
const shortestKey = 16;

/** Stands in the notices of every run under pseudonyms. */
export const pseudonymNotice =
  'Patient ids are pseudonyms (HMAC-SHA256 under a key that is not stored)';

/**
 * The key of the pseudonyms: of the file asked for, else `$NACRE_PSEUDONYM_KEY`. It stays in memory, no output holds it.
 * Undefined where no pseudonyms were requested.
 *
 * @param required whether the manifest forbids the use of plain ids
 * @throws NacreError `pseudonym-key`
 */
export function pseudonymKey(file: string | undefined, required: boolean): Buffer | undefined {
  if (file === undefined && !required) return undefined;
  const key = file === undefined ? keyOfEnvironment() : keyOfFile(file);
  if (key.length >= shortestKey) return key;
  throw new NacreError('pseudonym-key', 'the key of the pseudonyms is missing or too short', {
    file,
    found: `${key.length} bytes`,
    expected: `at least ${shortestKey} bytes that nobody can guess`,
    todo: 'make one (openssl rand -hex 32 > key.txt) and name it: --pseudonym-key key.txt, or its text in NACRE_PSEUDONYM_KEY',
  });
}

function keyOfEnvironment(): Buffer {
  return Buffer.from(process.env.NACRE_PSEUDONYM_KEY?.trim() ?? '');
}

/** Line ends at the end of the file are an editor's, not the key's. */
function keyOfFile(file: string): Buffer {
  try {
    return Buffer.from(readFileSync(file, 'latin1').replace(/[\r\n]+$/, ''), 'latin1');
  } catch (cause) {
    throw new NacreError('pseudonym-key', 'cannot read the key of the pseudonyms', {
      file,
      found: (cause as NodeJS.ErrnoException).code,
      expected: 'a file that holds the key',
      todo: 'correct --pseudonym-key',
      cause,
    });
  }
}

/**
 * The pseudonym of an id: `P-` and the first 16 hex digits of HMAC-SHA256(key, id). The same id and key give the same
 * pseudonym, in every cohort; without the key nobody can compute the id, nor test guesses.
 */
export function pseudonymOf(id: string, key: Uint8Array): string {
  return `P-${createHmac('sha256', key).update(id, 'utf8').digest('hex').slice(0, 16)}`;
}

/**
 * The cohort under pseudonyms. Rows are put in the order of the pseudonyms: the order of the ids would reveal something of them. The
 * paths of scans still lead to the files; messages about a scan must not quote them (`hidesPaths`).
 *
 * @throws NacreError `duplicate-patient` where two ids have one pseudonym (of a million patients: once in 10⁷ studies)
 */
export function underPseudonyms(cohort: Cohort, key: Uint8Array): Cohort {
  const named = cohort.patients.map((id, row) => ({ name: pseudonymOf(id, key), row }));
  named.sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = named.map(({ row }) => row);
  const patients = named.map(({ name }) => name);
  const twice = patients.find((name, i) => name === patients[i - 1]);
  if (twice !== undefined) {
    throw new NacreError('duplicate-patient', 'two patients have one pseudonym', {
      patient: twice,
      expected: 'a pseudonym per patient',
      todo: 'take another key',
    });
  }
  const sorted = cohortRows(cohort, rows);
  return {
    ...cohort,
    patients,
    hidesPaths: true,
    blocks: Object.fromEntries(
      Object.entries(sorted.blocks).map(([name, table]) => [
        name,
        featureTable(patients, table.columns),
      ]),
    ),
    endpoints: sorted.endpoints,
    images: sorted.images,
    columns: sorted.columns,
    assumptions: cohort.assumptions && assumptionsUnderPseudonyms(cohort.assumptions, key),
    excluded: cohort.excluded
      .map(({ patient, reason }) => ({ patient: pseudonymOf(patient, key), reason }))
      .sort((a, b) => (a.patient < b.patient ? -1 : 1)),
    notices: [...cohort.notices, pseudonymNotice],
  };
}

/** Names of scan files may hold ids: only files of whole cohorts keep their names. */
function assumptionsUnderPseudonyms(
  assumptions: readonly Assumption[],
  key: Uint8Array,
): Assumption[] {
  const log = new AssumptionLog();
  for (const { patient, file, ...rest } of assumptions) {
    const ofPatient = patient !== undefined || rest.scan !== undefined;
    log.note({
      ...rest,
      patient: patient === undefined ? undefined : pseudonymOf(patient, key),
      file: ofPatient ? undefined : file,
    });
  }
  return log.list();
}
