import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NacreError } from '../../src/runtime/errors.ts';
import {
  optionalPackage,
  optionalPackages,
  packageMissing,
} from '../../src/runtime/optional-package.ts';
import { requirePackages } from '../../src/runtime/require-packages.ts';

const manifest = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, string> | undefined>;

function notFound(what: string): Promise<never> {
  const error = Object.assign(new Error(`Cannot find package '${what}' imported from /x/y.js`), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  return Promise.reject(error);
}

it('loads a package that is installed', async () => {
  const koffi = await optionalPackage('koffi', () => import('koffi'));
  expect(koffi.default.load).toBeTypeOf('function');
});

it('names the command that adds a package that is not installed', async () => {
  const error = await optionalPackage('onnxruntime-node', () => notFound('onnxruntime-node')).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(NacreError);
  expect(error).toMatchObject({ code: 'package-missing' });
  expect((error as Error).message).toBe(
    'an optional package is not installed: onnxruntime-node (runs the networks of deep features); ' +
      'npm install onnxruntime-node@1.30.0',
  );
});

it('names every missing package of a step in one command', () => {
  expect(() => requirePackages('koffi', 'zeromq')).not.toThrow();
  expect(packageMissing(['tslab', 'zeromq']).message).toBe(
    'optional packages are not installed: tslab (is the kernel of notebooks), ' +
      'zeromq (connects the notebook runner to the kernel); npm install tslab@1.0.22 zeromq@6.8.0',
  );
});

it('rethrows the error of a package that is installed and broken', async () => {
  await expect(optionalPackage('koffi', () => notFound('left-pad'))).rejects.toMatchObject({
    code: 'ERR_MODULE_NOT_FOUND',
  });
  const broken = new Error('libonnxruntime.so.1: cannot open shared object file');
  await expect(optionalPackage('onnxruntime-node', () => Promise.reject(broken))).rejects.toBe(
    broken,
  );
});

it('package.json lists the same packages as optional peers, and here at one exact version', () => {
  const { peerDependencies = {}, peerDependenciesMeta = {}, devDependencies = {} } = manifest;
  expect(Object.keys(peerDependencies).sort()).toEqual([...optionalPackages].sort());
  for (const name of optionalPackages) {
    expect(peerDependenciesMeta[name], name).toEqual({ optional: true });
    expect(devDependencies[name], name).toBe(peerDependencies[name].replace(/^[~^]/, ''));
    expect(manifest.dependencies?.[name], name).toBeUndefined();
  }
});

it('the README has one line for the whole, with every optional package at the tested version', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  for (const [name, range] of Object.entries(manifest.peerDependencies ?? {})) {
    expect(readme).toMatch(
      new RegExp(`npm install --ignore-scripts .*${name}@${range.replace('^', '')}\\b`),
    );
  }
});
