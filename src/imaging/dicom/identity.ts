import type { Attributes } from './attributes.ts';
import type { DicomKeyword } from './tags.ts';

/** Attributes that name a person, by parts: each part is looked for. */
const personNames = [
  'patientName',
  'otherPatientNames',
  'patientBirthName',
  'motherBirthName',
  'responsiblePerson',
  'referringPhysician',
  'performingPhysician',
  'readingPhysician',
  'requestingPhysician',
  'operators',
] as const satisfies readonly DicomKeyword[];

/** Attributes that identify a person or a place as a whole. */
const identifiers = [
  'patientId',
  'otherPatientIds',
  'accessionNumber',
  'birthDate',
  'institution',
  'stationName',
] as const satisfies readonly DicomKeyword[];

/** Parts of names that are also words of an imaging protocol: the name Ax must not hide every axial series. */
const protocolWords =
  /^(?:ax|tra|sag|cor|obl|ct|mr|mri|pet|pt|t[12]w?|pd|fs|fat|sat|stir|flair|dwi|adc|dce|dyn|gd|ce|kv|mm|sl|se|tse|fse|gre|ge|ir|epi|tof|vibe|thrive|lava|flash|fl|[23]d|pre|post|sub|left|right|breast|liver|brain|head|neck|chest|body|none|anon|anonymous|unknown)$/i;

/** Replaces each text that was removed. */
const hidden = '***';

/** Dotted UIDs, dates of eight digits or with separators. */
const anyIdentity =
  /\d+(?:\.\d+){4,}|(?<!\d)(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}(?!\d)|(?<!\d)(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}(?!\d)/g;

/**
 * Takes names, ids, dates and UIDs out of the free texts of a file: a description may repeat them. What a text is searched
 * for is read from the file's own identifying attributes, which go nowhere else.
 *
 * @returns a function of a text; texts without such parts come back as they are
 */
export function identityFilter(attributes: Attributes): (text: string) => string {
  const parts = new Set<string>();
  for (const keyword of personNames) {
    for (const part of (attributes.text(keyword) ?? '').split(/[\\^=\s,;]+/)) {
      if (part.length >= 2 && !protocolWords.test(part)) parts.add(part);
    }
  }
  for (const keyword of identifiers) {
    for (const text of attributes.texts(keyword)) {
      if (text.length >= 3 && !protocolWords.test(text)) parts.add(text);
    }
  }
  const patterns = [...parts]
    .sort((a, b) => b.length - a.length)
    .map((part) => {
      const escaped = part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      // A short part inside a longer word is probably not a name.
      return part.length >= 4 ? escaped : `(?<![\\p{L}\\d])${escaped}(?![\\p{L}\\d])`;
    });
  const identityPattern = patterns.length === 0 ? undefined : new RegExp(patterns.join('|'), 'giu');
  return (text) => {
    const without = identityPattern === undefined ? text : text.replace(identityPattern, hidden);
    return without.replace(anyIdentity, hidden);
  };
}

/** True where a patient's id is a name: it must not reach an output as an id. */
export function isName(id: string, patientName: string | undefined): boolean {
  if (id.includes('^')) return true;
  if (/\d/.test(id)) return false;
  if (/\p{L}[\s,]+\p{L}/u.test(id)) return true;
  const parts = (patientName ?? '').toLowerCase().split(/[\^=\s,;]+/);
  return /^\p{L}{2,}$/u.test(id) && parts.length > 1 && parts.includes(id.toLowerCase());
}
