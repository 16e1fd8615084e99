import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

/**
 * The embedded default study (studies/phantom.yaml) with another number of patients, all of whom have all scans, and without
 * the audit, which would only lengthen the evaluation: extractors, sets, partitions and pipeline are its own.
 */
export function study(patients: number): string {
  const definition = parse(
    readFileSync(new URL('../../studies/phantom.yaml', import.meta.url), 'utf8'),
  );
  return stringify({
    ...definition,
    id: `bench-${patients}`,
    title: 'Bench on SYNTHETIC patients',
    cohort: { phantom: { patients, seed: 1, signal: 1, missingScans: 0 } },
    audit: { permutations: 0 },
  });
}
