import { NacreError } from '../../runtime/errors.ts';
import type { ByteSource } from './byte-source.ts';

/** A file that is damaged or not a checkpoint. @returns NacreError `checkpoint-invalid` */
export function invalidCheckpoint(
  source: ByteSource,
  what: string,
  found?: string,
  expected?: string,
): NacreError {
  return new NacreError('checkpoint-invalid', what, {
    file: source.name,
    found,
    expected,
    todo: 'copy or fetch the checkpoint again',
  });
}
