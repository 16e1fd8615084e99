import { formatRows } from '../../report/format-rows.ts';
import { pValueClause, pValueText } from '../../report/p-value.ts';
import type { RowFormat } from '../../report/row-formats.ts';
import { fittedTable } from '../../runtime/terminal/fitted-table.ts';
import { terminalWidth } from '../../runtime/terminal/terminal-width.ts';
import { wrapWords } from '../../runtime/terminal/wrap-words.ts';
import { classifierTitles } from '../../study/feature-sets.ts';
import { readRun } from '../../study/run-folder.ts';
import { numbersOf, type Trace, traceNumber } from '../../study/trace.ts';
import { exitCodes } from '../exit-codes.ts';

export async function traceCommand(
  run: string,
  number: string | undefined,
  options: { list?: boolean; inputs?: boolean; json?: boolean; format?: RowFormat },
): Promise<void> {
  if (options.list === true || number === undefined) {
    process.stdout.write(`${numbersOf(readRun(run).results.endpoints).join('\n')}\n`);
    return;
  }
  const trace = await traceNumber(run, number);
  process.stdout.write(inFormat(run, trace, options));
  if (trace.checks.some(({ holds }) => !holds)) process.exitCode = exitCodes.unexpected;
}

function penaltyText({ logistic }: Trace['partitions'][number]['fits'][number]): string {
  return logistic === undefined ? '–' : `${logistic.penalty} C ${logistic.c}`;
}

function inFormat(
  run: string,
  trace: Trace,
  { inputs, json, format = json ? 'json' : undefined }: Parameters<typeof traceCommand>[2],
): string {
  if (format === undefined) return describe(run, trace, { inputs, width: terminalWidth() });
  if (format === 'json') return `${JSON.stringify(trace, null, 2)}\n`;
  const rows = trace.partitions.map(({ index, seed, value, train, test, fits }) => ({
    number: trace.number,
    partition: index,
    seed,
    value,
    threshold: fits.map(({ threshold }) => threshold).join(' / '),
    ...(fits.some(({ logistic }) => logistic) && { penalty: fits.map(penaltyText).join(' / ') }),
    trainPatients: train.patients,
    trainPositives: train.positives,
    trainSha256: train.sha256,
    testPatients: test.patients,
    testPositives: test.positives,
    testSha256: test.sha256,
  }));
  return formatRows(rows, format);
}

function describe(
  run: string,
  trace: Trace,
  { inputs: allInputs = false, width }: { inputs?: boolean | undefined; width: number },
): string {
  const { provenance: p, sets, partitions } = trace;
  const spread = Number.isNaN(trace.low)
    ? ''
    : `, 95% interval ${trace.low.toFixed(4)} to ${trace.high.toFixed(4)}`;
  const test =
    trace.p === undefined
      ? ''
      : trace.p === null
        ? ', no test'
        : `, ${pValueClause(trace.p)}, corrected by Holm ${pValueText(trace.pHolm)}`;
  const several = sets.length > 1;
  const penalised = partitions.some(({ fits }) => fits.some(({ logistic }) => logistic));
  const dirty = p.gitDirty ? ' with local changes' : '';
  const networks = hashLines(
    (p.networks ?? []).map(({ extractor, sha256, randomSeed }) => ({
      file: `${extractor}${randomSeed === undefined ? '' : ` (RANDOM weights, seed ${randomSeed})`}`,
      sha256,
    })),
    width,
  );
  const inputs = allInputs
    ? hashLines(p.inputs, width)
    : [`  ${p.inputs.length} files with their SHA-256 in provenance.json (--inputs lists them)`];
  const lines = [
    `${trace.number} = ${trace.value.toFixed(4)}${spread}${test}`,
    `  in ${run}/results.json at ${trace.pointer}`,
    '',
    ...sets.map(
      ({ id, title, candidates, parts, classifier }) =>
        `set ${id}: ${title}, ${candidates} candidates${classifier === undefined ? '' : `, ${classifierTitles[classifier]}`}${
          parts === undefined || parts.extractors.length === 0
            ? ''
            : `; ${parts.extractors.join(' + ')}${parts.clinical ? ' + clinical' : ''}; scans ${parts.scans.join(', ')}; regions ${parts.regions.join(', ')}`
        }`,
    ),
    '',
    `partitions${several ? ' (first minus second)' : ''}:`,
    fittedTable(
      [
        'partition',
        'seed',
        'value',
        'threshold',
        ...(penalised ? ['penalty'] : []),
        'train',
        'sha256',
        'test',
        'sha256',
      ],
      partitions.map((one) => [
        String(one.index),
        String(one.seed),
        one.value.toFixed(4),
        one.fits.map(({ threshold }) => threshold.toFixed(3)).join(' / '),
        ...(penalised ? [one.fits.map(penaltyText).join(' / ')] : []),
        `${one.train.patients} (${one.train.positives})`,
        one.train.sha256.slice(0, 12),
        `${one.test.patients} (${one.test.positives})`,
        one.test.sha256.slice(0, 12),
      ]),
      width,
    ),
    '  patients, and how many of class 1; the hash is of the sorted ids, whole in partitions.json',
    ...(partitions.length > 1 || several
      ? []
      : ['', `features kept: ${partitions[0].fits[0].selected.join(', ')}`]),
    '',
    'files:',
    ...hashLines(trace.files, width),
    '',
    `configuration: sha256 ${p.configSha256}, seed ${p.seed}${p.source?.studyFile ? `, from ${p.source.studyFile}` : ''}`,
    `code: nacre ${p.nacre}, commit ${p.gitCommit ?? 'unknown'}${dirty}, modules ${[p.codeSha256, p.extractionCodeSha256].flatMap((hash) => hash?.slice(0, 12) ?? []).join(', ')}; Node ${p.node}; ${Object.entries(
      p.packages,
    )
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    ...(networks.length > 0 ? ['networks:', ...networks] : []),
    'inputs:',
    ...inputs,
    '',
    'computed again:',
    ...trace.checks.map(({ what, holds }) => `  ${holds ? 'yes' : 'NO '}  ${what}`),
  ];
  // The table fits already, and its spaces stand for columns.
  const fitted = lines.flatMap((line) =>
    line.includes('─') ? line : wrapWords(line, width, { indent: '    ' }),
  );
  return `${fitted.join('\n')}\n`;
}

/** Files and their hashes: a line each where all of them fit. Hashes stay whole, so that they can be copied. */
function hashLines(files: readonly { file: string; sha256: string }[], width: number): string[] {
  const lines = files.map(({ file, sha256 }) => `  ${sha256}  ${file}`);
  if (lines.every((line) => line.length <= width)) return lines;
  return files.flatMap(({ file, sha256 }) => [`  ${file}`, `    ${sha256}`]);
}
