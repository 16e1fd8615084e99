import { unknownName } from '../../runtime/errors.ts';
import { markdownTable } from '../format-rows.ts';
import type { OpenedRun } from '../open-run.ts';
import type { TableRow } from '../table-row.ts';
import { type AuthorAnswers, answered, requireItems } from './author-answers.ts';
import { claim } from './claim.ts';
import { clear } from './clear.ts';
import { Evidence } from './evidence.ts';
import type { ChecklistForm, FormItem, ItemAnswer } from './form.ts';
import { formNames } from './form-names.ts';
import { conditionLines, metrics } from './metrics.ts';
import { tripodAi } from './tripod-ai.ts';

const forms: readonly ChecklistForm[] = [clear, metrics, tripodAi, claim];

/** A form filled from a run. */
export interface FilledForm {
  form: string;
  title: string;
  source: string;
  /** What the answers are about. */
  run: string;
  endpoint: string;
  items: (Pick<FormItem, 'number' | 'section' | 'asks' | 'weight'> & ItemAnswer)[];
  /** Conditions of the form and whether the run meets them. */
  conditions: { number: number; asks: string; holds: boolean }[];
  /** In percent of what can be reached; only for forms that have a score. */
  score?: FormScore | undefined;
}

export interface FormScore {
  /** Items that the run fills, those of the author counted as no. */
  filled: number;
  /** The same, with all items of the author answered by yes. */
  atMost: number;
}

export interface FillFormOptions {
  /** Id of the endpoint that the answers are about; default the first one of the run. */
  endpoint?: string | undefined;
  /** Answers of the author by item number, for items that the run cannot answer. */
  answers?: AuthorAnswers | undefined;
}

/**
 * Fills a checklist from a run: what the run knows with its traces, what only the author can answer, what was not done.
 *
 * @param form one of `formNames`
 * @throws NacreError `unknown-name`
 */
export function fillForm(
  run: OpenedRun,
  form: string,
  { endpoint, answers = {} }: FillFormOptions = {},
): FilledForm {
  const found = forms.find(({ id }) => id === form);
  if (found === undefined) throw unknownName('there is no such checklist', form, formNames);
  requireItems(answers, found.items);
  const evidence = new Evidence(run, endpoint);
  const items = found.items.map(({ number, section, asks, weight, answer, applies }) => {
    const counts = applies?.(evidence) ?? true;
    evidence.takeTraces();
    const fromRun = counts
      ? answer(evidence)
      : { status: 'not applicable' as const, text: 'The condition of the form is not met.' };
    const given = fromRun.status === 'author' ? answered(fromRun, answers[number]) : fromRun;
    return { number, section, asks, weight, ...given, traces: evidence.takeTraces() };
  });
  return {
    form: found.id,
    title: found.title,
    source: found.source,
    run: run.results.study.id,
    endpoint: evidence.endpoint.id,
    items,
    conditions: found === metrics ? conditionLines(evidence) : [],
    ...(found === metrics ? { score: scoreOf(items) } : {}),
  };
}

/** Weighted share of the items that apply, in percent. */
function scoreOf(items: FilledForm['items']): FormScore {
  const sum = (statuses: readonly string[]) =>
    items.reduce(
      (total, { status, weight = 0 }) => total + (statuses.includes(status) ? weight : 0),
      0,
    );
  const reachable = sum(['filled', 'author', 'not done']);
  const percent = (points: number) => Math.round((1e4 * points) / reachable) / 100;
  return { filled: percent(sum(['filled'])), atMost: percent(sum(['filled', 'author'])) };
}

/** The form as Markdown. */
export function formMarkdown(form: FilledForm): string {
  const count = (status: string) => form.items.filter((item) => item.status === status).length;
  const sections = [...new Set(form.items.map(({ section }) => section))];
  return [
    `# ${form.title}`,
    '',
    `Filled by nacre from the run \`${form.run}\`, endpoint \`${form.endpoint}\`: ${count('filled')} of ${form.items.length} items from the run, ${count('author')} for the author, ${count('not done')} not done${count('not applicable') > 0 ? `, ${count('not applicable')} not applicable` : ''}.`,
    '',
    `Source: ${form.source}`,
    ...(form.score === undefined
      ? []
      : [
          '',
          `**Score: ${form.score.filled.toFixed(2)}%** from the run alone, items of the author counted as no; at most ${form.score.atMost.toFixed(2)}% when the author answers them.`,
          '',
          ...form.conditions.map(
            ({ number, asks, holds }) => `- Condition ${number}: ${asks}: ${holds ? 'yes' : 'no'}`,
          ),
        ]),
    ...sections.flatMap((section) => [
      '',
      `## ${section}`,
      '',
      markdownTable(
        ['No.', 'Item', 'Status', 'Answer', 'Trace', ...(form.score ? ['Weight'] : [])],
        form.items
          .filter((item) => item.section === section)
          .map(({ number, asks, status, text, traces, weight }) => [
            number,
            asks,
            status,
            text,
            [...new Set(traces.map(({ file, pointer }) => `${file}#${pointer}`))].join(' '),
            ...(form.score ? [String(weight ?? '')] : []),
          ]),
      ).trimEnd(),
    ]),
    '',
  ].join('\n');
}

/** The form as rows, for CSV and JSON. */
export function formRows(form: FilledForm): TableRow[] {
  return form.items.map(({ number, section, asks, status, text, traces, weight }) => ({
    form: form.form,
    number,
    section,
    item: asks,
    status,
    answer: text,
    trace: traces
      .map(({ file, pointer, value }) => `${file}#${pointer}=${JSON.stringify(value)}`)
      .join(' '),
    ...(form.score === undefined ? {} : { weight }),
  }));
}
