import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { manifestSchema } from '../../src/cohort/manifest.ts';
import { phantomSchema } from '../../src/cohort/phantom/phantom-options.ts';
import { modelListSchema } from '../../src/deep/models/model-list.ts';
import { preprocessingSchema } from '../../src/deep/preprocessing.ts';
import { extractionSchema } from '../../src/features/extraction.ts';
import { pipelineConfigSchema } from '../../src/learning/pipeline-config.ts';
import { portablePipelineSchema } from '../../src/learning/portable-pipeline.ts';
import { notebookSchema } from '../../src/notebook/notebook-file.ts';
import { parameterFileSchema } from '../../src/radiomics/parameter-file.ts';
import { settingFields } from '../../src/radiomics/settings.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import { parseWithSchema } from '../../src/runtime/parse-with-schema.ts';
import { studyConfigSchema } from '../../src/study/config.ts';
import { modelSchema } from '../../src/study/model-file.ts';

const schemas: Record<string, z.ZodType> = {
  manifest: manifestSchema,
  study: studyConfigSchema,
  pipeline: pipelineConfigSchema,
  extraction: extractionSchema,
  phantom: phantomSchema,
  settings: settingFields,
  'parameter file': parameterFileSchema,
  preprocessing: preprocessingSchema,
  'model list': modelListSchema,
  model: modelSchema,
  'portable pipeline': portablePipelineSchema,
  notebook: notebookSchema,
};

/** Every schema inside a schema, with the keys that lead to it; one that stands in several places comes once. */
function* parts(
  schema: unknown,
  path = '',
  seen = new Set<z.ZodType>(),
): Generator<[string, z.ZodType]> {
  if (!(schema instanceof z.ZodType) || seen.has(schema)) return;
  seen.add(schema);
  yield [path, schema];
  if (schema instanceof z.ZodObject) {
    for (const [key, part] of Object.entries(schema.shape))
      yield* parts(part, `${path}.${key}`, seen);
  } else if (schema instanceof z.ZodArray) yield* parts(schema.element, `${path}[]`, seen);
  else if (schema instanceof z.ZodRecord) {
    yield* parts(schema.keyType, `${path}.key`, seen);
    yield* parts(schema.valueType, `${path}.*`, seen);
  } else if (schema instanceof z.ZodTuple) {
    for (const item of schema.def.items) yield* parts(item, `${path}[]`, seen);
  } else if (schema instanceof z.ZodUnion) {
    for (const option of schema.options) yield* parts(option, `${path}|`, seen);
  } else if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  ) {
    yield* parts(schema.unwrap(), path, seen);
  }
}

const wrong: unknown[] = [
  ...[undefined, null, true, 0, -1, 0.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 5n],
  ...['', 'x', '7', '../x', 'http://example.org', '(', '\u0000', 'a'.repeat(400)],
  ...[[], [1], ['x', 'x'], [[]], {}, { x: 1 }, { x: {} }, { type: 'x' }, { rule: 3 }],
  ...[{ phantom: { patients: 'x' } }, { phantom: { patints: 3 } }, { 'a b': {} }, [null]],
];

/** How zod phrases what does not fit. */
const raw =
  /invalid|received|unrecognized|too (small|big)|undefined|expected (string|number|array|object|record|boolean|int|nan|map)\b|\[object|_zod/i;

describe('parseWithSchema', () => {
  it.each(Object.entries(schemas))(
    'reports every wrong value in every field of the %s in its own words',
    (name, schema) => {
      let reports = 0;
      for (const [path, part] of parts(schema)) {
        for (const value of wrong) {
          try {
            parseWithSchema(part, value, `the ${name}`, 'f.txt');
          } catch (error) {
            expect(error, path).toBeInstanceOf(NacreError);
            const { facts, message } = error as NacreError;
            // Values are the user's own words.
            const told = `${facts.expected} ${facts.todo ?? ''}`;
            expect(told, `${path}: ${message}`).not.toMatch(raw);
            expect(facts.found, path).toBeTruthy();
            expect(facts.expected, path).toBeTruthy();
            expect(message, path).not.toMatch(/undefined|\[object/);
            reports++;
          }
        }
      }
      expect(reports).toBeGreaterThan(20);
    },
  );

  const expected = (schema: z.ZodType, value: unknown) => {
    try {
      parseWithSchema(schema, value, 'the file');
    } catch (error) {
      return (error as NacreError).message;
    }
    throw new Error('expected a refusal');
  };

  it.each([
    [z.object({ a: z.number() }), { a: '7' }, 'found "7", expected a number, without quotes'],
    [z.object({ a: z.string() }), { a: 5 }, 'found 5, expected a text, in quotes: "5"'],
    [
      z.object({ a: z.string() }),
      {},
      'column a: the file has a wrong value: found nothing, expected a text',
    ],
    [z.int().min(2), 1, 'found 1, expected a number of at least 2'],
    [z.number().gt(0), 0, 'expected a number above 0'],
    [z.int(), 1.5, 'found 1.5, expected a whole number'],
    [z.array(z.string()).min(1), [], 'expected a list of at least 1 entry'],
    [z.url({ protocol: /^https$/ }), 'http://x', 'expected an address that begins with https://'],
    [z.enum(['a', 'b']), 'c', 'expected one of "a", "b"'],
    [z.union([z.string(), z.object({ x: z.number() })]), { x: 'y' }, 'column x'],
    [z.union([z.string(), z.number()]), [], 'expected a text, or a number'],
    [z.string(), undefined, 'found nothing'],
  ])('%#: says what was found and what is expected', (schema, value, words) => {
    expect(expected(schema, value)).toContain(words);
  });

  it('names the nearest key inside a union', () => {
    const study = { cohort: { phantom: { patints: 3 } } };
    expect(expected(studyConfigSchema, study)).toContain('did you mean patients?');
  });
});
