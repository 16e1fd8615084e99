import { NacreError } from '../../src/runtime/errors.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { mutate } from './mutate.ts';
import type { FuzzTarget } from './targets.ts';

/** What a share of the inputs of one target came to. */
export interface FuzzOutcome {
  /** Read as a whole file. */
  read: number;
  /** Refused by a NacreError that names the file, by code. */
  refused: Record<string, number>;
  /** What must not be: another error, or one that does not name the file. */
  faults: { index: number; what: string }[];
  /** Longest milliseconds of one input, and which. */
  slowest: { index: number; milliseconds: number };
}

/** The name under which a reader gets its file, and which its errors must hold. */
export const fuzzedName = 'fuzzed-file';

/** Input number `index` of a target; each has a stream of its own, so that one can be made again alone. */
export function fuzzInput(target: FuzzTarget, seed: number, index: number): Uint8Array {
  const random = RandomStream.of(seed, `fuzz ${target.name}`, String(index));
  return mutate(target.seeds[index % target.seeds.length], random, target.isText);
}

/** Reads inputs from `from` up to `to`, less the last. `onInput` hears of each before it is read. */
export async function runTarget(
  target: FuzzTarget,
  {
    seed,
    from,
    to,
    onInput,
  }: { seed: number; from: number; to: number; onInput?: (i: number) => void },
): Promise<FuzzOutcome> {
  const outcome: FuzzOutcome = {
    read: 0,
    refused: {},
    faults: [],
    slowest: { index: from, milliseconds: 0 },
  };
  for (let index = from; index < to; index++) {
    const bytes = fuzzInput(target, seed, index);
    onInput?.(index);
    const began = performance.now();
    try {
      await target.read(bytes, fuzzedName);
      outcome.read++;
    } catch (error) {
      if (error instanceof NacreError && error.message.includes(fuzzedName)) {
        outcome.refused[error.code] = (outcome.refused[error.code] ?? 0) + 1;
      } else {
        const { name, message, stack } = error as Error;
        const where =
          error instanceof NacreError ? '' : `\n${stack?.split('\n').slice(1, 6).join('\n')}`;
        outcome.faults.push({ index, what: `${name}: ${message.slice(0, 200)}${where}` });
      }
    }
    const milliseconds = performance.now() - began;
    if (milliseconds > outcome.slowest.milliseconds) outcome.slowest = { index, milliseconds };
  }
  return outcome;
}
