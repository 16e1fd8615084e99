import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultWorkers } from '../runtime/worker-pool.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import type { StudyConfig } from '../study/config.ts';
import type { EndpointResults } from '../study/results.ts';
import { runFiles } from '../study/run-folder.ts';
import { answerOf } from './answer.ts';
import { answerBox } from './answer-box.ts';
import { contents } from './contents.ts';
import { drawScript } from './draw-script.ts';
import type { Figure } from './figure.ts';
import { figures } from './figures.ts';
import { Html, html, jsonScript } from './html.ts';
import { methodsText, readRunConfig } from './methods.ts';
import { type OpenedRun, openRun } from './open-run.ts';
import { patientParts } from './patient-sections.ts';
import { perturbationSection } from './perturbation-section.ts';
import { cohortSection, endpointBody, provenanceSection } from './report-sections.ts';
import { reportPageStyle, reportStyle } from './report-style.ts';
import { cohortTitle } from './said-once.ts';
import { scrollScript } from './scroll-script.ts';
import { plotlyBundle, startStaticExporter, whyNoPictures } from './static-export.ts';
import { traceScript, tracesOf } from './trace-click.ts';

export interface ReportOptions {
  /** Also write PNG and SVG of each figure into `figures/` where Chromium is found. Default true. */
  pictures?: boolean | undefined;
  /** Figures drawn at once. Default: the machine's cores. No byte depends on it. */
  workers?: number | undefined;
}

export interface WrittenReport {
  /** Path of report.html. */
  report: string;
  /** PNG and SVG files. */
  pictures: string[];
  /** Figures that could not be drawn, and how to fix it. */
  messages: string[];
}

/**
 * Writes `report.html` (one file, works from disk, nothing from the network) and the static figures of a finished run.
 * Equal results give an equal report, byte for byte.
 *
 * @param runFolder as `nacre study` wrote it
 * @throws NacreError `run-missing`, `bad-json`, `write-failed`
 */
export async function writeReport(
  runFolder: string,
  options: ReportOptions = {},
): Promise<WrittenReport> {
  const run = await openRun(runFolder);
  const drawn = allFigures(run);
  const report = join(runFolder, runFiles.report);
  writeWhole(report, reportPage(run, drawn).text);
  if (options.pictures === false) return { report, pictures: [], messages: [] };
  const without = whyNoPictures();
  if (without !== undefined) return { report, pictures: [], messages: [without] };
  return { report, pictures: await writePictures(runFolder, drawn, options), messages: [] };
}

/** Every figure of a run, in the order of the report. */
export function allFigures(run: OpenedRun): Figure[] {
  const ofEndpoints = run.results.endpoints.flatMap((endpoint) => {
    const choice = { endpoint: endpoint.id };
    // With the paper's table, only its rows are drawn: an ablation has dozens of sets.
    const shown = { ...choice, featureSets: endpoint.table?.sets };
    return [
      figures.balancedAccuracy(run, shown),
      figures.roc(run, shown),
      figures.confusion(run, shown),
      figures.patientFlow(run, choice),
      ...(endpoint.description === undefined ? [] : [figures.missingValues(run, choice)]),
      figures.calibration(run, shown),
      figures.decisionCurve(run, shown),
      ...explained(run, endpoint).map((featureSet) =>
        figures.shapSummary(run, { ...choice, featureSet }),
      ),
      ...(endpoint.featureSets.some(({ learningCurve }) => learningCurve)
        ? [figures.learningCurve(run, choice)]
        : []),
      ...(endpoint.featureSets.some(({ subgroups }) => (subgroups ?? []).length > 0)
        ? [figures.subgroups(run, choice)]
        : []),
      ...endpoint.featureSets
        .filter(({ id }) => endpoint.table?.sets.includes(id) ?? true)
        .filter((set) => set.selection.length > 0)
        .map((set) => figures.ranking(run, { ...choice, featureSet: set.id })),
    ];
  });
  return run.results.perturbation === undefined
    ? ofEndpoints
    : [...ofEndpoints, figures.perturbation(run)];
}

/** The sets of the answer box, whose predictions are explained in the report. */
function explained(run: OpenedRun, endpoint: EndpointResults): string[] {
  if (run.contributions.length === 0) return [];
  const { ours, withoutImages } = answerOf(endpoint, readRunConfig(run.folder));
  return [ours, withoutImages].flatMap((set) => set?.id ?? []);
}

async function writePictures(
  runFolder: string,
  drawn: readonly Figure[],
  { workers = defaultWorkers() }: ReportOptions,
): Promise<string[]> {
  const exporter = await startStaticExporter(Math.max(1, Math.min(workers, drawn.length)));
  try {
    const drawing = drawn.map(async (figure) => {
      const { svg, png } = await exporter.draw(figure);
      const path = join(runFolder, runFiles.figures, figure.name);
      writeWhole(`${path}.svg`, svg);
      writeWhole(`${path}.png`, png);
      return [`${path}.svg`, `${path}.png`];
    });
    return (await Promise.all(drawing)).flat();
  } finally {
    await exporter.close();
  }
}

function reportPage(run: OpenedRun, drawn: readonly Figure[]): Html {
  const bundle = readFileSync(plotlyBundle(), 'utf8').replaceAll('</script', '<\\/script');
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:">
<title>${reportTitle(run)}</title>
<style>${new Html(reportStyle + reportPageStyle)}</style></head><body class="report-page">
<main>
${reportBody(run, drawn)}
</main>
<noscript><p class="notice">The figures are drawn by JavaScript inside this file; the same pictures lie in the folder figures/.</p></noscript>
${jsonScript(
  'figures',
  drawn.map(({ name, data, layout }) => ({ name, data, layout })),
)}
<script>${new Html(bundle)}</script>
<script>${new Html(drawScript + scrollScript)}</script>
${jsonScript('traces', tracesOf(run))}
<script>${new Html(traceScript)}</script>
</body></html>
`;
}

/** Title of the page; contains `synthetic` for synthetic patients. */
export function reportTitle({ results }: OpenedRun): string {
  return `${results.study.title}${results.cohort.synthetic ? ' (synthetic)' : ''}`;
}

/** The report between the tags of a page: report.html and the study site show the same. */
export function reportBody(run: OpenedRun, drawn: readonly Figure[]): Html {
  const { results, provenance } = run;
  const config = readRunConfig(run.folder);
  const parts = results.endpoints.map((endpoint) => {
    const endpointFigures = drawn.filter((figure) => figure.name.startsWith(`${endpoint.id}-`));
    return {
      endpoint,
      ...endpointBody(endpoint, endpointFigures, patientParts(run, endpoint, endpointFigures)),
    };
  });
  return html`<h1>${results.study.title}</h1>
<p class="lead">${cohortTitle(results.cohort)} · ${results.study.partitions} partitions · seed ${results.study.seed} · nacre ${provenance.nacre}</p>
<div class="report">
${contents([
  { id: 'answer', title: 'The answer' },
  { id: 'cohort', title: 'Cohort' },
  ...parts.map(({ endpoint, entries }) => ({
    id: `endpoint-${endpoint.id}`,
    title: endpoint.title,
    parts: entries,
  })),
  ...(results.perturbation === undefined
    ? []
    : [{ id: 'perturbation', title: 'Stability under another outline' }]),
  { id: 'methods', title: 'Methods' },
  { id: 'provenance', title: 'Provenance' },
])}
<div class="report-text">
${answerBox(results, config)}
${cohortSection(results, run.assumptions)}
${parts.map(
  ({ endpoint, body }) =>
    html`<section id="endpoint-${endpoint.id}"><h2>${endpoint.title}</h2>
${body}
</section>\n`,
)}
${perturbationSection(results, drawn)}
${methodsSection(run, config)}
${provenanceSection(provenance, results)}
</div>
</div>`;
}

function methodsSection(run: OpenedRun, config: StudyConfig): Html {
  const { paragraphs, references } = methodsText(run.results, config);
  return html`<section id="methods"><h2>Methods</h2>
<p class="small">Written from the settings of this run, to be pasted into a paper.</p>
${paragraphs.map((paragraph) => html`<p>${paragraph}</p>\n`)}
<h3>References</h3>
<ol class="references">${references.map((reference) => html`<li>${reference}</li>\n`)}</ol>
<details><summary>Configuration (config.yaml)</summary><pre>${readFileSync(join(run.folder, runFiles.config), 'utf8')}</pre></details>
</section>`;
}
