import { type Document, parseDocument } from 'yaml';
import { z } from 'zod';
import { pipelineConfigSchema } from '../learning/pipeline-config.ts';
import { NacreError } from '../runtime/errors.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import { parseWithSchema } from '../runtime/parse-with-schema.ts';
import { readText } from '../runtime/read-text.ts';

const share = z.number().min(0).max(1);

const publishedSchema = z.strictObject({
  /** What the number is: `ResNet34`, `handcrafted`. */
  label: z.string().min(1),
  /** Where it stands: authors, journal, year, doi. */
  source: z.string().min(1),
  balancedAccuracy: share.optional(),
  auc: share.optional(),
});

const featureSetSchema = z.strictObject({
  /** Short name in tables and files: `radiomics+clinical`. */
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*$/, 'letters, digits, + . _ - only'),
  title: z.string().optional(),
  /** Blocks of the cohort that are put side by side: `clinical`, `radiomics`, `resnet34`. */
  blocks: z.array(z.string().min(1)).min(1),
});

/** One study: everything that decides a number, and nothing else. Read from YAML by `readStudyConfig`. */
export const studyConfigSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, . _ - only'),
  title: z.string().min(1),
  /** Id of a manifest in `data-manifests/`, a path to one, or `synthetic-table` for patients made by code. */
  cohort: z.string().min(1),
  endpoints: z.array(z.string().min(1)).min(1),
  featureSets: z.array(featureSetSchema).min(1),
  pipeline: pipelineConfigSchema,
  /** Independent stratified partitions. */
  partitions: z.int().min(2).max(1000).default(10),
  testShare: z.number().gt(0).lt(1).default(0.2),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  /** Permuted-label audit; 0 leaves it out. */
  audit: z.strictObject({ permutations: z.int().min(0).max(10_000) }).default({ permutations: 0 }),
  /** Published numbers an endpoint, shown beside ours in columns of their own. */
  published: z.record(z.string(), z.array(publishedSchema)).default({}),
});

export type StudyConfig = z.output<typeof studyConfigSchema>;

/**
 * Reads a study file. Unknown keys are refused with the nearest known one; YAML aliases are not followed.
 *
 * @throws NacreError `file-missing`, `bad-yaml`, `unknown-key`, `bad-config`
 */
export function readStudyConfig(path: string): StudyConfig {
  const text = readText(
    path,
    'the study file',
    'a YAML file such as studies/ispy1.yaml',
    'check the path (nacre study --help shows examples)',
  );
  return parseStudyConfig(text, path);
}

/** The same from text; `file` names it in errors. */
export function parseStudyConfig(text: string, file: string): StudyConfig {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new NacreError('bad-yaml', 'the study file is not valid YAML', {
      file,
      found: document.errors[0].message.split('\n')[0],
      todo: 'mend the line named',
    });
  }
  const config = parseWithSchema(
    studyConfigSchema,
    withoutAliases(document, file),
    'the study file',
    file,
  );
  checkReferences(config, file);
  return config;
}

/** An alias bomb grows a small file without end, and no study needs an alias. */
function withoutAliases(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new NacreError('bad-yaml', 'the study file uses a YAML alias', {
      file,
      found: (cause as Error).message,
      todo: 'write the value out',
      cause,
    });
  }
}

/** The hash that names a configuration: equal settings, equal hash, whatever the order of keys or the comments. */
export function configHash(config: StudyConfig): string {
  return sha256(canonicalJson(config));
}

function checkReferences(config: StudyConfig, file: string): void {
  const ids = new Set<string>();
  config.featureSets.forEach(({ id }, i) => {
    if (ids.has(id)) {
      throw new NacreError('bad-config', 'two feature sets have one id', {
        file,
        column: `featureSets.${i}.id`,
        found: id,
        expected: 'an id of its own',
      });
    }
    ids.add(id);
  });
  for (const endpoint of Object.keys(config.published)) {
    if (config.endpoints.includes(endpoint)) continue;
    throw new NacreError('bad-config', 'published numbers for an endpoint that the study lacks', {
      file,
      column: `published.${endpoint}`,
      found: endpoint,
      expected: config.endpoints.join(', '),
    });
  }
}
