import { readOnnxContents } from '../onnx-file/onnx-contents.ts';
import { described } from '../onnx-file/onnx-layout.ts';
import { type ConvertModelOptions, readNetwork } from './convert-model.ts';
import { readModelList } from './model-list.ts';
import { networkLabel, weightsOrigin } from './weights-origin.ts';

/** Contents of a model file, in lines, and a proposal for its entry in a study. */
export interface ModelInspection {
  facts: readonly string[];
  /** YAML for `extractors:` of a study. Questions that the file does not answer are comments for the user. */
  proposal: string;
}

/**
 * Reads a checkpoint or an ONNX file and proposes how to use it as an extractor. Nothing is run.
 *
 * @throws NacreError of `readOnnxContents`; of `modelFromCheckpoint` for checkpoints
 */
export async function inspectModel(
  path: string,
  options: ConvertModelOptions = {},
): Promise<ModelInspection> {
  if (!/\.onnx$/i.test(path)) return inspectBuilt(path, options);
  const contents = readOnnxContents(path);
  if (contents.madeByNacre) return inspectBuilt(path, options);
  const { file, sha256, inputs, outputs, opset, producer, parameters, external } = contents;
  const [input] = inputs;
  const shape = input?.shape ?? [];
  const axes = shape.length === 4 ? 'NCYX' : 'NCZYX';
  const space = shape.slice(2).filter((dim) => typeof dim === 'number');
  const size = space.length === shape.length - 2 && space.length > 0 ? sizeText(space) : undefined;
  const channels = typeof shape[1] === 'number' ? shape[1] : 1;
  const output = outputs[0]?.name ?? '';
  return {
    facts: [
      `ONNX of ${producer || 'an unnamed program'}, opset ${opset}, ${parameters} values`,
      `sha256 ${sha256}${external.length > 0 ? ` (with ${external.map((one) => one.path).join(', ')})` : ''}`,
      ...inputs.map((port) => `input ${described(port)}`),
      ...outputs.map((port) => `output ${described(port)}`),
    ],
    proposal: [
      '  my-encoder:',
      `    onnx: ${file} # from the study file`,
      `    sha256: ${sha256}`,
      '    input:',
      `      axes: ${axes} # as torch exports; MONAI's networks were often trained on NC${axes.endsWith('ZYX') ? 'XYZ' : 'XY'}`,
      size === undefined
        ? '      size: 64 # the file takes any: as the network was trained'
        : `      size: ${size}`,
      '      spacing: 1 # mm: the file does not tell; as the network was trained',
      `      channels: ${channels}${channels > 1 ? ' # one scan repeated, or a list of scans: [T1, T2]' : ''}`,
      '    intensity: { zscore: body } # the file does not tell: window, linear, zscore or percentiles',
      `    output: ${output}${
        outputs.length > 1
          ? ` # or ${outputs
              .slice(1)
              .map(({ name }) => name)
              .join(', ')}`
          : ''
      }`,
      '    pool: mean # over space; max, none',
      '    title: My encoder',
    ].join('\n'),
  };
}

function sizeText(space: readonly number[]): string {
  // The file has z, y, x; settings have x, y, z.
  const [...along] = [...space].reverse();
  return along.every((dim) => dim === along[0]) ? String(along[0]) : `[${along.join(', ')}]`;
}

/** Networks that nacre builds from their keys. */
async function inspectBuilt(path: string, options: ConvertModelOptions): Promise<ModelInspection> {
  const list = options.list ?? readModelList();
  const { facts, arch } = await readNetwork(path, { ...options, list });
  const origin = weightsOrigin(facts, path, list);
  const { network, variant, traits, stemStride, sourceSha256, sourceForm } = facts;
  const parts = [
    `${network}, ${variant}, shortcut ${arch.shortcut}${traits?.shortcutBias ? ' with bias' : ''}`,
    `layers of ${arch.layers.map(({ planes }) => planes).join(', ')}`,
    `stem of ${arch.stem.channels} channel${arch.stem.channels > 1 ? 's' : ''}, stride ${stemStride}`,
    `${arch.features} features`,
  ];
  const what = {
    official: 'a published checkpoint',
    random: `RANDOM weights (seed ${facts.randomSeed})`,
    own: 'not a published checkpoint',
  }[origin];
  return {
    facts: [
      parts.join('; '),
      `${what}, ${sourceForm}, columns ${networkLabel(facts, origin)}_0 …`,
      `sha256 ${sourceSha256}`,
    ],
    proposal:
      origin === 'official'
        ? `  ${network}: {}`
        : [
            '  my-weights:',
            `    checkpoint: ${facts.sourceFile} # from the study file`,
            `    sha256: ${sourceSha256}`,
            `    variant: ${variant}`,
            `    stemStride: ${stemStride}`,
          ].join('\n'),
  };
}
