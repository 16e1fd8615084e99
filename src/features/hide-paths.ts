import type { Assumption } from '../runtime/assumptions.ts';

/** What an extraction tells of scans and their files. */
interface Extracted {
  failures: readonly { patient: string; scan: string; message: string }[];
  inputs: readonly { file: string; scan?: string | undefined; role: string }[];
  assumptions: readonly Assumption[];
}

/**
 * What an extraction tells, without paths: names of scan files hold the ids that a cohort under pseudonyms must not show. Of a
 * fault the code stays, of a file its checksum; the manifest leads whoever has the key to the rest.
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
