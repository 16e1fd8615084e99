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
  const { code } = cause as NodeJS.ErrnoException;
  return new NacreError('file-missing', `cannot read ${what}`, {
    file: path,
    found: code === 'EISDIR' ? 'a folder (EISDIR)' : code,
    expected,
    todo,
    cause,
  });
}
