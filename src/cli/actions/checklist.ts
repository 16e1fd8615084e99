import { readAuthorAnswers } from '../../report/checklists/author-answers.ts';
import { fillForm, formMarkdown, formRows } from '../../report/checklists/fill-form.ts';
import { formatRows } from '../../report/format-rows.ts';
import { openRun } from '../../report/open-run.ts';
import { writeWhole } from '../../runtime/write-whole.ts';

interface Options {
  form: string;
  endpoint?: string;
  format: 'markdown' | 'csv' | 'json';
  out?: string;
  answers?: string;
}

export async function run(folder: string, options: Options): Promise<void> {
  const answers = options.answers === undefined ? {} : readAuthorAnswers(options.answers);
  const { endpoint } = options;
  const form = fillForm(await openRun(folder), options.form, { endpoint, answers });
  const text =
    options.format === 'markdown'
      ? formMarkdown(form)
      : options.format === 'json'
        ? `${JSON.stringify(form, null, 2)}\n`
        : formatRows(formRows(form), options.format);
  if (options.out === undefined) process.stdout.write(text);
  else {
    writeWhole(options.out, text);
    process.stdout.write(`${options.out}\n`);
  }
}
