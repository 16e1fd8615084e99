/**
 * Mean time of a piece of work on this machine at this moment, milliseconds; varies from run to run.
 *
 * @param passes how often the work is done, one after the other; 1 or more. Default 5
 */
export async function meanTime(
  work: () => unknown,
  { passes = 5 }: { passes?: number | undefined } = {},
): Promise<number> {
  const start = performance.now();
  for (let pass = 0; pass < passes; pass++) await work();
  return (performance.now() - start) / passes;
}
