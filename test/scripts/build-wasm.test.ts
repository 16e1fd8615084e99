import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kernels, writtenKernel } from '../../scripts/build-wasm.ts';

// All in one process: to load the compiler costs as much as to compile.
it.each(kernels)('$target is compiled from $source', async (kernel) => {
  const committed = new URL(`../../${kernel.target}`, import.meta.url);
  expect(readFileSync(committed, 'utf8')).toBe(await writtenKernel(kernel));
});
