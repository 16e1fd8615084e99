import type { PhantomChoice } from './phantom-options.ts';

export interface WrittenPhantom {
  folder: string;
  /** Path of the manifest in it. */
  manifest: string;
}

export function writePhantom(
  _choice: PhantomChoice,
  _where: { within: string } | { out: string },
): WrittenPhantom {
  throw new Error('in the making');
}
