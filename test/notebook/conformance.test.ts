import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { peerPython } from '../../bench/peers/peer-environment.ts';
import { writeKernelspec } from '../../src/notebook/kernelspec.ts';

/** The Python with Jupyter's suite and clients: made on first use, which takes a minute and needs PyPI. */
function pythonOf(): string | undefined {
  if (process.env.NACRE_E2E !== '1') return undefined;
  try {
    return peerPython('kernel');
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return undefined;
  }
}

const python = pythonOf();
if (python === undefined) {
  process.stderr.write(
    "Jupyter's own clients: skipped, they need Python: npm run e2e, or NACRE_E2E=1\n",
  );
}

/** Jupyter's conformance suite and the front ends without a browser, on the installed kernelspec. */
describe.skipIf(python === undefined)("Jupyter's own clients", () => {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-conformance-'));
  const env = {
    ...process.env,
    JUPYTER_PATH: folder,
    NACRE_HISTORY: join(folder, 'history'),
    JUPYTER_CONSOLE_TEST: '1',
  };
  const notebook = join(folder, 'small.ipynb');

  const run = (args: string[], input?: string) =>
    spawnSync(python!, args, { cwd: folder, env, encoding: 'utf8', timeout: 280_000, input });

  beforeAll(() => {
    writeKernelspec(join(folder, 'kernels'));
    const cell = (source: string) => ({
      cell_type: 'code',
      id: `c${source.length}`,
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    });
    const cells = [cell('const x = 20;'), cell('console.log("printed", x);\nx + 22')];
    const kernelspec = { name: 'nacre', display_name: 'nacre', language: 'typescript' };
    const content = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
    writeFileSync(notebook, JSON.stringify(content));
  });

  it('jupyter_kernel_test passes whole, but for the pager', () => {
    const suite = join(folder, 'test_nacre_kernel.py');
    copyFileSync('test/notebook/conformance/test_nacre_kernel.py', suite);
    const { stdout, status } = run(['-m', 'pytest', '-q', '-rs', suite]);
    expect(stdout).toMatch(/12 passed, 1 skipped/);
    expect(stdout).toMatch(/SKIPPED.*No code page something/s);
    expect(status).toBe(0);
  });

  it.each([
    [
      'nbclient',
      [
        '-c',
        'import nbformat, nbclient, sys\nnb = nbformat.read(sys.argv[1], 4)\nnbclient.NotebookClient(nb, timeout=120).execute()\nnbformat.write(nb, sys.argv[2])',
        notebook,
      ],
    ],
    ['papermill', ['-m', 'papermill', notebook]],
  ])(
    '%s executes a notebook',
    (name, args) => {
      const out = join(folder, `${name}.ipynb`);
      const { stderr, status } = run([...args, out]);
      expect(status, stderr).toBe(0);
      const [, second] = JSON.parse(readFileSync(out, 'utf8')).cells;
      const texts = second.outputs.map(
        (output: { text?: string[]; data?: Record<string, string[]> }) =>
          [output.text ?? output.data?.['text/plain'] ?? []].flat().join(''),
      );
      expect(texts).toEqual(['printed 20\n', '42']);
    },
    300_000,
  );

  it('jupyter console runs a line', () => {
    const console = join(dirname(python!), 'jupyter-console');
    expect(existsSync(console)).toBe(true);
    const { stdout, stderr } = spawnSync(console, ['--kernel', 'nacre', '--simple-prompt'], {
      cwd: folder,
      env,
      encoding: 'utf8',
      timeout: 120_000,
      input: '6 * 7\nexit\n',
    });
    expect(`${stdout}${stderr}`).toMatch(/Out\[1\]: 42/);
  });
});
