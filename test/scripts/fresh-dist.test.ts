import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { build, buildWhereStale, isFresh } from '../../scripts/fresh-dist.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nacre-fresh-'));
const home = join(folder, 'home');
const main = join(home, 'src/cli/main.ts');
const compiler = join(home, 'node_modules/typescript/bin/tsc');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A checkout of two modules, whose compiler copies. */
beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  for (const part of ['src/cli', 'node_modules/typescript/bin'])
    mkdirSync(join(home, part), { recursive: true });
  for (const name of ['tsconfig.json', 'tsconfig.build.json'])
    writeFileSync(join(home, name), '{}');
  writeFileSync(main, 'first');
  writeFileSync(join(home, 'src/other.ts'), 'other');
  writeFileSync(
    compiler,
    `const { cpSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const home = ${JSON.stringify(home)};
mkdirSync(home + '/dist/cli', { recursive: true });
for (const stem of ['cli/main', 'other']) {
  try {
    cpSync(home + '/src/' + stem + '.ts', home + '/dist/' + stem + '.js');
    writeFileSync(home + '/dist/' + stem + '.d.ts', '');
  } catch {}
}
if (readFileSync(home + '/src/cli/main.ts', 'utf8') === 'wrong') {
  console.log('main.ts: wrong');
  process.exit(1);
}`,
  );
});

describe('compiled code', () => {
  it('is stale before the first build, and fresh after it', () => {
    expect(isFresh(home)).toBe(false);
    expect(build(home)).toEqual({ errors: '' });
    expect(isFresh(home)).toBe(true);
  });

  it.each([
    ['was changed', () => writeFileSync(main, 'second')],
    [
      'was put back with an old time',
      () => {
        writeFileSync(main, 'older');
        utimesSync(main, new Date(2001, 1, 1), new Date(2001, 1, 1));
      },
    ],
    ['was added', () => writeFileSync(join(home, 'src/new.ts'), '')],
    ['was removed', () => rmSync(join(home, 'src/other.ts'))],
    ['of compiled code is gone', () => rmSync(join(home, 'dist/cli/main.js'))],
    ['of settings was changed', () => writeFileSync(join(home, 'tsconfig.json'), '{ }')],
  ])('is stale where a file %s', (_, change) => {
    build(home);
    change();
    expect(isFresh(home)).toBe(false);
    expect(buildWhereStale(home)).toEqual({ errors: '' });
    expect(isFresh(home)).toBe(true);
  });

  it('stays stale where the compiler reports errors, and reports them', () => {
    build(home);
    writeFileSync(main, 'wrong');
    expect(buildWhereStale(home).errors).toContain('main.ts: wrong');
    expect(isFresh(home)).toBe(false);
  });

  it('loses a module whose source is gone', () => {
    build(home);
    rmSync(join(home, 'src/other.ts'));
    build(home);
    expect(existsSync(join(home, 'dist/other.js'))).toBe(false);
    expect(existsSync(join(home, 'dist/cli/main.js'))).toBe(true);
  });

  it('is built although a builder that was killed left its lock', () => {
    const lock = join(home, 'dist/.building');
    mkdirSync(lock, { recursive: true });
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(lock, 'pid'), String(ended));
    const past = new Date(Date.now() - 60_000);
    utimesSync(lock, past, past);
    expect(buildWhereStale(home)).toEqual({ errors: '' });
    expect(existsSync(lock)).toBe(false);
  });
});

it('npm run nacre runs dist where it is fresh, and the sources where it is stale', () => {
  for (const name of ['fresh-dist.mjs', 'nacre.mjs']) {
    cpSync(join('scripts', name), join(home, 'scripts', name));
  }
  symlinkSync(join(process.cwd(), 'node_modules/tsx'), join(home, 'node_modules/tsx'));
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
  const run = () =>
    spawnSync(process.execPath, ['scripts/nacre.mjs'], { cwd: home, encoding: 'utf8' }).stdout;
  const named = "console.log(import.meta.url.endsWith('.ts') ? 'sources' : 'dist');";
  writeFileSync(main, named);
  build(home);
  expect(run()).toBe('dist\n');
  writeFileSync(main, `${named} // changed`);
  expect(run()).toBe('sources\n');
});
