import { NacreError } from './errors.ts';

/** A file or folder that cannot be opened or read, with the reason of the operating system. @returns NacreError `file-missing` */
export function unreadable(
  what: string,
  path: string,
  cause: unknown,
  {
    expected = 'a readable file',
    todo = 'check the path',
  }: { expected?: string; todo?: string } = {},
): NacreError {
  return new NacreError('file-missing', `cannot read ${what}`, {
    file: path,
    found: (cause as NodeJS.ErrnoException).code,
    expected,
    todo,
    cause,
  });
}
