import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packNacre } from '../test/package/pack.ts';

/** `npm run pack:tarball` writes the package into release/, as `npm publish` takes it and as test/package checks it. */
const release = fileURLToPath(new URL('../release/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'nacre-tarball-'));
try {
  const tarball = packNacre(folder);
  mkdirSync(release, { recursive: true });
  const target = join(release, basename(tarball));
  renameSync(tarball, target);
  process.stdout.write(`${target}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
