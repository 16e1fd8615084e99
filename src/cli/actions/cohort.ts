import { type CohortCheck, checkCohort } from '../../cohort/check.ts';
import { manifestJsonSchema } from '../../cohort/manifest.ts';
import type { PhantomChoice } from '../../cohort/phantom/phantom-options.ts';
import { writePhantom } from '../../cohort/phantom/write-phantom.ts';
import { type Assumption, countAssumptions } from '../../runtime/assumptions.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { textTable } from '../../runtime/terminal/text-table.ts';
import { exitCodes } from '../exit-codes.ts';

export function schemaCommand(): void {
  process.stdout.write(`${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
}

export async function phantomCommand({
  out,
  ...choice
}: PhantomChoice & { out: string }): Promise<void> {
  const { manifest } = await writePhantom(choice, {
    out,
    progress: (patients) => startProgress('phantom', patients),
  });
  process.stdout.write(
    `SYNTHETIC cohort, made by code; best reachable balanced accuracy in its notices\nmanifest: ${manifest}\n`,
  );
}

export async function checkCommand(
  id: string,
  { json, ...options }: { data?: string; mirror?: string; pseudonymKey?: string; json?: boolean },
): Promise<void> {
  const check = await checkCohort(id, options);
  process.stdout.write(json ? `${JSON.stringify(check, null, 2)}\n` : `${checkText(check)}\n`);
  if (check.duplicates.length > 0) process.exitCode = exitCodes.badInput;
}

/** The check as text for a terminal. */
export function checkText(check: CohortCheck): string {
  const parts = [`${check.title}${check.synthetic ? ' [SYNTHETIC]' : ''}`];
  if (check.warnings.length > 0) {
    parts.push(['Warnings', ...check.warnings.map((warning) => `- ${warning}`)].join('\n'));
  }
  if (check.duplicates.length > 0) {
    parts.push(
      'Patients with more than one row; nothing can be joined before they are merged:',
      textTable(
        ['patient', 'rows', 'file'],
        check.duplicates
          .slice(0, shownDuplicates)
          .map(({ patient, rows, file }) => [patient, rowsText(rows), file]),
      ),
      ...(check.duplicates.length > shownDuplicates
        ? [`… and ${check.duplicates.length - shownDuplicates} patients more (--json lists all)`]
        : []),
    );
  } else {
    parts.push(...countsText(check));
  }
  const notes = check.assumptions.filter(({ level }) => level !== 'warning');
  if (notes.length > 0) parts.push(assumptionsText(notes));
  return parts.join('\n\n');
}

const shownDuplicates = 50;

function rowsText(rows: readonly number[]): string {
  const shown = rows.slice(0, 10).join(', ');
  return rows.length > 10 ? `${shown}, … (${rows.length} in all)` : shown;
}

/** Assumptions shown in full of one kind. */
const shownOfKind = 5;

function assumptionsText(assumptions: readonly Assumption[]): string {
  const lines = countAssumptions(assumptions).flatMap(({ kind, records }) => {
    const those = assumptions.filter((one) => one.kind === kind);
    const more = records - shownOfKind;
    return [
      ...those.slice(0, shownOfKind).map(({ patient, scan, found, taken, why }) => {
        const place = [patient, scan].filter((part) => part !== undefined).join(', ');
        return `- ${kind}: ${place === '' ? '' : `${place}: `}${found}; taken: ${taken} (${why})`;
      }),
      ...(more > 0 ? [`- ${kind}: … and ${more} more (--json lists all)`] : []),
    ];
  });
  return [`Assumptions: ${assumptions.length}`, ...lines].join('\n');
}

function countsText(check: CohortCheck): string[] {
  const parts = [
    `Patients: ${check.patients} joined, ${check.excluded.length} without a partner, 0 duplicates`,
    textTable(
      ['endpoint', 'known', 'positive', 'negative', 'unknown', 'classes'],
      check.endpoints.map((e) => [
        e.id,
        ...[e.known, e.positives, e.negatives, e.unknown].map(String),
        `${e.positiveName} / ${e.negativeName}`,
      ]),
    ),
    textTable(
      ['block', 'features', 'missing values', 'constant', 'identical groups'],
      check.blocks.map((b) => [
        b.block,
        ...[b.features, b.missing, b.constant.length, b.identical.length].map(String),
      ]),
    ),
  ];
  const shown = check.missing.slice(0, 25);
  const more = check.missing.length - shown.length;
  parts.push(
    check.missing.length === 0
      ? 'No missing values.'
      : textTable(
          ['column with missing values', 'missing'],
          shown.map(({ column, missing }) => [column, String(missing)]),
        ) + (more > 0 ? `\n… and ${more} columns more (--json shows all)` : ''),
  );
  const reasons = new Map<string, string[]>();
  for (const { patient, reason } of check.excluded) {
    reasons.set(reason, [...(reasons.get(reason) ?? []), patient]);
  }
  for (const [reason, patients] of reasons) {
    const shown = patients.slice(0, 5).join(', ') + (patients.length > 5 ? ', …' : '');
    parts.push(`Left out, ${reason}: ${patients.length} (${shown})`);
  }
  return parts;
}
