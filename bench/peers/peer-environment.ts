import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../src/runtime/hash.ts';

const here = fileURLToPath(new URL('./', import.meta.url));

/**
 * The Python of a peer's virtual environment, made on first use from `bench/peers/requirements-<name>.txt` and made
 * again when that file changes; a peer whose source package needs tools to build finds them in
 * `requirements-<name>-build.txt`, installed first. It lies in `NACRE_PEERS_VENVS` (default: `bench/peers/.venv-<name>`).
 *
 * @param name `torch`, `pyradiomics`, `sklearn`, …
 * @param base the Python that makes the environment, where a peer needs a newer one
 * @throws where there is no python3, or pip cannot install; the message says what to do
 */
export function peerPython(name: string, base = 'python3'): string {
  const root = process.env.NACRE_PEERS_VENVS;
  const folder = root ? resolve(root, name) : join(here, `.venv-${name}`);
  const python = join(folder, 'bin', 'python');
  const requirements = join(here, `requirements-${name}.txt`);
  const build = join(here, `requirements-${name}-build.txt`);
  const stamp = join(folder, 'nacre-requirements.sha256');
  const wanted = sha256(readFileSync(requirements));
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)
    return python;
  process.stderr.write(`making the virtual environment ${name} (once; some minutes)\n`);
  mkdirSync(folder, { recursive: true });
  rmSync(stamp, { force: true });
  if (!existsSync(python)) run(base, ['-m', 'venv', folder]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  if (existsSync(build)) run(python, [...pip, '-r', build]);
  run(python, [...pip, ...(existsSync(build) ? ['--no-build-isolation'] : []), '-r', requirements]);
  writeFileSync(stamp, wanted);
  return python;
}

/** Versions as pip knows them, for the foot of a table. */
export function peerVersions(python: string, packages: readonly string[]): Record<string, string> {
  const code = `import importlib.metadata as m, json; print(json.dumps({p: m.version(p) for p in ${JSON.stringify(packages)}}))`;
  return JSON.parse(execFileSync(python, ['-c', code], { encoding: 'utf8' }));
}

function run(command: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split('\n').slice(-3).join(' ');
  throw new Error(
    `cannot make the peer's environment: ${command} ${args[0]} ${args[1]} failed: ${reason}; ` +
      'install python3 with its venv module, or name a folder of ready environments in NACRE_PEERS_VENVS',
  );
}
