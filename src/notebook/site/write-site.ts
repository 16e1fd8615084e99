import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Cohort } from '../../cohort/cohort.ts';
import { explorePage } from '../../explore/explore-page.ts';
import { type Extraction, regionsOf } from '../../features/extraction.ts';
import { openRun } from '../../report/open-run.ts';
import { reportStyle } from '../../report/report-style.ts';
import { plotlyBundle } from '../../report/static-export.ts';
import { traceScript, tracesOf } from '../../report/trace-click.ts';
import { niivueBundle } from '../../report/viewer/niivue-bundle.ts';
import { scanScript, type ViewerEntry, viewerBody } from '../../report/viewer/viewer-page.ts';
import { viewerScan } from '../../report/viewer/viewer-scan.ts';
import { viewerScript } from '../../report/viewer/viewer-script.ts';
import { viewerStyle } from '../../report/viewer/viewer-style.ts';
import { allFigures, reportBody, reportTitle } from '../../report/write-report.ts';
import { isNacreError, NacreError } from '../../runtime/errors.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { readNotebook } from '../notebook-file.ts';
import { exploreLink, exploreOfSite, type SiteExplore } from './explore-of-site.ts';
import { notebookBody, notebookTitle } from './notebook-page.ts';
import type { PageParts } from './output-html.ts';
import { type SitePage, sitePage, siteScript, siteStyle } from './site-page.ts';

export interface SiteOptions {
  /** Executed notebooks, in the order of the pages. */
  notebooks?: readonly string[] | undefined;
  /** Cohort whose scans the viewer shows. Default: no viewer. */
  scans?: { cohort: Cohort; extraction?: Extraction | undefined } | undefined;
  /** The page that computes (explore.html). Default: none. Without `scans` it holds nothing of single patients. */
  explore?: SiteExplore | undefined;
  /** Patients in the viewer, from the first. Default 12: a scan is a megabyte or several. */
  patients?: number | undefined;
  /** Called after each scan. */
  onScan?: ((done: number, total: number) => void) | undefined;
}

export interface WrittenSite {
  /** Path of index.html. */
  index: string;
  /** All files, from the folder. */
  files: string[];
  /** Parts that were left out, with the reason. */
  messages: string[];
}

const defaultPatients = 12;

/** Lists the files of a site, so that a rerun deletes those that it no longer writes. */
const listFile = 'site-files.json';

/**
 * Writes the study site: the report as `index.html`, a page per notebook, the viewer of the scans, and the
 * page that computes. One folder of plain
 * files that works from disk: no server, nothing from the network. Equal inputs give equal files.
 *
 * @param out folder of the site; files of an earlier site in it are replaced, others stay
 * @param runFolder finished run, as `nacre study` wrote it
 * @throws NacreError `run-missing`, `bad-json`, `file-missing`, `notebook-broken`, `write-failed`; nothing is
 *   written where a notebook or the run cannot be read
 */
export async function writeSite(
  out: string,
  runFolder: string,
  options: SiteOptions = {},
): Promise<WrittenSite> {
  const run = await openRun(runFolder);
  const title = reportTitle(run);
  const runSynthetic = run.results.cohort.synthetic;
  const notebooks = (options.notebooks ?? []).map((file) => ({
    file,
    page: pageName(file),
    notebook: readNotebook(file),
  }));
  requireOwnPages(notebooks);
  const figures = allFigures(run);
  const messages: string[] = [];
  const files = new Map<string, string | Uint8Array>();
  const pages: SitePage[] = [
    {
      file: 'index.html',
      title: 'Report',
      body: reportBody(run, figures),
      figures: figures.map(({ name, data, layout }) => ({ name, data, layout })),
      data: { traces: tracesOf(run) },
      scripts: ['assets/trace.js'],
      synthetic: runSynthetic,
    },
  ];
  const link = linkOf(notebooks.map(({ file, page }) => [basename(file), `${page}.html`]));
  for (const { file, page, notebook } of notebooks) {
    const parts: PageParts = { figures: [], pictures: new Map(), page };
    const body = notebookBody(notebook, basename(file), parts, link);
    for (const [name, bytes] of parts.pictures) files.set(name, bytes);
    pages.push({
      file: `${page}.html`,
      // The bar at the top shows only the part before the colon.
      title: (notebookTitle(notebook) ?? page).split(':', 1)[0],
      body,
      figures: parts.figures,
      synthetic: runSynthetic,
    });
  }
  mkdirSync(out, { recursive: true });
  const written: string[] = [];
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeWhole(join(out, name), content);
    written.push(name);
  };
  if (options.scans !== undefined) {
    const viewer = await viewerPage(options.scans, options, write);
    messages.push(...viewer.messages);
    if (viewer.page !== undefined) pages.push(viewer.page);
  }
  for (const [name, content] of files) write(name, content);
  write('assets/site.css', reportStyle + siteStyle + viewerStyle);
  write('assets/site.js', siteScript);
  write('assets/trace.js', `'use strict';\n(() => {${traceScript}})();\n`);
  write('assets/plotly.js', readFileSync(plotlyBundle(), 'utf8'));
  const explore =
    options.explore &&
    (await exploreOfSite(run, options.explore, {
      cohort: options.scans?.cohort,
      patients: options.patients ?? defaultPatients,
    }));
  messages.push(...(explore?.messages ?? []));
  const links = [...pages, ...(explore?.page === undefined ? [] : [exploreLink])];
  for (const page of pages) write(page.file, sitePage(page, links, title));
  if (explore?.page !== undefined) {
    write(exploreLink.file, explorePage({ ...explore.page, links }));
    for (const [name, content] of explore.files ?? []) write(name, content);
  }
  forgetOld(out, written);
  return { index: join(out, 'index.html'), files: written.sort(), messages };
}

async function viewerPage(
  { cohort, extraction }: NonNullable<SiteOptions['scans']>,
  { patients = defaultPatients, onScan }: SiteOptions,
  write: (name: string, content: string) => void,
): Promise<{ page?: SitePage; messages: string[] }> {
  const images = Object.entries(cohort.images ?? {});
  const rows = cohort.patients.flatMap((patient, row) =>
    images.some(([, files]) => files[row] !== undefined) ? [{ patient, row }] : [],
  );
  if (rows.length === 0) {
    return { messages: [`no viewer: the cohort ${cohort.id} has no scans on this machine`] };
  }
  const wanted = rows.slice(0, patients).flatMap(({ patient, row }) =>
    images.flatMap(([scan, files]) => {
      const found = files[row];
      return found === undefined ? [] : [{ patient, scan, found }];
    }),
  );
  const entries: ViewerEntry[] = [];
  const messages: string[] = [];
  for (const [i, { patient, scan, found }] of wanted.entries()) {
    try {
      const choice = extraction && regionsOf(extraction, scan, cohort.maskThresholds);
      // Uses a number, because a patient id may hold characters that file names cannot.
      const file = `scans/scan-${String(i + 1).padStart(3, '0')}.js`;
      write(file, scanScript(await viewerScan({ patient, scan }, found, choice)));
      entries.push({ patient, scan, file });
    } catch (error) {
      if (!isNacreError(error) || isNacreError(error, 'write-failed')) throw error;
      // Under pseudonyms a path is not shown: it may hold the id.
      const why = cohort.hidesPaths
        ? `patient ${patient}, ${scan}: ${error.code}`
        : error.located({ patient }).message;
      messages.push(`not in the viewer: ${why}`);
    }
    onScan?.(i + 1, wanted.length);
  }
  if (entries.length === 0) return { messages };
  write('assets/niivue.js', niivueBundle());
  write('assets/viewer.js', viewerScript);
  const page: SitePage = {
    file: 'viewer.html',
    title: 'Scans',
    body: viewerBody(
      {
        title: cohort.title,
        synthetic: cohort.synthetic,
        patients: rows.length,
        ringMm: extraction?.ringMm ?? 5,
        notices: [...cohort.notices, ...messages],
      },
      entries,
    ),
    figures: [],
    scripts: ['assets/niivue.js', 'assets/viewer.js'],
    synthetic: cohort.synthetic,
  };
  return { page, messages };
}

/** Page of a notebook: its file's name, of characters that mean nothing in an address. */
function pageName(file: string): string {
  return basename(file)
    .replace(/\.ipynb$/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-');
}

function requireOwnPages(notebooks: readonly { file: string; page: string }[]): void {
  const taken = new Map([
    ['index', 'the report'],
    ['viewer', 'the viewer'],
    ['explore', 'the page that computes'],
  ]);
  for (const { file, page } of notebooks) {
    const other = taken.get(page);
    if (other !== undefined) {
      throw new NacreError('name-taken', 'two pages of the site would have one name', {
        file,
        found: `${page}.html, also of ${other}`,
        expected: 'a name of its own',
        todo: 'rename the notebook',
      });
    }
    taken.set(page, file);
  }
}

/** A link from one notebook to another leads to its page. */
function linkOf(pages: [notebook: string, page: string][]): (href: string) => string | undefined {
  const byFile = new Map(pages);
  return (href) => {
    // Headings have other ids here than in JupyterLab: the link leads to the top of the page.
    return byFile.get(decodeName(href.split('#', 1)[0]).replace(/^\.\//, ''));
  };
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Deletes files of an earlier site that this one did not write. */
function forgetOld(out: string, written: readonly string[]): void {
  const list = join(out, listFile);
  if (existsSync(list)) {
    const now = new Set(written);
    for (const name of readList(list)) {
      // Only names that a site can have written: nothing outside the folder.
      if (
        !now.has(name) &&
        /^(?:(?:scans|pictures|assets|deep)\/)?[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)
      ) {
        rmSync(join(out, name), { force: true });
      }
    }
  }
  writeWhole(list, `${JSON.stringify([...written].sort(), null, 1)}\n`);
}

function readList(path: string): string[] {
  try {
    const names: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
