import { z } from 'zod';

/** A path below the data folder, with / between folders. Symbolic links are checked when it is opened. */
export const dataPath = z
  .string()
  .min(1)
  .refine(
    (path) =>
      !/^([/\\]|[A-Za-z]:)|[\\\0]/.test(path) &&
      !path.split('/').some((part) => part === '..' || part === ''),
    'a path inside the data folder: relative, with /, without ..',
  );
