import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { NacreError, nearestName } from '../../runtime/errors.ts';
import { parseJson } from '../../runtime/read-json.ts';
import { readText } from '../../runtime/read-text.ts';
import { checkedValue } from '../../runtime/schema-fault.ts';
import { networkNames, networkVariants } from '../architecture.ts';

const modelSchema = z.strictObject({
  /** Name on the command line: `resnet34`. */
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  architecture: z.enum(networkNames),
  /** How the weights are run, where it is not as MedicalNet's authors run theirs. */
  variant: z.enum(networkVariants).optional(),
  stemStride: z.union([z.literal(1), z.literal(2)]).optional(),
  file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a file name without folders'),
  url: z.url(),
  bytes: z.int().positive().optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'),
  /** How many independent publications of the hash agree. */
  sha256Sources: z.enum(['one', 'several']).default('several'),
});

export const modelListSchema = z.strictObject({
  title: z.string(),
  licence: z.string(),
  licenceUrl: z.string().optional(),
  citation: z.string(),
  note: z.string().optional(),
  models: z.array(modelSchema).min(1),
});

/** A published checkpoint: where it is, how large, what it hashes to. */
export type ListedModel = z.output<typeof modelSchema>;
export type ModelList = z.output<typeof modelListSchema>;

/** The list that comes with nacre: MedicalNet's four official files. */
const medicalNetList: string = fileURLToPath(
  new URL('../../../models/medicalnet.json', import.meta.url),
);

/**
 * Reads a list of checkpoints.
 *
 * @param path JSON as in `models/medicalnet.json`, which is the default
 * @throws NacreError `file-missing`, `bad-json`, `bad-config`
 */
export function readModelList(path: string = medicalNetList): ModelList {
  const what = 'the list of models';
  const expected = 'JSON as in models/medicalnet.json';
  const text = readText(path, what, expected, 'check the path');
  const content = parseJson(text, { what, file: path });
  const { data, fault } = checkedValue(modelListSchema, content);
  if (fault === undefined) return data;
  throw new NacreError('bad-config', 'the list of models has a wrong value', {
    file: path,
    column:
      [...fault.path, ...(fault.unknownKey === undefined ? [] : [fault.unknownKey])].join('.') ||
      '(top level)',
    found: fault.found,
    expected: fault.expected,
  });
}

/** The entry of an id. @throws NacreError `unknown-name` with the nearest known one */
export function listedModel(list: ModelList, id: string): ListedModel {
  const found = list.models.find((model) => model.id === id);
  if (found !== undefined) return found;
  const known = list.models.map((model) => model.id);
  const near = nearestName(id, known);
  throw new NacreError('unknown-name', 'no such model', {
    found: id,
    expected: known.join(', '),
    todo: near === undefined ? 'nacre models list shows them' : `did you mean ${near}?`,
  });
}
