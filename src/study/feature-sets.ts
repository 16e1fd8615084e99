import type { Cohort } from '../cohort/cohort.ts';
import { ownNetwork } from '../features/extractor-choice.ts';
import type { ClassifierName } from '../learning/logistic/logistic-settings.ts';
import type { PipelineConfig } from '../learning/pipeline-config.ts';
import { NacreError, nearestName, unknownName } from '../runtime/errors.ts';
import { type FeatureTable, featureTable } from '../table/feature-table.ts';
import type { ComposedSet, StudyConfig } from './config.ts';
import type { SetParts } from './results.ts';

/** Block of the clinical variables. */
export const clinicalBlock = 'clinical';

/** Column names of a network with random weights contain `random`: `ceT1.intra.resnet34-random0_127`. */
const randomNetwork = /(^|\.)resnet\d+[^._]*-random\d+/;

/** A feature set with its tables, to be joined by patient. */
export interface ResolvedSet {
  id: string;
  title: string;
  /** Parts of the set, for sets that the study composes by extractor, scan and region. */
  parts?: SetParts | undefined;
  /** Classifier that the set names, in place of the pipeline's. */
  classifier?: PipelineConfig['classifier'];
  /** Blocks of the cohort that it draws on. */
  blocks: string[];
  tables: FeatureTable[];
}

/**
 * The feature sets of a study from the blocks of a cohort, in the order of the study file.
 *
 * @throws NacreError `unknown-name` for a block, extractor, scan or region that is not there, with the nearest that is
 */
export function resolveFeatureSets(
  config: Pick<StudyConfig, 'featureSets' | 'sets' | 'scanGroups' | 'extraction'>,
  cohort: Pick<Cohort, 'id' | 'blocks'>,
): ResolvedSet[] {
  const plain = config.featureSets.map(({ id, title, blocks, columns, classifier }) => {
    const tables = blocks.map((block) => namedPart(cohort.blocks, block, 'block', cohort));
    return {
      id,
      title: title ?? id,
      blocks,
      ...(classifier === undefined ? {} : { classifier }),
      tables: columns === undefined ? tables : onlyColumns(id, tables, columns),
    };
  });
  const composed = Object.entries(config.sets ?? {}).map(([id, set]) =>
    compose(id, set, config, cohort),
  );
  return [...plain, ...composed];
}

/** The tables without columns that the set does not name. @throws NacreError `unknown-name` */
function onlyColumns(
  id: string,
  tables: readonly FeatureTable[],
  wanted: readonly string[],
): FeatureTable[] {
  const is = (column: string, name: string) => column === name || column.startsWith(`${name}=`);
  const all = tables.flatMap(({ columns }) => columns.map(({ name }) => name));
  for (const name of wanted) {
    if (all.some((column) => is(column, name))) continue;
    const where = { column: `featureSets.${id}.columns` };
    throw unknownName('the blocks of the set have no column of that name', name, all, where);
  }
  return tables.flatMap(({ patients, columns }) => {
    const kept = columns.filter((column) => wanted.some((name) => is(column.name, name)));
    return kept.length > 0 ? [featureTable(patients, kept)] : [];
  });
}

function compose(
  id: string,
  set: ComposedSet,
  { scanGroups: groups = {}, extraction }: Pick<StudyConfig, 'scanGroups' | 'extraction'>,
  cohort: Pick<Cohort, 'id' | 'blocks'>,
): ResolvedSet {
  const extractors = set.extractor === undefined ? [] : [set.extractor].flat();
  const where = (key: string) => ({ column: `sets.${id}.${key}` });
  const images = Object.fromEntries(
    Object.entries(cohort.blocks).filter(([block]) => block !== clinicalBlock),
  );
  const whole = extractors.map((name) => {
    if (Object.hasOwn(images, name)) return images[name];
    throw unknownName(
      `the cohort ${cohort.id} has no extractor of that name`,
      name,
      Object.keys(images),
      where('extractor'),
    );
  });
  const present = (field: 'modality' | 'region') => [
    ...new Set(whole.flatMap(({ columns }) => columns.flatMap((column) => column[field] ?? []))),
  ];
  const scans = present('modality');
  const regions = present('region');
  const wantedScans = set.scans?.flatMap((name) => {
    if (Object.hasOwn(groups, name)) return groups[name];
    return [name];
  });
  for (const name of wantedScans ?? []) {
    if (scans.includes(name)) continue;
    const known = [...scans, ...Object.keys(groups)];
    throw unknownName('the extractor saw no scan of that name', name, known, where('scans'));
  }
  for (const name of set.regions ?? []) {
    if (regions.includes(name)) continue;
    throw unknownName('the extractor saw no region of that name', name, regions, where('regions'));
  }
  const kept = whole.map(({ patients, columns }) =>
    featureTable(
      patients,
      columns.filter(
        ({ modality, region }) =>
          (wantedScans?.includes(modality ?? '') ?? true) &&
          (set.regions?.includes(region ?? '') ?? true),
      ),
    ),
  );
  const empty = kept.findIndex(({ columns }) => columns.length === 0);
  if (empty >= 0) {
    throw new NacreError('no-features', 'a set keeps no feature of an extractor', {
      ...where('scans'),
      found: `no column of ${extractors[empty]} in these scans and regions`,
      expected: 'at least one',
      todo: 'name scans and regions that this extractor saw',
    });
  }
  const randomWeights = kept.some(({ columns }) =>
    columns.some(({ name }) => randomNetwork.test(name)),
  );
  const customExtractors = extractors.filter(
    (name) => extraction && ownNetwork(extraction.extractors, name) !== undefined,
  );
  const titles = Object.fromEntries(
    customExtractors.flatMap((name) => {
      const title = extraction && ownNetwork(extraction.extractors, name)?.title;
      return title === undefined ? [] : [[name, title]];
    }),
  );
  const labels = [
    ...(randomWeights ? ['RANDOM weights'] : []),
    ...(customExtractors.length > 0 ? [`own weights: ${customExtractors.join(', ')}`] : []),
  ];
  const keptScans = scans.filter((name) => wantedScans?.includes(name) ?? true);
  return {
    id,
    title: `${set.title ?? titleOf(set, scansTitle(keptScans, groups), titles)}${labels.map((label) => ` (${label})`).join('')}`,
    ...(set.classifier === undefined ? {} : { classifier: set.classifier }),
    blocks: set.clinical ? [...extractors, clinicalBlock] : extractors,
    parts: {
      extractors,
      clinical: set.clinical,
      scans: keptScans,
      regions: regions.filter((name) => set.regions?.includes(name) ?? true),
      scansTitle: scansTitle(keptScans, groups),
      randomWeights,
      ...(customExtractors.length > 0 ? { ownWeights: customExtractors } : {}),
    },
    tables: set.clinical
      ? [...kept, namedPart(cohort.blocks, clinicalBlock, 'block', cohort)]
      : kept,
  };
}

/** Names of classifiers in titles and text. */
export const classifierTitles: Record<ClassifierName, string> = {
  xgboost: 'boosted trees',
  logistic: 'logistic regression',
  ridge: 'ridge logistic regression',
  lasso: 'lasso logistic regression',
};

/** Default title of a set: `ResNet34 + clinical, MRI, intra`. */
function titleOf(
  { extractor, clinical, scans, regions, classifier }: ComposedSet,
  scansInShort: string,
  titles: Readonly<Record<string, string>>,
): string {
  const names = [extractor ?? []].flat().map((name) => {
    if (name === 'radiomics') return 'Handcrafted';
    if (Object.hasOwn(titles, name)) return titles[name];
    return name.replace(/^resnet/, 'ResNet');
  });
  const what = [...names, ...(clinical ? ['clinical'] : [])].join(' + ');
  const where = [
    scans && scansInShort,
    regions?.join(' + '),
    classifier && classifierTitles[classifier],
  ].filter((part) => part !== undefined);
  return [`${what.charAt(0).toUpperCase()}${what.slice(1)}`, ...where].join(', ');
}

/** Short list of scans: the name of a group if all its scans are present, else the names of the scans. */
function scansTitle(
  scans: readonly string[],
  groups: Readonly<Record<string, readonly string[]>>,
): string {
  const whole = Object.entries(groups).filter(([, members]) =>
    members.every((name) => scans.includes(name)),
  );
  const grouped = new Set(whole.flatMap(([, members]) => members));
  return [...whole.map(([name]) => name), ...scans.filter((name) => !grouped.has(name))].join(
    ' + ',
  );
}

/** A block or endpoint of a cohort. @throws NacreError `unknown-name` with the nearest that is there */
export function namedPart<T>(
  things: Readonly<Record<string, T>>,
  name: string,
  what: string,
  cohort: Pick<Cohort, 'id'>,
): T {
  if (Object.hasOwn(things, name)) return things[name];
  const near = nearestName(name, Object.keys(things));
  throw new NacreError('unknown-name', `the cohort ${cohort.id} has no ${what} of that name`, {
    found: name,
    expected: Object.keys(things).join(', '),
    todo: near === undefined ? 'correct the study file' : `did you mean ${near}?`,
  });
}
