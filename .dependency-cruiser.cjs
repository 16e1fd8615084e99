const { builtinModules } = require('node:module');

/**
 * The layers of the house, ground floor first (drawn in docs/architecture.md).
 * A folder imports only from folders above it in this list; the check is part of `npm run lint`.
 */
const layers = [
  'runtime',
  'table',
  'imaging',
  'radiomics',
  'learning',
  'evaluation',
  'browser',
  'machine',
  'deep',
  'cohort',
  'features',
  'study',
  'report',
  'explore',
  'notebook',
  'cli',
];

/** Rooms that know no machine: they run in a page as they do in Node, and are handed files, threads and clocks. */
const portable = ['table', 'imaging', 'radiomics', 'learning', 'evaluation'];

/** Of these, the ones that hold it already. */
const portableNow = [...portable, 'browser'];

/** Radiomics and deep stand side by side: two ways from the same volume to a row of features. */
const sideBySide = [{ from: 'deep', to: 'radiomics' }];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan-packages',
      comment: 'an import must be a dependency of package.json',
      severity: 'error',
      // What `npm run build` puts into the module itself.
      from: { path: '^src', pathNot: '^src/runtime/distributions\\.ts$' },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown'],
        dependencyTypesNot: ['npm-peer'],
      },
    },
    {
      name: 'optional-packages-on-demand',
      comment:
        'an optional package is loaded by a dynamic import, where it is first needed; types alone may be imported',
      severity: 'error',
      // The site is loaded as a whole by its command, which asks for its packages first.
      from: { path: '^src', pathNot: '^src/notebook/site/' },
      to: { dependencyTypes: ['npm-peer'], dependencyTypesNot: ['type-only', 'dynamic-import'] },
    },
    {
      name: 'faces-are-for-the-outside',
      comment:
        'a room is imported through its index.ts from outside only; inside, a module names the module it needs',
      severity: 'error',
      from: { path: '^src/', pathNot: 'index\\.ts$' },
      to: { path: '^src/(index|[a-z]+/index)\\.ts$' },
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
      // The face of a portable room also gives what reads and writes files, which lies in machine/.
      from: {
        path: `^src/${layer}/`,
        ...(portable.includes(layer) ? { pathNot: `^src/${layer}/index\\.ts$` } : {}),
      },
      to: { path: `^src/(${[...layers.slice(floor + 1), 'index\\.ts'].join('|')})` },
    })),
    {
      name: 'portable-rooms-know-no-machine',
      comment:
        "no module of these rooms reaches one of Node's own: readers and writers of files lie in machine/",
      severity: 'error',
      from: { path: `^src/(${portableNow.join('|')})/`, pathNot: '/index\\.ts$' },
      to: { path: `^(node:)?(${builtinModules.join('|')})$`, reachable: true },
    },
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
