import { basename } from 'node:path';
import { NacreError } from '../../runtime/errors.ts';
import type { ModelFacts } from '../onnx/read-model.ts';
import type { ListedModel, ModelList } from './model-list.ts';

/**
 * `official`: the checkpoint's SHA-256 is that of a listed file; `random`: weights made by `nacre models random`; `own`:
 * whole and usable, but not a listed file (fine-tuned, trained by others).
 */
export type WeightsOrigin = 'official' | 'random' | 'own';

/**
 * Origin of the weights of a file. Checked at every load, since a file name proves nothing.
 *
 * @param path of the checkpoint or of the converted model
 * @throws NacreError `checksum-mismatch` for a file with the name of a listed one but other contents;
 *   `checkpoint-mismatch` where the network of a listed file differs from the list
 */
export function weightsOrigin(facts: ModelFacts, path: string, list: ModelList): WeightsOrigin {
  const { sourceSha256, randomSeed, network } = facts;
  requireListedName(path, sourceSha256, list, randomSeed);
  const listed = list.models.find((model) => model.sha256 === sourceSha256);
  if (listed !== undefined && listed.architecture !== network) {
    throw new NacreError('checkpoint-mismatch', `${listed.file} is listed as another network`, {
      file: path,
      found: `weights of ${network}`,
      expected: listed.architecture,
      todo: 'correct the list of models',
    });
  }
  if (randomSeed !== undefined) return 'random';
  return listed === undefined ? 'own' : 'official';
}

/**
 * Refuses a file that has the name of a listed one but other contents.
 *
 * @param sha256 of the checkpoint, or of the one that a model was converted from
 * @throws NacreError `checksum-mismatch`
 */
export function requireListedName(
  path: string,
  sha256: string,
  list: ModelList,
  randomSeed?: number | undefined,
): void {
  const named = list.models.find((model) => bearsName(path, model));
  if (named !== undefined) requireListed(named, sha256, path, randomSeed);
}

/** Refuses a file whose contents are not those of the listed one. @throws NacreError `checksum-mismatch` */
export function requireListed(
  { id, sha256: published }: ListedModel,
  sha256: string,
  path: string,
  randomSeed?: number | undefined,
): void {
  if (published === sha256) return;
  throw new NacreError(
    'checksum-mismatch',
    randomSeed === undefined
      ? 'the file has the name of a published one, but another content'
      : `the file has the name of a published one, but holds RANDOM weights (seed ${randomSeed})`,
    {
      file: path,
      found: `sha256 ${sha256}`,
      expected: `sha256 ${published}`,
      todo: `delete it and fetch it again (nacre models fetch ${id}); weights of your own need another name, and a study names them with their sha256`,
    },
  );
}

/** Whether a file is called as a listed checkpoint, or as what it converts to (of either variant). */
function bearsName(path: string, { file }: ListedModel): boolean {
  const stem = file.replace(/\.[^.]+$/, '');
  const name = basename(path);
  return name === file || name === `${stem}.onnx` || name === `${stem}_monai.onnx`;
}

/** Name of a network in columns and tables: weights that are not the published ones carry a label. */
export function networkLabel(facts: ModelFacts, origin: WeightsOrigin): string {
  const { network, variant, stemStride, traits, randomSeed, sourceSha256 } = facts;
  const parts: string[] = [network];
  if (traits?.planes !== undefined && origin !== 'official')
    parts.push(`w${traits.planes[0] / 64}`.replace('.', '_'));
  if (variant !== 'medicalnet') parts.push(variant);
  if (stemStride !== (variant === 'medicalnet' ? 2 : 1)) parts.push(`stem${stemStride}`);
  if (randomSeed !== undefined) parts.push(`random${randomSeed}`);
  else if (origin === 'own') parts.push(`own${sourceSha256.slice(0, 8)}`);
  return parts.join('-');
}

/** The error where two networks would give columns of one name. @param path of the second */
export function sameLabel(path: string, label: string): NacreError {
  return new NacreError('bad-option', 'two networks have the same name', {
    file: path,
    found: label,
    expected: 'networks whose columns differ',
  });
}
