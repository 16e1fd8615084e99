import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CohortCheck, checkCohort } from '../cohort/check.ts';
import { manifestIds } from '../cohort/locate.ts';
import { manifestJsonSchema } from '../cohort/manifest.ts';
import type { PhantomChoice } from '../cohort/phantom/phantom-options.ts';
import { writePhantom } from '../cohort/phantom/write-phantom.ts';
import { type Assumption, countAssumptions } from '../runtime/assumptions.ts';
import { startProgress } from '../runtime/terminal/progress.ts';
import { textTable } from '../runtime/terminal/text-table.ts';
import { register as registerFetch } from './cohort-fetch.ts';
import { register as registerQc } from './cohort-qc.ts';
import { exitCodes } from './exit-codes.ts';

export function register(program: Command): void {
  const cohort = program
    .command('cohort')
    .description('fetch a public cohort, look a cohort over (manifests: data-manifests/)');

  registerFetch(cohort);

  cohort
    .command('check')
    .description('patients, endpoint counts, missing values, duplicates, ids without a partner')
    .argument('<cohort>', `${manifestIds().join(', ')}, synthetic-table, or the path of a manifest`)
    .option('--data <folder>', 'folder of the fetched files. Default: where fetch puts them')
    .addOption(
      new Option('--mirror <folder>', 'local copy of the files, read in place').conflicts('data'),
    )
    .option('--pseudonym-key <file>', 'name patients by keyed pseudonyms, as nacre study does')
    .option('--json', 'the same as JSON on stdout')
    .addHelpText(
      'after',
      `
Examples:
  nacre cohort check ispy1
  nacre cohort check my-cohort/manifest.json --json

Exit codes: 0 the cohort can be used, 3 it cannot (the message, or the list of duplicates, says why).`,
    )
    .action(checkCommand);

  registerQc(cohort);

  cohort
    .command('phantom')
    .description(
      'make a SYNTHETIC cohort by code: three scans a patient, masks, clinical variables',
    )
    .option('--patients <n>', 'how many', wholeNumber, 96)
    .option('--seed <n>', 'same seed, same bytes', wholeNumber, 1)
    .option('--signal <x>', 'link of tumours and outcomes; 0 gives a null cohort', Number, 1)
    .option('--missing-scans <share>', 'of patients who lack one of the scans', Number, 0.04)
    .option('--missing-values <share>', 'of values lost in clinical variables', Number, 0.05)
    .requiredOption('--out <folder>', 'where it goes')
    .addHelpText(
      'after',
      `
Examples:
  nacre cohort phantom --out phantom                        96 patients, some 22 MB
  nacre cohort phantom --patients 177 --seed 7 --signal 0 --out null-cohort
  nacre cohort check phantom/synthetic-phantom.json

A study makes its own: cohort: { phantom: { patients: 96, seed: 1, signal: 1 } }

Exit codes: 0 done, 2 bad command line, 3 refused (a knob out of its range, a folder that cannot be written).`,
    )
    .action(phantomCommand);

  cohort
    .command('schema')
    .description(
      'print the JSON Schema of a manifest, for editors (data-manifests/manifest.schema.json)',
    )
    .action(() => {
      process.stdout.write(`${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
    });
}

async function phantomCommand({ out, ...choice }: PhantomChoice & { out: string }): Promise<void> {
  const { manifest } = await writePhantom(choice, {
    out,
    progress: (patients) => startProgress('phantom', patients),
  });
  process.stdout.write(
    `SYNTHETIC cohort, made by code; best reachable balanced accuracy in its notices\nmanifest: ${manifest}\n`,
  );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new InvalidArgumentError('expected a whole number.');
  }
  return value;
}

async function checkCommand(
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
