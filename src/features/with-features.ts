import type { Cohort } from '../cohort/cohort.ts';
import { selectRows } from '../table/join-tables.ts';
import type { ExtractedFeatures, ExtractionFailure } from './extract-cohort.ts';

/**
 * The cohort with what its scans gave: a block an extractor beside those it had, patients who could not be extracted
 * left out of all of them. Who was left out, and why, stands first in `excluded`; notices count it.
 */
export function withFeatures(cohort: Cohort, features: ExtractedFeatures): Cohort {
  const rowOf = new Map(cohort.patients.map((patient, row) => [patient, row]));
  const rows = features.patients.map((patient) => rowOf.get(patient) as number);
  const same = rows.length === cohort.patients.length;
  const blocks = Object.fromEntries(
    Object.entries(cohort.blocks).map(([name, table]) => [
      name,
      same ? table : selectRows(table, rows),
    ]),
  );
  const endpoints = Object.fromEntries(
    Object.entries(cohort.endpoints).map(([id, endpoint]) => [
      id,
      { ...endpoint, labels: Int8Array.from(rows, (row) => endpoint.labels[row]) },
    ]),
  );
  const images =
    cohort.images &&
    Object.fromEntries(
      Object.entries(cohort.images).map(([scan, files]) => [scan, rows.map((row) => files[row])]),
    );
  return {
    ...cohort,
    patients: features.patients,
    blocks: { ...blocks, ...(features.blocks as Cohort['blocks']) },
    endpoints,
    images,
    notices: [...noticesOf(features), ...cohort.notices],
    excluded: [...leftOut(features), ...cohort.excluded],
    inputs: [...cohort.inputs, ...features.inputs.map((input) => ({ ...input }))],
  };
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

function noticesOf({ failures, missingScans, networks, warnings }: ExtractedFeatures): string[] {
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
  const random = networks.filter(({ randomSeed }) => randomSeed !== undefined);
  if (random.length > 0) {
    notices.push(
      `RANDOM weights (seed ${random[0].randomSeed}) in ${random.map(({ extractor }) => extractor).join(', ')}: ` +
        'their features are random projections of the images, not those of MedicalNet',
    );
  }
  // Warnings that differ in their numbers only are of one kind: told once, with the first as the example.
  const kinds = new Map<string, { example: string; patients: Set<string> }>();
  for (const { patient, scan, region, warning } of warnings) {
    const kind = warning.replace(/[\d.]+/g, '#');
    const known = kinds.get(kind) ?? {
      example: `${scan} ${region} of ${patient}: ${warning}`,
      patients: new Set(),
    };
    kinds.set(kind, known);
    known.patients.add(patient);
  }
  for (const { example, patients } of kinds.values()) {
    notices.push(`warned of the networks' input in ${counted([...patients])}; ${example}`);
  }
  return notices;
}

function counted(patients: readonly string[]): string {
  const shown = patients.slice(0, 5).join(', ') + (patients.length > 5 ? ', …' : '');
  return `${patients.length} patient${patients.length > 1 ? 's' : ''} (${shown})`;
}
