import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const checkout = fileURLToPath(new URL('../../', import.meta.url));
const compiler = join(checkout, 'node_modules', 'typescript', 'bin', 'tsc');

/**
 * Packs nacre into a tarball, from a folder of its own: compiled anew there, so that a module that has been renamed or
 * removed does not stay in the package, and without source maps, whose sources are not packed.
 *
 * @param folder an empty folder
 * @returns path of the tarball
 */
export function packNacre(folder: string): string {
  const stage = join(folder, 'stage');
  for (const path of packedFiles(checkout)) {
    if (path.startsWith('dist/')) continue;
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    cpSync(join(checkout, path), join(stage, path));
  }
  run(process.execPath, [
    ...[compiler, '-p', join(checkout, 'tsconfig.build.json'), '--outDir', join(stage, 'dist')],
    ...['--sourceMap', 'false', '--incremental', 'false', '--tsBuildInfoFile', 'null'],
  ]);
  run(process.execPath, [join(checkout, 'scripts', 'bundle-browser.mjs'), join(stage, 'dist')]);
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', stage, '--json', '--pack-destination', folder], folder),
  ) as { filename: string }[];
  return join(folder, filename);
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
