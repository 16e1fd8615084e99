import type { Assumption } from '../runtime/assumptions.ts';

/** The parts of an extraction that name scans or their files. */
interface Extracted {
  failures: readonly { patient: string; scan: string; message: string }[];
  inputs: readonly { file: string; scan?: string | undefined; role: string }[];
  assumptions: readonly Assumption[];
}

/**
 * Removes paths from an extraction, since names of scan files contain the ids that a cohort under pseudonyms must not show. A
 * file keeps its checksum; whoever has the key finds the file through the manifest.
 */
export function withoutPaths<E extends Extracted>(extracted: E): E {
  return {
    ...extracted,
    failures: extracted.failures.map((failure) => ({
      ...failure,
      message: `patient ${failure.patient}, ${failure.scan}: refused; its paths are not shown under pseudonyms`,
    })),
    assumptions: extracted.assumptions.map(({ file: _, ...rest }) => rest),
    inputs: extracted.inputs.map((input) =>
      input.role === 'network' ? input : { ...input, file: `${input.scan} ${input.role}` },
    ),
  };
}
