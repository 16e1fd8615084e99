import { z } from 'zod';
import { unknownName } from '../../runtime/errors.ts';
import { parseWithSchema } from '../../runtime/parse-with-schema.ts';
import { readText } from '../../runtime/read-text.ts';
import { parseYaml } from '../../runtime/read-yaml.ts';
import { type FormItem, filled, type ItemAnswer, notDone } from './form.ts';

const answersSchema = z.record(z.string(), z.union([z.boolean(), z.string().min(1)]));

/** Answers of the author by item number: `true`, `yes` or a text for yes, `false` or `no` for no. */
export type AuthorAnswers = z.output<typeof answersSchema>;

/**
 * Reads the answers of the author: YAML, an item number and an answer per line.
 *
 * @throws NacreError `file-missing`, `bad-yaml`, `bad-config`
 */
export function readAuthorAnswers(path: string): AuthorAnswers {
  const what = 'the answers of the author';
  const text = readText(path, what, 'a YAML file such as "4": true', 'check the path');
  return parseWithSchema(answersSchema, parseYaml(text, { what, file: path }), what, path);
}

/** Refuses an answer to an item that the form lacks. @throws NacreError `unknown-name` */
export function requireItems(answers: AuthorAnswers, items: readonly FormItem[]): void {
  const numbers = items.map(({ number }) => number);
  const wrong = Object.keys(answers).find((number) => !numbers.includes(number));
  if (wrong !== undefined) throw unknownName('the checklist has no such item', wrong, numbers);
}

/** An item of the author with the answer, where there is one. */
export function answered(
  open: Omit<ItemAnswer, 'traces'>,
  answer: AuthorAnswers[string] | undefined,
): Omit<ItemAnswer, 'traces'> {
  if (answer === undefined) return open;
  // In YAML 1.2 yes and no are texts.
  const word = String(answer).toLowerCase();
  if (answer === false || word === 'no') return notDone('Answered by the author: no.');
  return filled(
    answer === true || word === 'yes' ? 'Answered by the author: yes.' : `By the author: ${answer}`,
  );
}
