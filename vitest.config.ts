import { defineConfig } from 'vitest/config';

/**
 * Tests that start kernels, browsers or processes, install the package, inject faults or run whole studies. `npm run test:fast`
 * leaves them out; `npm test` runs everything.
 */
const slow = [
  'test/accessibility/**',
  'test/report/checklists/checklist-ispy1.test.ts',
  'test/browser/**',
  'test/cli/encode.test.ts',
  'test/cli/extract*.test.ts',
  'test/cli/models.test.ts',
  'test/cli/predict.test.ts',
  'test/cli/radiomics*.test.ts',
  'test/cohort/check.test.ts',
  'test/cohort/dicom/**',
  'test/cohort/phantom.test.ts',
  'test/deep/checkpoint/fuzz.test.ts',
  'test/deep/encoder.test.ts',
  'test/deep/models/**',
  'test/deep/onnx/convert.test.ts',
  'test/deep/sts-crops.test.ts',
  'test/evaluation/audit*.test.ts',
  'test/machine/**',
  'test/examples/**',
  'test/explore/**',
  'test/faults/faults.test.ts',
  'test/features/**',
  'test/fuzz/**',
  'test/hostile/**',
  'test/imaging/body.test.ts',
  'test/imaging/reader-fuzz.test.ts',
  'test/learning/ispy1-reference.test.ts',
  'test/learning/reference.test.ts',
  'test/learning/xgboost/**',
  'test/notebook/**',
  'test/package/package.test.ts',
  'test/radiomics/filters/reference-images.test.ts',
  'test/radiomics/settings-effect.test.ts',
  'test/report/qc/**',
  'test/report/static-export.test.ts',
  'test/report/viewer/**',
  'test/runtime/schema-fault.test.ts',
  'test/runtime/worker-pool.test.ts',
  'test/study/run-study.test.ts',
  'test/study/template.test.ts',
  'test/study/trace.test.ts',
  'test/table/excel-cells.test.ts',
  'test/table/patient-spelling.test.ts',
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
      // Run in Chromium, by test/explore, where the counters of this process do not reach.
      exclude: ['src/explore/page/**', 'src/explore/worker/**'],
      reporter: ['text-summary', 'html'],
      reportOnFailure: true,
      // All tests with reference data: 93.7% of lines, 85.2% of branches. The floor leaves room for a machine without them or Chromium.
      thresholds: { lines: 80, statements: 80, functions: 80, branches: 70 },
      reportsDirectory: 'coverage',
    },
    projects: [
      {
        extends: true,
        // One process for many files: to load the modules anew for each took nearly half of the time.
        test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: slow, isolate: false },
      },
      {
        extends: true,
        test: { name: 'slow', include: slow.map((path) => path.replace(/\*\*$/, '**/*.test.ts')) },
      },
    ],
  },
});
