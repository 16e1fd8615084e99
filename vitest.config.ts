import { defineConfig } from 'vitest/config';

/**
 * Tests that start kernels, browsers or processes, install the package, inject faults or run whole studies. `npm run test:fast`
 * leaves them out; `npm test` runs everything.
 */
const slow = [
  'test/package/package.test.ts',
  'test/faults/faults.test.ts',
  'test/fuzz/**',
  'test/hostile/**',
  'test/notebook/**',
];

export default defineConfig({
  test: {
    // Nothing is measured by these limits: they end a test that hangs, on a loaded machine too.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'coverage',
    },
    projects: [
      {
        extends: true,
        test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: slow },
      },
      {
        extends: true,
        test: { name: 'slow', include: slow.map((path) => path.replace(/\*\*$/, '**/*.test.ts')) },
      },
    ],
  },
});
