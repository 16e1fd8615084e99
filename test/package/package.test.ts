import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundles } from '../../scripts/bundle-browser.mjs';
import { checkout, packNacre, run } from './pack.ts';
import { installInto, megabytesOnDisk, npm, pnpm } from './project.ts';

// The package as a user gets it: packed, installed into an empty project, and used. `npm run pack:check` runs this alone.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const folder = mkdtempSync(join(tmpdir(), 'nacre-package-'));
const rooms = [
  ...['browser', 'cohort', 'deep', 'evaluation', 'imaging', 'learning'],
  ...['notebook', 'radiomics', 'report', 'study'],
];
const here = new URL('./', import.meta.url).pathname;
let tarball = '';

/** Where no registry answers, the steps that install are skipped and say so. */
const registry = answers(() => run('npm', ['view', 'zod', 'version', '--prefer-online']));

function answers(question: () => unknown): boolean {
  try {
    question();
    return true;
  } catch {
    process.stderr.write('test/package: no package registry answers; installing is not tested\n');
    return false;
  }
}

/** A checkpoint that lies in models/ while nacre is packed. */
const stray = join(checkout, 'models', `stray-${process.pid}.pth`);

beforeAll(() => {
  cpSync(join(checkout, 'package.json'), stray);
  try {
    tarball = packNacre(folder);
  } finally {
    rmSync(stray);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the tarball', () => {
  const entries = () =>
    execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((path) => path.replace('package/', ''));

  it('holds what a user needs', () => {
    expect(entries()).toEqual(
      expect.arrayContaining([
        ...['package.json', 'README.md', 'LICENSE', 'THIRD-PARTY-NOTICES.md', 'CHANGELOG.md'],
        ...[
          'SECURITY.md',
          'models/medicalnet.json',
          'models/encoders.json',
          'studies/phantom.yaml',
          'studies/paper.yaml',
        ],
        ...['data-manifests/ispy1.json', 'data-manifests/template/README.md'],
        ...['workflow/Snakefile', 'workflow/profiles/slurm/config.yaml'],
        ...['notebooks/00-tour.ipynb', 'notebooks/08-audit.ipynb', 'dist/cli/main.js'],
        ...rooms.flatMap((room) => [`dist/${room}/index.js`, `dist/${room}/index.d.ts`]),
      ]),
    );
  });

  it('holds every module of src once and no module that src no longer has', () => {
    const sources = readdirSync(join(checkout, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
      // These are in the package as bundles alone.
      .filter((path) => !/^explore[\\/](page|worker)[\\/]/.test(path))
      .map((path) => `dist/${path.replaceAll('\\', '/').replace(/\.ts$/, '.js')}`);
    const modules = entries().filter((path) => path.startsWith('dist/') && path.endsWith('.js'));
    const pages = bundles.map(({ file }) => `dist/${file}`);
    expect(modules.sort()).toEqual([...sources, ...pages].sort());
  });

  it('holds no weights, no build information, no map, no test and no source', () => {
    const known =
      /^(dist\/.*\.(js|d\.ts|licences\.txt)|(data-manifests|studies|workflow|notebooks|docs)\/.*|models\/(README\.md|(medicalnet|encoders)\.json)|CITATION\.cff|environment\.md|[A-Z-]+(\.md)?|package\.json)$/;
    expect(entries().filter((path) => !known.test(path))).toEqual([]);
    expect(
      entries().filter((path) => /\.(pth|onnx|safetensors|tsbuildinfo|map|test\.ts)$/.test(path)),
    ).toEqual([]);
  });

  it('a checkpoint that lies in models/ stays out', () => {
    expect(
      entries()
        .filter((path) => path.startsWith('models/'))
        .sort(),
    ).toEqual(['models/README.md', 'models/encoders.json', 'models/medicalnet.json']);
    expect(entries().join()).not.toContain('stray-');
  });

  it('names no source map, since none is packed', () => {
    const stage = join(folder, 'stage', 'dist');
    const modules = readdirSync(stage, { recursive: true, encoding: 'utf8' });
    expect(modules.length).toBeGreaterThan(1000);
    const naming = modules.filter(
      (path) =>
        path.endsWith('.js') &&
        /^\/\/# sourceMappingURL=/m.test(readFileSync(join(stage, path), 'utf8')),
    );
    expect(naming).toEqual([]);
  });

  it('passes publint and arethetypeswrong', () => {
    const bin = (name: string) => join(checkout, 'node_modules', '.bin', name);
    expect(run(bin('publint'), ['run', tarball, '--strict'])).toContain('All good');
    // Node has loaded ES modules by `require` since 20.19, the oldest that nacre runs on.
    const report = run(bin('attw'), [tarball, '--ignore-rules', 'cjs-resolves-to-esm']);
    expect(report).toContain('No problems found');
  });
});

describe.skipIf(!registry).each([npm, pnpm])(
  '$name installs it into an empty project',
  (manager) => {
    const project = join(folder, manager.name);
    const node = (...args: string[]) => run(process.execPath, args, project);
    const nacre = (...args: string[]) =>
      run(join(project, 'node_modules', '.bin', 'nacre'), args, project);

    beforeAll(() => installInto(project, manager, tarball));

    it('in less than 80 MB without the optional packages', () => {
      expect(megabytesOnDisk(join(project, 'node_modules'))).toBeLessThan(80);
    });

    /** Names of each room, and native code that this process has loaded. */
    const load = (some: readonly string[]) =>
      JSON.parse(
        node(
          ...['--input-type=module', '--eval'],
          `
      const names = [];
      for (const room of ${JSON.stringify(some)}) names.push(Object.keys(await import('nacre/' + room)).length);
      const { sharedObjects } = process.report.getReport();
      console.log(JSON.stringify({ names, native: sharedObjects.filter((path) => path.endsWith('.node')) }));`,
        ),
      ) as { names: number[]; native: string[] };

    const count = "Object.keys(nacre).length > 70 ? 'whole' : 'in part'";

    if (manager === npm) {
      it.each(rooms)('nacre/%s loads alone, without native code', (room) => {
        const { names, native } = load([room]);
        expect(names[0]).toBeGreaterThan(3);
        expect(native).toEqual([]);
      });

      // What `require` finds is in package.json and in Node, whoever installed it.
      it('the face of all rooms loads by require', () => {
        const byRequire = `const nacre = require('nacre'); console.log(${count})`;
        expect(node('--no-warnings', '--input-type=commonjs', '--eval', byRequire)).toBe('whole\n');
      });
    } else {
      // The order of loading does not depend on who installed; what is found in node_modules does.
      it('all rooms load, without native code', () => {
        const { names, native } = load(rooms);
        expect(names).toHaveLength(rooms.length);
        expect(Math.min(...names)).toBeGreaterThan(3);
        expect(native).toEqual([]);
      });
    }

    it('the face of all rooms loads by import', () => {
      const byImport = `import * as nacre from 'nacre'; console.log(${count})`;
      expect(node('--input-type=module', '--eval', byImport)).toBe('whole\n');
    });

    it('nothing but the rooms is public', () => {
      const script = "await import('nacre/dist/index.js').catch(({ code }) => console.log(code))";
      expect(node('--input-type=module', '--eval', script)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
    });

    it('a missing optional package is named with the command that adds it', () => {
      const script =
        "import { ResNetEncoder } from 'nacre/deep'; await ResNetEncoder.load('x.onnx').catch(({ message }) => console.log(message))";
      expect(node('--input-type=module', '--eval', script)).toMatch(
        /onnxruntime-node .*npm install onnxruntime-node@\d+\.\d+\.\d+\n$/,
      );
    });

    it('a study with networks is refused before its scans are made', () => {
      expect(() => nacre('study', '--out', 'refused')).toThrow(/npm install onnxruntime-node@/);
      expect(existsSync(join(project, '.cache'))).toBe(false);
    });

    it('nacre radiomics and a small study run', () => {
      nacre('cohort', 'phantom', '--patients', '6', '--missing-scans', '0', '--out', 'phantom');
      const scan = join('phantom', 'synthetic-scans', 'SYN_001_ceT1');
      const [image, mask] = [`${scan}.nii.gz`, `${scan}_mask.nii.gz`];
      const features = nacre('radiomics', image, mask);
      expect(features).toContain('original_glcm_Contrast');
      cpSync(join(here, 'small-study.yaml'), join(project, 'small-study.yaml'));
      expect(nacre('study', 'small-study.yaml')).toContain('run folder:');
      expect(statSync(join(project, 'runs', 'small', 'report.html')).size).toBeGreaterThan(1e6);
      expect(existsSync(join(project, 'runs', 'small', 'results.json'))).toBe(true);
    });
  },
);

describe.skipIf(!registry)('types in a strict project, skipLibCheck: false', () => {
  const project = join(folder, 'npm');

  beforeAll(() => {
    // The oldest Node that nacre runs on; its types at a version whose own declarations hold.
    npm.add(project, ['@types/node@20.19.43']);
    cpSync(join(here, 'consumer'), project, { recursive: true });
  });

  it.each(['nodenext', 'bundler'])('%s', (resolution) => {
    const compiler = join(checkout, 'node_modules', 'typescript', 'bin', 'tsc');
    const config = `tsconfig.${resolution}.json`;
    expect(run(process.execPath, [compiler, '-p', config], project)).toBe('');
  });
});
