import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that a cell waits for, and the test writes: the cell runs until then, on a busy machine too. */
export function signFile(): { name: string; write: () => void } {
  const path = join(mkdtempSync(join(tmpdir(), 'nacre-sign-')), 'end');
  return { name: JSON.stringify(path), write: () => writeFileSync(path, '') };
}
