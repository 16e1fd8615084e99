import type { Attributes } from './attributes.ts';
import type { DicomKeyword } from './tags.ts';

/** A point in time: the day as a number (days since 1970) where the file gives the date, and seconds within it. */
export interface Moment {
  day?: number | undefined;
  second: number;
}

/** Date and time attributes (DA and TM) as one moment. */
export function momentOfDateAndTime(
  attributes: Attributes,
  date: DicomKeyword,
  time: DicomKeyword,
): Moment | undefined {
  const second = secondOfDay(attributes.text(time));
  if (second === undefined) return undefined;
  return { day: dayNumber(attributes.text(date)), second };
}

/** A date-time attribute (DT), its offset from UTC taken into account where it has one. */
export function momentOfDateTime(
  attributes: Attributes,
  keyword: DicomKeyword,
): Moment | undefined {
  const text = attributes.text(keyword);
  const parts = /^(\d{8})(\d{2,6}(?:\.\d{1,6})?)?(?:([+-])(\d{2})(\d{2}))?$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [, date, time, sign, hours, minutes] = parts;
  const second = secondOfDay(time);
  if (second === undefined) return undefined;
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60;
  return { day: dayNumber(date), second: sign === '-' ? second + offset : second - offset };
}

/** Days since 1970 of a date (DA), also in the old form with points. */
export function dayNumber(text: string | undefined): number | undefined {
  const parts = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [year, month, day] = parts.slice(1).map(Number);
  const milliseconds = Date.UTC(year, month - 1, day);
  const valid = new Date(milliseconds).getUTCDate() === day && month >= 1 && month <= 12;
  return valid && year >= 1900 ? milliseconds / 86_400_000 : undefined;
}

/** Seconds since midnight of a time (TM), also in the old form with colons. */
function secondOfDay(text: string | undefined): number | undefined {
  const parts = /^(\d{2}):?(\d{2})?:?(\d{2})?(\.\d{1,6})?$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [hours, minutes, seconds] = parts.slice(1, 4).map((part) => Number(part ?? 0));
  if (hours > 23 || minutes > 59 || seconds > 60) return undefined;
  return hours * 3600 + minutes * 60 + seconds + Number(parts[4] ?? 0);
}
