import type { CheckedExtractor } from '../radiomics/checked-extractor.ts';
import { type Diagnostic, diagnosticText, isNumericDiagnostic } from '../radiomics/diagnostics.ts';
import type { PlainColumn } from '../table/parquet-bytes.ts';
import type { CaseFailure } from './case-failure.ts';
import { emptyColumns } from './lost-features.ts';
import type { RadiomicsCase } from './radiomics-case.ts';
import type { RadiomicsOutcome, RadiomicsRow } from './radiomics-worker.ts';

/** Column that holds, as JSON, the reason of every value that could not be computed. */
const missingColumn = 'diagnostics_Missing';

interface Line {
  one: RadiomicsCase;
  row?: RadiomicsRow;
  failure?: CaseFailure;
}

/**
 * The table of a batch: cells of the batch file, label, diagnostics, features. The columns depend on the settings and
 * the batch file alone; a region that could not be measured keeps its row, empty, with the reason.
 */
export function radiomicsColumns(
  cases: readonly RadiomicsCase[],
  outcomes: readonly RadiomicsOutcome[],
  extractor: CheckedExtractor,
): PlainColumn[] {
  const lines = linesOf(cases, outcomes);
  const columns: PlainColumn[] = carried(cases).map((name) => ({
    name,
    type: 'STRING',
    data: lines.map(({ one }) => one.cells[name]),
  }));
  columns.push({
    name: 'Label',
    type: 'STRING',
    data: lines.map((line) => labelText(line, extractor)),
  });
  for (const name of extractor.diagnosticColumns) {
    const values = lines.map(({ row }) => row?.diagnostics[name]);
    columns.push(
      isNumericDiagnostic(name)
        ? { name, type: 'DOUBLE', data: values.map((value) => Number(value ?? Number.NaN)) }
        : {
            name,
            type: 'STRING',
            data: values.map((v) => (v === undefined ? '' : diagnosticText(v))),
          },
    );
  }
  columns.push({
    name: missingColumn,
    type: 'STRING',
    data: lines.map((line) => {
      const missing = missingOf(line);
      return Object.keys(missing).length === 0 ? '' : JSON.stringify(missing);
    }),
  });
  extractor.featureColumns.forEach((name, at) => {
    columns.push({
      name,
      type: 'DOUBLE',
      data: lines.map(({ row }) => row?.values[at] ?? Number.NaN),
    });
  });
  return columns;
}

/** The same as objects keyed by column, one per region; tuples are arrays, a missing value is null. */
export function radiomicsObjects(
  cases: readonly RadiomicsCase[],
  outcomes: readonly RadiomicsOutcome[],
  extractor: CheckedExtractor,
): Record<string, unknown>[] {
  return linesOf(cases, outcomes).map((line) => {
    const { one, row } = line;
    const object: Record<string, unknown> = {};
    for (const name of carried(cases)) object[name] = one.cells[name];
    object.Label = Number(labelText(line, extractor)) || labelText(line, extractor);
    for (const name of extractor.diagnosticColumns) {
      object[name] = (row?.diagnostics[name] as Diagnostic | undefined) ?? null;
    }
    object[missingColumn] = missingOf(line);
    extractor.featureColumns.forEach((name, at) => {
      object[name] = row?.values[at] ?? null;
    });
    return object;
  });
}

/** Failures and losses as a table: the row and cells of the batch file, label, code, message; of columns code and message. */
export function failureColumns(
  cases: readonly RadiomicsCase[],
  outcomes: readonly RadiomicsOutcome[],
  extractor: CheckedExtractor,
): PlainColumn[] {
  const failed: { one?: RadiomicsCase; failure: CaseFailure }[] = cases.flatMap((one, i) =>
    [...outcomes[i].failures, ...outcomes[i].losses].map((failure) => ({ one, failure })),
  );
  failed.push(...emptyFailures(outcomes, extractor).map((failure) => ({ failure })));
  const text = (name: string, cell: (line: (typeof failed)[number]) => string): PlainColumn => ({
    name,
    type: 'STRING',
    data: failed.map(cell),
  });
  return [
    text('row', ({ one }) => String(one?.row || '')),
    ...carried(cases).map((name) => text(name, ({ one }) => one?.cells[name] ?? '')),
    text('Label', ({ failure, one }) => String(failure.label ?? one?.label ?? '')),
    text('code', ({ failure }) => failure.code),
    text('message', ({ failure }) => failure.message),
  ];
}

/** Columns that are empty in every region that was measured, where there are several. */
export function emptyFailures(
  outcomes: readonly RadiomicsOutcome[],
  { featureColumns }: CheckedExtractor,
): CaseFailure[] {
  const rows = outcomes.flatMap((outcome) => outcome.rows);
  const columns = featureColumns.map((name, at) => ({
    name,
    group: 'radiomics',
    values: rows.map(({ values }) => values[at] ?? Number.NaN),
  }));
  return emptyColumns(columns).map((message) => ({ code: 'column-empty', message }));
}

function linesOf(cases: readonly RadiomicsCase[], outcomes: readonly RadiomicsOutcome[]): Line[] {
  return cases.flatMap((one, i) => [
    ...outcomes[i].rows.map((row) => ({ one, row })),
    ...outcomes[i].failures.map((failure) => ({ one, failure })),
  ]);
}

function carried(cases: readonly RadiomicsCase[]): string[] {
  return Object.keys(cases[0]?.cells ?? {}).filter((name) => name !== 'Label');
}

function labelText({ one, row, failure }: Line, { settings }: CheckedExtractor): string {
  return String(row?.label ?? failure?.label ?? one.label ?? settings.setting.label);
}

function missingOf({ row, failure }: Line): Record<string, string> {
  return failure === undefined ? (row?.reasons ?? {}) : { all: failure.message };
}
