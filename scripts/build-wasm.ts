import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../src/runtime/write-whole.ts';

/**
 * Compiles wasm/ and writes it into the source tree as text, so that it is loaded like any module, from source,
 * from the package and in a bundle. The same source and compiler give the same bytes on every machine; a test compiles it again.
 */
const checkout = fileURLToPath(new URL('../', import.meta.url));
const compiler = join(checkout, 'node_modules/assemblyscript/bin/asc.js');

/** A source of wasm/, the module that holds its bytes, and the name of these there. */
export interface Kernel {
  source: string;
  target: string;
  bytes: string;
}

export const treeKernel: Kernel = {
  source: 'wasm/tree-kernel.ts',
  target: 'src/learning/xgboost/exact/tree-kernel-bytes.ts',
  bytes: 'treeKernelBytes',
};
export const pairKernel: Kernel = {
  source: 'wasm/pair-kernel.ts',
  target: 'src/learning/pair-kernel-bytes.ts',
  bytes: 'pairKernelBytes',
};
export const textureLoops: Kernel = {
  source: 'wasm/texture-loops.ts',
  target: 'src/radiomics/algorithms/texture-loops-bytes.ts',
  bytes: 'textureLoopsBytes',
};
export const equalRuns: Kernel = {
  source: 'wasm/equal-runs.ts',
  target: 'src/imaging/equal-runs-bytes.ts',
  bytes: 'equalRunsBytes',
};

/** @throws Error with the compiler's own message */
export function compileKernel({ source }: Kernel): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-wasm-'));
  try {
    const out = join(folder, 'kernel.wasm');
    const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '-o', out];
    execFileSync(process.execPath, [compiler, join(checkout, source), ...options]);
    return readFileSync(out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The module that holds the compiled kernel. */
export function kernelModule({ source, bytes: name }: Kernel, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,92}/g) ?? [];
  return `/** ${source}, compiled by \`npm run build:wasm\`; base64. */
export const ${name} = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('');
`;
}

/** What the committed module has to be. */
export const writtenKernel = (kernel: Kernel) => kernelModule(kernel, compileKernel(kernel));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const kernel of [treeKernel, pairKernel, textureLoops, equalRuns]) {
    writeWhole(join(checkout, kernel.target), writtenKernel(kernel));
  }
}
