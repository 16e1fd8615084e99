import type { Cohort } from '../cohort/cohort.ts';
import { cohortRows } from '../cohort/cohort-rows.ts';
import { withoutSeparating } from '../cohort/separating-columns.ts';
import { growthIn } from '../deep/spacing-growth.ts';
import { AssumptionLog, type NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { patientRows } from '../table/patient-rows.ts';
import type { ExtractedFeatures, ExtractionFailure } from './extract-cohort.ts';

/**
 * The cohort with what its scans gave: a block per extractor beside those it had, patients who could not be extracted
 * left out of all of them. Those patients come first in `excluded`, with the reasons; notices count them.
 *
 * @throws NacreError `bad-config` where the cohort has a block under the name of an extractor
 */
export function withFeatures(cohort: Cohort, features: ExtractedFeatures): Cohort {
  refuseSameBlocks(cohort, features);
  const rows = patientRows(cohort.patients, features.patients);
  const { patients, blocks, endpoints, images, columns } = cohortRows(cohort, rows);
  const log = new AssumptionLog();
  log.noteAll(cohort.assumptions ?? []);
  log.noteAll(features.assumptions);
  noteFeatures(log.note, features);
  for (const [block, table] of Object.entries(features.blocks as Cohort['blocks'])) {
    // Made by nacre from the scans, so that they stay; a scanner used for one class alone shows here.
    withoutSeparating(table, endpoints, { kept: 'all', block, note: log.note });
  }
  return {
    ...cohort,
    assumptions: log.list(),
    patients,
    blocks: { ...blocks, ...(features.blocks as Cohort['blocks']) },
    ...(features.redraws && { redraws: redrawnBlocks(features.redraws) }),
    endpoints,
    images,
    columns,
    notices: [...noticesOf(features), ...cohort.notices],
    excluded: [...leftOut(features), ...cohort.excluded],
    inputs: [...cohort.inputs, ...features.inputs.map((input) => ({ ...input }))],
  };
}

/** By block, a table per redraw. */
function redrawnBlocks(redraws: NonNullable<ExtractedFeatures['redraws']>): Cohort['redraws'] {
  return Object.fromEntries(
    Object.keys(redraws[0]).map((block) => [
      block,
      redraws.map((blocks) => (blocks as Cohort['blocks'])[block]),
    ]),
  );
}

/** Refuses a block of the manifest with the name of an extractor, which would replace it. @throws NacreError `bad-config` */
function refuseSameBlocks(cohort: Cohort, { blocks }: ExtractedFeatures): void {
  const twice = Object.keys(blocks).find((block) => Object.hasOwn(cohort.blocks, block));
  if (twice === undefined) return;
  throw new NacreError('bad-config', 'two blocks of features have the same name', {
    column: 'features.block',
    found: `a block ${twice} of the manifest, and the extractor ${twice} of the study`,
    expected: 'a name for each',
    todo: `rename the block in the manifest, or leave ${twice} out of extraction.extractors`,
  });
}

function noteFeatures(
  note: NoteAssumption,
  { failures, missingScans, networks, warnings }: ExtractedFeatures,
): void {
  for (const { patient, scan, region, extractor, code } of failures) {
    note({
      kind: 'patient-left-out',
      patient,
      scan,
      found: [code, region, extractor].filter((part) => part !== undefined).join(', '),
      taken: 'left out of the study',
      why: 'the scan could not be measured; the full message stands under patients left out',
    });
  }
  for (const { patient, scans, left } of missingScans) {
    for (const scan of scans) {
      note({
        kind: 'scan-missing',
        patient,
        scan,
        found: 'no such scan',
        taken:
          left === 'imputed' ? 'its features imputed from training rows' : 'left out of the study',
        why: 'extraction.missingScan of the study, and patients without any scan, decide',
      });
    }
  }
  for (const { extractor, label, file, sha256, checkpoint, onnx } of networks) {
    if (checkpoint === undefined && onnx === undefined) continue;
    note({
      kind: 'own-weights',
      file,
      found: `weights named in the study, sha256 ${sha256}`,
      taken: `features ${label}_0 and so on`,
      why: `extraction.extractors.${extractor} of the study; they are not MedicalNet's`,
    });
  }
  for (const { extractor, randomSeed } of networks) {
    if (randomSeed === undefined) continue;
    note({
      kind: 'random-weights',
      level: 'warning',
      found: `no checkpoint of ${extractor}`,
      taken: `RANDOM weights, seed ${randomSeed}`,
      why: 'its features are random projections; install the checkpoint: nacre models fetch',
    });
  }
  for (const { patient, scan, region, warning } of warnings) {
    note({
      kind: 'network-input',
      patient,
      scan,
      found: `${region}: ${warning}`,
      taken: 'the crop as it is',
      why: 'size and spacing of the crop are extraction.deep of the study',
    });
  }
}

function leftOut({ failures, missingScans }: ExtractedFeatures): Cohort['excluded'] {
  const byPatient = new Map<string, ExtractionFailure[]>();
  for (const failure of failures) {
    byPatient.set(failure.patient, [...(byPatient.get(failure.patient) ?? []), failure]);
  }
  return [
    ...[...byPatient].map(([patient, [first, ...more]]) => ({
      patient,
      reason: `${first.code}: ${first.message}${more.length > 0 ? ` (and ${more.length} more faults)` : ''}`,
    })),
    ...missingScans.flatMap(({ patient, scans, left }) =>
      left === 'out' ? [{ patient, reason: `no scan of ${scans.join(', ')}` }] : [],
    ),
  ];
}

function noticesOf({
  failures,
  missingScans,
  networks,
  warnings,
  assumptions,
}: ExtractedFeatures): string[] {
  const notices: string[] = [];
  const faulty = [...new Set(failures.map(({ patient }) => patient))];
  if (faulty.length > 0) {
    notices.push(`left out because extraction failed: ${counted(faulty)}; reasons in excluded`);
  }
  const imputed = missingScans.filter(({ left }) => left === 'imputed');
  if (imputed.length > 0) {
    notices.push(
      `a scan is missing and its features are imputed from training rows: ${counted(imputed.map(({ patient }) => patient))}`,
    );
  }
  const out = missingScans.filter(({ left }) => left === 'out');
  if (out.length > 0) {
    notices.push(
      `left out because a scan is missing: ${counted(out.map(({ patient }) => patient))}`,
    );
  }
  const lost = assumptions.filter(({ kind }) => kind === 'features-lost');
  if (lost.length > 0) {
    const patients = [...new Set(lost.flatMap(({ patient }) => patient ?? []))];
    const [{ patient, scan, found }] = lost;
    notices.push(
      `more than a tenth of the features lost in ${counted(patients)}; ${scan} of ${patient}: ${found}`,
    );
  }
  for (const { kind, found } of assumptions) {
    if (kind === 'column-empty') notices.push(found);
  }
  const random = networks.filter(({ randomSeed }) => randomSeed !== undefined);
  if (random.length > 0) {
    notices.push(
      `RANDOM weights (seed ${random[0].randomSeed}) in ${random.map(({ extractor }) => extractor).join(', ')}: ` +
        'their features are random projections of the images, not those of MedicalNet',
    );
  }
  // Warnings that differ only in their numbers are one kind: it is reported once, with the first as the example.
  const kinds = new Map<string, { example: string; patients: Set<string> }>();
  for (const { patient, scan, region, warning } of warnings) {
    if (growthIn(warning) !== undefined) continue;
    const kind = warning.replace(/[\d.]+/g, '#');
    const known = kinds.get(kind) ?? {
      example: `${scan} ${region} of ${patient}: ${warning}`,
      patients: new Set(),
    };
    kinds.set(kind, known);
    known.patients.add(patient);
  }
  const coarsest = coarsestInput(warnings);
  if (coarsest !== undefined) notices.push(coarsest);
  for (const { example, patients } of kinds.values()) {
    notices.push(`warned of the networks' input in ${counted([...patients])}; ${example}`);
  }
  return notices;
}

/** What `tooLarge: shrink` did: a large tumour is seen coarser than a small one. */
function coarsestInput(warnings: ExtractedFeatures['warnings']): string | undefined {
  const grown = warnings.flatMap((one) => {
    const factor = growthIn(one.warning);
    return factor === undefined ? [] : [{ ...one, factor }];
  });
  if (grown.length === 0) return undefined;
  const { patient, scan, region, factor } = grown.reduce((a, b) => (b.factor > a.factor ? b : a));
  const patients = [...new Set(grown.map((one) => one.patient))];
  return (
    `the networks see large tumours coarser: the spacing of their input grew in ${counted(patients)}, up to ` +
    `${factor} times (${scan} ${region} of ${patient}), so that tumour size and texture are mixed in their features; ` +
    'extraction.deep.tooLarge: cut keeps the scale and loses the margin'
  );
}

function counted(patients: readonly string[]): string {
  const shown = patients.slice(0, 5).join(', ') + (patients.length > 5 ? ', …' : '');
  return `${patients.length} patient${patients.length > 1 ? 's' : ''} (${shown})`;
}
