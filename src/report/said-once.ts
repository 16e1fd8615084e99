import type { StudyResults } from '../study/results.ts';

/** Notices that the list of assumptions restates with patient and file, by the kind of those assumptions. */
const restated: readonly { kind: string; notice: RegExp }[] = [
  {
    kind: 'scan-missing',
    notice: /\black the scan\b|^a scan is missing\b|because a scan is missing/,
  },
  { kind: 'column-constant', notice: /\bconstant features?\b/ },
  { kind: 'patient-left-out', notice: /^left out because extraction failed/ },
];

/** A notice that only states that the patients are synthetic. */
const synthetic = /^synthetic: /i;

/**
 * Notices of a cohort that a page does not already state elsewhere: what is synthetic stands in the answer box, what assumptions
 * restate in their list.
 */
export function noticesSaidOnce({
  notices,
  assumptions = [],
  synthetic: isSynthetic,
}: StudyResults['cohort']): string[] {
  const kinds = new Set(assumptions.map(({ kind }) => kind));
  return notices.filter(
    (notice) =>
      !(isSynthetic && synthetic.test(notice)) &&
      !restated.some(({ kind, notice: text }) => kinds.has(kind) && text.test(notice)),
  );
}

/** Notices for the terminal, which lists no assumptions: of several on missing scans the first one alone. */
export function noticesOfTerminal({
  notices,
  synthetic: isSynthetic,
}: StudyResults['cohort']): string[] {
  const [{ notice: aboutScans }] = restated;
  const first = notices.find((notice) => aboutScans.test(notice));
  return notices.filter(
    (notice) =>
      !(isSynthetic && synthetic.test(notice)) && (notice === first || !aboutScans.test(notice)),
  );
}

/** Title of a cohort without the word that the answer box states already. */
export function cohortTitle({
  title,
  synthetic: isSynthetic,
}: Pick<StudyResults['cohort'], 'title' | 'synthetic'>): string {
  if (!isSynthetic) return title;
  const rest = title.replace(/^SYNTHETIC /, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** Where the patients of a cohort come from and under which licence, in a sentence each. */
export function sourceAndLicence({
  citation,
  licence,
}: Pick<StudyResults['cohort'], 'citation' | 'licence'>): string {
  return `${citation.replace(/\.$/, '')}. Licence: ${licence}.`;
}
