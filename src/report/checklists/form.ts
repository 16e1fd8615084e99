import type { AnswerTrace, Evidence } from './evidence.ts';
import type { FormName } from './form-names.ts';

/**
 * `filled`: the run shows it; `author`: only the author can answer; `not done`: the run shows that it was not done;
 * `not applicable`: a condition of the form is not met.
 */
export type AnswerStatus = 'filled' | 'author' | 'not done' | 'not applicable';

export interface ItemAnswer {
  status: AnswerStatus;
  text: string;
  traces: AnswerTrace[];
}

/** Fills an item from a run. */
export type Answering = (evidence: Evidence) => Omit<ItemAnswer, 'traces'>;

export interface FormItem {
  /** As the form numbers it: `12`, `12a`. */
  number: string;
  section: string;
  /** What the item asks, in words of our own. */
  asks: string;
  answer: Answering;
  /** Share of the score, where the form has one. */
  weight?: number | undefined;
  /** Whether the item counts for this run; absent: always. */
  applies?: ((evidence: Evidence) => boolean) | undefined;
}

export interface ChecklistForm {
  id: FormName;
  title: string;
  /** Reference of the form, and what of it is from where. */
  source: string;
  items: readonly FormItem[];
}

/** The run shows it. */
export function filled(text: string): Omit<ItemAnswer, 'traces'> {
  return { status: 'filled', text };
}

/** The run shows that it was not done. */
export function notDone(text: string): Omit<ItemAnswer, 'traces'> {
  return { status: 'not done', text };
}

/** Only the author can answer; the text says what would answer it. */
export function author(text: string): Omit<ItemAnswer, 'traces'> {
  return { status: 'author', text };
}

/** The same as an item's answer. */
export function askAuthor(text: string): Answering {
  return () => author(text);
}
