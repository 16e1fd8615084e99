import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

/** What is run: the whole default study, or its paper table on one scan of three, which a bench can wait for at 177 patients. */
export type Extent = 'whole' | 'one scan';

/**
 * The embedded default study (studies/phantom.yaml) with another number of patients, all of whom have all scans, and without
 * the audit and the learning curve, which would only lengthen the evaluation: extractors, settings, partitions and pipeline are its own.
 */
export function study(patients: number, extent: Extent): string {
  const definition = parse(
    readFileSync(new URL('../../studies/phantom.yaml', import.meta.url), 'utf8'),
  );
  const one = { scans: ['T2'], byScan: {} };
  const table: string[] = definition.comparison.sets;
  const rest =
    extent === 'whole'
      ? {}
      : {
          extraction: { ...definition.extraction, ...one },
          scanGroups: {},
          sets: Object.fromEntries(table.map((id) => [id, definition.sets[id]])),
        };
  return stringify({
    ...definition,
    ...rest,
    id: `bench-${patients}`,
    title: 'Bench on SYNTHETIC patients',
    cohort: { phantom: { patients, seed: 1, signal: 1, missingScans: 0 } },
    audit: { permutations: 0 },
    // With half of the training rows of few patients an inner fold lacks a class.
    learningCurve: undefined,
  });
}
