import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../src/runtime/write-whole.ts';

/**
 * Compiles wasm/ and writes it into the source tree as text, so that it is loaded like any module, from source,
 * from the package and in a bundle. The same source and compiler give the same bytes on every machine; a test compiles it again.
 */
const checkout = fileURLToPath(new URL('../', import.meta.url));
// By its path: the types of the compiler declare a `console` of their own for every file.
const compiler = new URL('../node_modules/assemblyscript/dist/asc.js', import.meta.url).href;

/** A source of wasm/, the module that holds its bytes, and the name of these there. */
interface Kernel {
  source: string;
  target: string;
  bytes: string;
}

const treeKernel: Kernel = {
  source: 'wasm/tree-kernel.ts',
  target: 'src/learning/xgboost/exact/tree-kernel-bytes.ts',
  bytes: 'treeKernelBytes',
};
const pairKernel: Kernel = {
  source: 'wasm/pair-kernel.ts',
  target: 'src/learning/pair-kernel-bytes.ts',
  bytes: 'pairKernelBytes',
};
const textureLoops: Kernel = {
  source: 'wasm/texture-loops.ts',
  target: 'src/radiomics/algorithms/texture-loops-bytes.ts',
  bytes: 'textureLoopsBytes',
};
const equalRuns: Kernel = {
  source: 'wasm/equal-runs.ts',
  target: 'src/imaging/equal-runs-bytes.ts',
  bytes: 'equalRunsBytes',
};
const normalPairs: Kernel = {
  source: 'wasm/normal-pairs.ts',
  target: 'src/runtime/random-stream/normal-pairs-bytes.ts',
  bytes: 'normalPairsBytes',
};

export const kernels: readonly Kernel[] = [
  ...[treeKernel, pairKernel],
  ...[textureLoops, equalRuns, normalPairs],
];

/** What is called of the compiler. */
interface Compiler {
  main(
    words: string[],
    place: { writeFile(name: string, contents: Uint8Array): void },
  ): Promise<{ error: Error | null; stderr: { toString(): string } }>;
}

/** @throws Error with the compiler's own message */
async function compileKernel({ source }: Kernel): Promise<Uint8Array> {
  const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '-o', 'kernel'];
  const { main: compile } = (await import(compiler)) as Compiler;
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await compile([source, '--baseDir', checkout, ...options], {
    writeFile: (_, contents) => {
      bytes = contents;
    },
  });
  if (error !== null || bytes === undefined) throw new Error(`${source}: ${stderr}`);
  return bytes;
}

/** The module that holds the compiled kernel. */
function kernelModule({ source, bytes: name }: Kernel, bytes: Uint8Array): string {
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
export async function writtenKernel(kernel: Kernel): Promise<string> {
  return kernelModule(kernel, await compileKernel(kernel));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const kernel of kernels) {
    writeWhole(join(checkout, kernel.target), await writtenKernel(kernel));
  }
}
