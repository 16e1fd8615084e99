import type { StudyResults } from '../study/results.ts';

/** Patients left out of a cohort, by reason, in the order in which reasons first appear. */
export function leftOutByReason(
  excluded: StudyResults['cohort']['excluded'],
): { reason: string; patients: string[] }[] {
  const byReason = new Map<string, string[]>();
  for (const { patient, reason } of excluded) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), patient]);
  }
  return [...byReason].map(([reason, patients]) => ({ reason, patients }));
}
