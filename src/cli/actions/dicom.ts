import { join, resolve } from 'node:path';
import Papa from 'papaparse';
import { type DicomCatalogue, dicomCatalogue } from '../../cohort/dicom/catalogue.ts';
import { importCohort } from '../../cohort/dicom/import-cohort.ts';
import { listColumns, listRows } from '../../cohort/dicom/list-rows.ts';
import { planImport } from '../../cohort/dicom/plan-import.ts';
import {
  readSeriesFile,
  seriesFile,
  undecided,
  writeSeriesFile,
} from '../../cohort/dicom/series-file.ts';
import { pseudonymKey } from '../../cohort/pseudonyms.ts';
import { indexHeaders } from '../../machine/dicom/header-index.ts';
import { type Assumption, AssumptionLog, type NoteAssumption } from '../../runtime/assumptions.ts';
import { cacheFolder } from '../../runtime/cache-folder.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { textTable } from '../../runtime/terminal/text-table.ts';
import { formulaStart } from '../../table/csv.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible, resumes } from '../interruptible.ts';

interface Common {
  pseudonymKey?: string;
  cache: boolean;
}

export async function list(
  folder: string,
  options: Common & { json?: boolean; csv?: boolean },
): Promise<void> {
  await interruptible(resumes, async (signal) => {
    const log = new AssumptionLog();
    const catalogue = await catalogueOf(folder, options, log.note, signal);
    const rows = listRows(catalogue);
    if (options.json) {
      const { numbered, others } = catalogue;
      const listing = { series: rows, numbered, others, assumptions: log.list() };
      process.stdout.write(`${JSON.stringify(listing, null, 2)}\n`);
      return;
    }
    if (options.csv) {
      const data = rows.map((row) => listColumns.map((column) => row[column] ?? ''));
      process.stdout.write(
        `${Papa.unparse({ fields: [...listColumns], data }, { newline: '\n', escapeFormulae: formulaStart })}\n`,
      );
      return;
    }
    const patients = new Set(rows.map(({ patient }) => patient)).size;
    const title = `${patients} patients, ${catalogue.series.length} image series, ${catalogue.regions.length} contour sets and segmentations`;
    const cells = rows.map((row) =>
      listColumns
        .filter((column) => column !== 'contrast' && column !== 'refersTo')
        .map((column) =>
          column === 'regions' && row.refersTo !== ''
            ? `${row.regions} → ${row.refersTo}`
            : column === 'note'
              ? row.note.slice(0, 70)
              : String(row[column] ?? ''),
        ),
    );
    const header = [
      'patient',
      'day',
      'series',
      'no.',
      'modality',
      'description',
      'slices',
      'matrix',
      'spacing, mm',
      'phases',
      'regions',
      'note',
    ];
    process.stdout.write(`${title}\n\n${textTable(header, cells)}\n`);
    tellNotes(log.list(), catalogue);
  });
}

export async function importCommand(
  folder: string,
  options: Common & {
    to: string;
    id: string;
    roi?: string[];
    subtract?: boolean;
    deskew?: boolean;
    replan?: boolean;
  },
): Promise<void> {
  const out = resolve(options.to);
  await interruptible(resumes, async (signal) => {
    const log = new AssumptionLog();
    const { deskew } = options;
    const plan = options.replan ? undefined : readSeriesFile(out);
    const catalogue = await catalogueOf(folder, options, log.note, signal);
    tellNotes(log.list(), catalogue);
    if (plan === undefined) {
      const { roi, subtract } = options;
      const planned = await planImport(catalogue, { roi, subtract, deskew, signal });
      writeSeriesFile(out, planned);
      const scans = Object.values(planned.patients).flatMap((one) => Object.values(one));
      const open = scans.filter(({ series, mask }) => series === undecided || mask === undecided);
      process.stdout.write(
        `${Object.keys(planned.patients).length} patients, ${scans.length - open.length} scans chosen, ${open.length} left to you\n` +
          `plan: ${join(out, seriesFile)}\nLook it over, then run the same command again.\n`,
      );
      return;
    }
    const imported = await importCohort(catalogue, plan, out, {
      ...{ id: options.id, deskew, signal },
      progress: (scans) => startProgress('import', scans),
    });
    const { scans, failures, undecided: open, assumptions, manifest } = imported;
    for (const { patient, scan, code, message } of failures) {
      process.stderr.write(`nacre: ${patient}, ${scan}: ${code}: ${message}\n`);
    }
    for (const { patient, scan, why } of open) {
      process.stderr.write(`nacre: ${patient}, ${scan}: undecided in ${seriesFile}: ${why}\n`);
    }
    process.stdout.write(
      `${new Set(scans.map(({ patient }) => patient)).size} patients, ${scans.length} scans written, ${failures.length} failed, ${open.length} undecided, ${assumptions.length} assumptions (import.json)\nmanifest: ${manifest}\n`,
    );
    if (failures.length > 0) process.exitCode = exitCodes.someFailed;
  });
}

async function catalogueOf(
  folder: string,
  { pseudonymKey: keyFile, cache }: Common,
  note: NoteAssumption,
  signal: AbortSignal,
): Promise<DicomCatalogue> {
  const key = pseudonymKey(keyFile, false);
  let progress: ReturnType<typeof startProgress> | undefined;
  try {
    const { headers } = await indexHeaders(resolve(folder), {
      cache: cache ? join(cacheFolder(), 'dicom') : undefined,
      note,
      signal,
      progress: (files, known) => {
        progress = files > known ? startProgress('headers', files, known) : undefined;
        return () => progress?.tick();
      },
    });
    return await dicomCatalogue(headers, { key });
  } finally {
    progress?.stop();
  }
}

function tellNotes(assumptions: readonly Assumption[], { numbered }: DicomCatalogue): void {
  for (const { found, taken } of assumptions) process.stderr.write(`nacre: ${found}: ${taken}\n`);
  if (numbered.length > 0) {
    process.stderr.write(
      `nacre: ${numbered.length} patients have no id, or a name as their id: they are numbered (${numbered.slice(0, 5).join(', ')})\n`,
    );
  }
}
