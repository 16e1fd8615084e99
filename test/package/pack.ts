import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundles, inlined } from '../../scripts/bundle-browser.mjs';
import { buildWhereStale } from '../../scripts/fresh-dist.mjs';

export const checkout = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Packs nacre into a tarball, from a folder of its own: `dist` as it was compiled, or is compiled here where it is stale. Only
 * what has a source is taken, so that a module that has been renamed or removed does not stay in the package, and modules do not
 * name their source maps, which are not packed.
 *
 * @param folder an empty folder
 * @returns path of the tarball
 */
export function packNacre(folder: string): string {
  const { errors } = buildWhereStale();
  if (errors !== '') throw new Error(errors);
  const stage = join(folder, 'stage');
  for (const path of packedFiles(checkout)) {
    if (path.startsWith('dist/') && !hasSource(path.slice('dist/'.length))) continue;
    const target = join(stage, path);
    mkdirSync(dirname(target), { recursive: true });
    if (/^dist\/.*\.js$/.test(path)) {
      const module = readFileSync(join(checkout, path), 'utf8');
      writeFileSync(target, module.replace(/^\/\/# sourceMappingURL=\S+\.js\.map\s*$/m, ''));
    } else cpSync(join(checkout, path), target);
  }
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', stage, '--json', '--pack-destination', folder], folder),
  ) as { filename: string }[];
  return join(folder, filename);
}

/** Whether a file of `dist` is compiled or bundled from what `src` holds now. */
function hasSource(path: string): boolean {
  const stem = path.replace(/\.(js|d\.ts|licences\.txt)$/, '');
  return (
    existsSync(join(checkout, 'src', `${stem}.ts`)) ||
    [...bundles, ...inlined].some(({ file, licences }) =>
      [file, licences, file.replace(/\.js$/, '.licences.txt')].includes(path),
    )
  );
}

/** What `npm pack` would put into the tarball of a folder, by the `files` of its package.json. */
export function packedFiles(folder: string): string[] {
  const [{ files }] = JSON.parse(run('npm', ['pack', '--dry-run', '--json'], folder)) as {
    files: { path: string }[];
  }[];
  return files.map(({ path }) => path);
}

/** Runs a command and gives its standard output. Its error carries both streams. */
export function run(command: string, args: readonly string[], cwd: string = checkout): string {
  try {
    return execFileSync(command, args, {
      cwd,
      encoding: 'utf8',
      env: plainEnvironment(),
      maxBuffer: 64 * 2 ** 20,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause });
  }
}

/** Without what `npm test` hands down about this checkout: npm in a project of its own would take it for its own. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const ours =
    /^(npm_package_|npm_lifecycle_|npm_config_(local_prefix|ignore_scripts|prefix)$|INIT_CWD$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}
