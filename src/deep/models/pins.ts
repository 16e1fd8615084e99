import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { NacreError } from '../../runtime/errors.ts';
import { canonicalJson } from '../../runtime/hash.ts';
import { parseWithSchema } from '../../runtime/parse-with-schema.ts';
import { parseJson } from '../../runtime/read-json.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { modelsFolder } from './model-store.ts';

/** Name of the list in the model store. */
export const pinsFile = 'pins.json';

const pinsSchema = z.strictObject({
  /** SHA-256 by path: from the store where the file lies in it, absolute elsewhere. */
  pins: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits')),
});

export interface PinOptions {
  /** Folder of the model store. Default: `NACRE_MODELS`, else `models/` of the working folder. */
  models?: string | undefined;
}

/** SHA-256 of the files that were trusted when they were first used, by path. */
export function readPins(options: PinOptions = {}): Record<string, string> {
  const file = join(modelsFolder(options.models), pinsFile);
  if (!existsSync(file)) return {};
  const what = 'the list of pinned networks';
  return parseWithSchema(
    pinsSchema,
    parseJson(readFileSync(file, 'utf8'), { what, file }),
    what,
    file,
  ).pins;
}

/**
 * Trust on first use, as ssh has it for hosts: the first time a file without a stated SHA-256 is used its hash is kept
 * in `pins.json` of the model store; from then on a file with another content is refused.
 *
 * @param sha256 of the file as it is
 * @returns whether this was the first use
 * @throws NacreError `checksum-mismatch`, `write-failed`
 */
export function pin(path: string, sha256: string, options: PinOptions = {}): 'first' | 'known' {
  const folder = modelsFolder(options.models);
  const pins = readPins(options);
  const key = keyOf(path, folder);
  if (pins[key] === sha256) return 'known';
  if (pins[key] !== undefined) {
    throw new NacreError('checksum-mismatch', 'the network changed since it was first used', {
      file: path,
      found: `sha256 ${sha256}`,
      expected: `sha256 ${pins[key]}, pinned in ${join(folder, pinsFile)}`,
      todo: 'restore the file; or, where the change is meant, write its sha256 into the study, or run nacre models forget FILE',
    });
  }
  write(folder, { ...pins, [key]: sha256 });
  return 'first';
}

/** Takes a file out of the list. @returns whether it was there */
export function unpin(path: string, options: PinOptions = {}): boolean {
  const folder = modelsFolder(options.models);
  const { [keyOf(path, folder)]: known, ...rest } = readPins(options);
  if (known === undefined) return false;
  write(folder, rest);
  return true;
}

function write(folder: string, pins: Record<string, string>): void {
  writeWhole(join(folder, pinsFile), `${canonicalJson({ pins }, 2)}\n`);
}

function keyOf(path: string, folder: string): string {
  const within = relative(folder, resolve(path));
  return within.startsWith('..') ? resolve(path) : within.split(sep).join('/');
}
