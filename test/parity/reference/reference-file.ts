import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from '../../shared-folder.ts';
import { SuiteSkipped } from '../parity-row.ts';

/** A file or folder of the shared references; the suite that asks is skipped where it is absent. */
export function referenceFile(...parts: string[]): string {
  const shared = sharedFolder();
  if (shared === undefined) {
    throw new SuiteSkipped('no ../shared folder with the published references (NACRE_SHARED)');
  }
  const path = join(shared, ...parts);
  if (!existsSync(path)) throw new SuiteSkipped(`${parts.join('/')} is not in the shared folder`);
  return path;
}
