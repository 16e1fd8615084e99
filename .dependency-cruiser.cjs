/**
 * The layers of the house, ground floor first (drawn in the README).
 * A folder imports only from folders above it in this list; the check is part of `npm run lint`.
 */
const layers = [
  'runtime',
  'table',
  'imaging',
  'radiomics',
  'deep',
  'cohort',
  'features',
  'learning',
  'evaluation',
  'study',
  'report',
  'notebook',
  'cli',
];

/** Radiomics and deep stand side by side: two ways from the same volume to a row of features. */
const sideBySide = [{ from: 'deep', to: 'radiomics' }];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan-packages',
      comment: 'an import must be a dependency of package.json',
      severity: 'error',
      from: { path: '^src' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown'] },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src' },
      to: { path: '^(test|bench|notebooks)/' },
    },
    ...layers.map((layer, floor) => ({
      name: `layer-${layer}`,
      comment: `${layer}/ imports only from the folders above it in the list`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: `^src/(${[...layers.slice(floor + 1), 'index\\.ts'].join('|')})` },
    })),
    ...sideBySide.map(({ from, to }) => ({
      name: `${from}-not-${to}`,
      severity: 'error',
      from: { path: `^src/${from}/` },
      to: { path: `^src/${to}/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
