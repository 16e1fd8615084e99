import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCsvColumns } from '../machine/write-csv.ts';
import { NacreError } from '../runtime/errors.ts';
import { parseJson } from '../runtime/read-json.ts';
import { readText } from '../runtime/read-text.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import type { ModelEvaluation } from '../study/evaluate-model.ts';
import { writeJson } from '../study/run-folder.ts';
import { drawScript } from './draw-script.ts';
import { evaluationBody, type NamedEvaluation } from './evaluation-page.ts';
import { elsewhere } from './figures/elsewhere.ts';
import { Html, html, jsonScript } from './html.ts';
import { reportStyle } from './report-style.ts';
import { scrollScript } from './scroll-script.ts';
import { plotlyBundle } from './static-export.ts';

/** Files that one evaluation leaves in its folder. */
export interface WrittenEvaluation {
  /** Every number, as JSON. */
  results: string;
  /** A row per predicted patient. */
  predictions: string;
  /** The page over all evaluations of the folder. */
  report: string;
}

const pageFile = 'evaluation.html';
const suffix = '.evaluation.json';

/**
 * Writes an evaluation into a folder, and the page over all that the folder holds: a model asked elsewhere and the way back stand
 * in one report. Equal evaluations give equal bytes.
 *
 * @param name of its files; letters, digits, . _ - only
 * @throws NacreError `bad-option` (the name), `bad-json` (another file of the folder), `write-failed`
 */
export function writeEvaluation(
  evaluation: ModelEvaluation,
  { folder, name }: { folder: string; name: string },
): WrittenEvaluation {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new NacreError('bad-option', 'the evaluation cannot have this name', {
      found: name,
      expected: 'letters, digits, . _ - only',
    });
  }
  const results = join(folder, `${name}${suffix}`);
  const predictions = join(folder, `${name}.predictions.csv`);
  writeJson(results, evaluation);
  writePredictions(predictions, evaluation);
  const report = join(folder, pageFile);
  writeWhole(report, evaluationPage(readEvaluations(folder)).text);
  return { results, predictions, report };
}

/** All evaluations of a folder, by name. @throws NacreError `bad-json`, `bad-model` */
export function readEvaluations(folder: string): NamedEvaluation[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(suffix) && !file.startsWith('.'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -suffix.length),
      evaluation: readEvaluation(join(folder, file)),
    }));
}

function readEvaluation(file: string): ModelEvaluation {
  const what = 'the evaluation';
  const todo = 'remove the file, or evaluate again (nacre evaluate)';
  const text = readText(file, what, 'a file that nacre evaluate wrote', todo);
  const json = parseJson(text, { what, file, todo }) as ModelEvaluation | null;
  if (json?.format === 'nacre-evaluation-1') return json;
  throw new NacreError('bad-json', 'the file is not an evaluation of nacre', {
    file,
    found: String(json?.format ?? 'no format'),
    expected: 'nacre-evaluation-1',
    todo,
  });
}

function writePredictions(path: string, { patients, comparison }: ModelEvaluation): void {
  const number = (value: number | null | undefined) => value ?? Number.NaN;
  writeCsvColumns(path, [
    { name: 'patient', type: 'STRING', data: patients.map(({ patient }) => patient) },
    { name: 'outcome', type: 'DOUBLE', data: patients.map(({ label }) => number(label)) },
    { name: 'probability', type: 'DOUBLE', data: patients.map((one) => one.probability) },
    { name: 'predicted', type: 'STRING', data: patients.map(({ predicted }) => predicted) },
    ...(comparison === undefined
      ? []
      : [
          {
            name: 'probability_second_model',
            type: 'DOUBLE' as const,
            data: patients.map(({ rival }) => number(rival)),
          },
        ]),
  ]);
}

function evaluationPage(evaluations: readonly NamedEvaluation[]): Html {
  const bundle = readFileSync(plotlyBundle(), 'utf8').replaceAll('</script', '<\\/script');
  const drawn = evaluations.map(({ name, evaluation }) => elsewhere(evaluation, name));
  const synthetic = evaluations.some(({ evaluation }) => evaluation.cohort.synthetic);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:">
<title>Asked elsewhere${synthetic ? ' (synthetic)' : ''}</title>
<style>${new Html(reportStyle)}
.columns { display: flex; flex-wrap: wrap; gap: 0 2.4rem; align-items: flex-start; }</style></head><body>
<main>
${evaluationBody(evaluations)}
</main>
<noscript><p class="notice">The figures are drawn by JavaScript inside this file.</p></noscript>
${jsonScript(
  'figures',
  drawn.map(({ name, data, layout }) => ({ name, data, layout })),
)}
<script>${new Html(bundle)}</script>
<script>${new Html(drawScript + scrollScript)}</script>
</body></html>
`;
}
