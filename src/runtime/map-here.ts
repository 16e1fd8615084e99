/**
 * Single-threaded `mapInWorkers`. Signals and timers run between two
 * inputs.
 *
 * @throws the reason of `signal` once it is aborted; results finished before that have been passed to `onDone`
 */
export async function mapHere<I, O>(
  inputs: readonly I[],
  work: (input: I) => O | Promise<O>,
  {
    onDone,
    signal,
  }: {
    onDone?: ((output: O, input: I, index: number) => void) | undefined;
    signal?: AbortSignal | undefined;
  } = {},
): Promise<O[]> {
  const outputs: O[] = [];
  for (const [index, input] of inputs.entries()) {
    const output = await work(input);
    outputs.push(output);
    onDone?.(output, input, index);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  return outputs;
}
