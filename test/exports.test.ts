import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as nacre from '../src/index.ts';

const everyRoom = ['NacreError', 'RandomStream', 'isNacreError'];
const tables = [
  'featureTable',
  'joinTables',
  'openParquet',
  'readParquet',
  'selectRows',
  'writeParquet',
  'summary',
  'writeCsv',
];

// The public face, room by room and name by name: what comes, goes or changes its name is seen in the diff of this list.
const rooms: Record<string, readonly string[]> = {
  imaging: [
    'bodyMask',
    'perturbMask',
    'writeNifti',
    'writeSegmentation',
    'peritumoralRing',
    'readMask',
    'readMasks',
    'readRegions',
    'readVolume',
    'regionVolume',
    'resample',
    'tumourRegions',
  ],
  radiomics: [
    'RadiomicsExtractor',
    'VoxelMaps',
    'discretise',
    'featureDefinitions',
    'filterImage',
    'ibsiParameters',
    'radiomicsSettings',
    'readParameterFile',
    'regionOfInterest',
  ],
  deep: [
    'describeFeatures',
    'describeInput',
    'featureDifference',
    'saliencyShare',
    'ResNetEncoder',
    'architecture',
    'convertModel',
    'deepInput',
    'fetchModel',
    'layerMultiplications',
    'listModels',
    'occlusionSaliency',
    'preprocessingPresets',
    'readStateDict',
    'writeRandomNetwork',
  ],
  learning: [
    ...tables,
    'HeldOutRows',
    'Imputer',
    'Mrmr',
    'Pipeline',
    'Scaler',
    'TrainingRows',
    'fByLuck',
    'loadBooster',
    'splitRows',
  ],
  evaluation: [
    'singleTestRange',
    'auditPermutedLabels',
    'benjaminiHochberg',
    'delong',
    'delongTest',
    'demonstrateSelectionLeak',
    'describeAudit',
    'comparePredictions',
    'evaluatePredictions',
    'constantAnswerScore',
    'fairnessScore',
    'recalibrated',
    'evaluateParquet',
    'evaluatePartition',
    'holm',
    'icc',
    'mcnemar',
    'metricNames',
    'metricsAt',
    'recalibration',
    'resampledInterval',
    'resampledTest',
    'selectionStability',
    'stratifiedPartitions',
  ],
  cohort: [
    ...tables,
    'checkCohort',
    'fetchCohort',
    'loadCohort',
    'manifestJsonSchema',
    'readManifest',
    'syntheticTable',
    'tableOne',
  ],
  study: [
    'extractCohort',
    'extraction',
    'labelledTable',
    'openPartition',
    'openStudy',
    'evaluateModel',
    'predictCohort',
    'predictPatient',
    'siteEffects',
    'trainingPatients',
    'prepareCohort',
    'readRun',
    'readStudyConfig',
    'readTrainedModel',
    'reproduce',
    'runStudy',
    'traceNumber',
    'trainModel',
  ],
  report: ['figures', 'openRun', 'readEvaluations', 'tables', 'writeEvaluation', 'writeReport'],
  notebook: [
    'meanTime',
    'clearOutput',
    'cohortFrame',
    'comms',
    'featureFormulas',
    'resultsFrame',
    'runNotebook',
    'sampleScan',
    'show',
    'syntheticScan',
  ],
};

/** The face of pages: what needs no file, and readers of bytes in place of readers of paths. */
const page = [
  ...['HeldOutRows', 'Mrmr', 'Pipeline', 'RadiomicsExtractor', 'TrainingRows', 'VoxelMaps'],
  ...['benjaminiHochberg', 'bodyMask', 'comparePredictions', 'csvOfTable', 'delong', 'delongTest'],
  ...['demonstrateSelectionLeak', 'discretise', 'evaluatePartition', 'evaluatePredictions'],
  ...['featureDefinitions', 'featureTable', 'filesOf', 'filterImage', 'holm', 'ibsiParameters'],
  ...['icc', 'joinTables', 'mcnemar', 'metricNames', 'metricsAt', 'niftiBytes', 'parquetOfTable'],
  ...['parseParameterText', 'peritumoralRing', 'perturbMask', 'radiomicsSettings', 'readRegions'],
  ...['readVolume', 'regionOfInterest', 'regionVolume', 'resample', 'resampledInterval'],
  ...['resampledTest', 'selectRows', 'selectionStability', 'splitRows', 'stratifiedPartitions'],
  ...['summary', 'tableOfParquet', 'tumourRegions'],
];

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, unknown>;
  typesVersions: Record<'*', Record<string, unknown>>;
};

describe('the rooms of the package', () => {
  it.each(Object.keys(rooms))('nacre/%s exports these values and no other', async (room) => {
    const module: object = await import(`../src/${room}/index.ts`);
    expect(Object.keys(module).sort()).toEqual([...everyRoom, ...rooms[room]].sort());
  });

  it('nacre exports what its rooms export', () => {
    const names = new Set([...everyRoom, ...Object.values(rooms).flat()]);
    expect(Object.keys(nacre).sort()).toEqual([...names].sort());
  });

  it('nacre/browser exports these values and no other', async () => {
    const module: object = await import('../src/browser/index.ts');
    expect(Object.keys(module).sort()).toEqual([...everyRoom, ...page].sort());
  });

  it('package.json exports the rooms and nothing else, to old resolvers too', () => {
    const names = ['browser', ...Object.keys(rooms)];
    const paths = ['.', './package.json', ...names.map((room) => `./${room}`)];
    expect(Object.keys(manifest.exports).sort()).toEqual(paths.sort());
    expect(Object.keys(manifest.typesVersions['*']).sort()).toEqual(names.sort());
  });
});

it('no exported value is undefined, whatever imports what', () => {
  for (const [name, value] of Object.entries(nacre)) expect(value, name).toBeDefined();
});
