import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `npm run release` prepares a version: turns the changesets into a version and an entry of CHANGELOG.md, runs the tests, packs
 * the tarball into release/, and says what is left to a person: to look, to commit, to tag, to publish.
 */
const root = fileURLToPath(new URL('../', import.meta.url));

function run(command: string, ...args: string[]): void {
  process.stdout.write(`> ${command} ${args.join(' ')}\n`);
  execFileSync(command, args, { cwd: root, stdio: 'inherit' });
}

function version(): string {
  return (JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }).version;
}

/** The version that nacre gives of itself is in its source, so that it needs no file to know it. */
function writeVersion(): void {
  const file = `${root}src/runtime/version.ts`;
  const source = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    source.replace(/^const version = '.*';$/m, `const version = '${version()}';`),
  );
}

const changed = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
if (changed !== '') {
  process.stderr.write(`release: commit or remove first:\n${changed}`);
  process.exitCode = 1;
} else {
  run('npx', 'changeset', 'version');
  writeVersion();
  run('npm', 'install', '--package-lock-only');
  run('npm', 'test');
  run('npm', 'run', 'pack:tarball');
  process.stdout.write(
    `Ready: version ${version()}. Read CHANGELOG.md, set the version in CITATION.cff, then:
  git commit -am "Version ${version()}" && git tag v${version()} && git push --follow-tags
The tag publishes (.github/workflows/release.yml); by hand: npm publish release/nacre-${version()}.tgz --access public\n`,
  );
}
