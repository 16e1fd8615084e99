import { isNacreError } from '../../runtime/errors.ts';
import type { OnnxSettings } from '../onnx-file/onnx-choice.ts';
import { type OnnxContents, type OnnxPort, readOnnxContents } from '../onnx-file/onnx-contents.ts';
import { described, onnxLayout } from '../onnx-file/onnx-layout.ts';
import { type ConvertModelOptions, readNetwork } from './convert-model.ts';
import { readModelList } from './model-list.ts';
import { networkLabel, weightsOrigin } from './weights-origin.ts';

/** Contents of a model file, in lines, and a proposal for its entry in a study. */
export interface ModelInspection {
  facts: readonly string[];
  /**
   * YAML for `extractors:` of a study. Questions that the file does not answer are comments for the user. Empty where the file
   * cannot be an extractor as it is; `facts` then end with the reason.
   */
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
  const fit = outputs.filter(holdsFeatures);
  const [output = '', ...otherOutputs] = (fit.length > 0 ? fit : outputs).map(({ name }) => name);
  const obstacle = whyNot(contents, { input: { axes, channels }, output, pool: 'mean' });
  return {
    facts: [
      `ONNX of ${producer || 'an unnamed program'}, opset ${opset}, ${parameters} values`,
      `sha256 ${sha256}${external.length > 0 ? ` (with ${external.map((one) => one.path).join(', ')})` : ''}`,
      ...inputs.map((port) => `input ${described(port)}`),
      ...outputs.map((port) => `output ${described(port)}`),
      ...(obstacle === undefined ? [] : [`cannot be used as it is: ${obstacle}`]),
    ],
    proposal: (obstacle !== undefined
      ? []
      : [
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
          `    output: ${output}${otherOutputs.length > 0 ? ` # or ${otherOutputs.join(', ')}` : ''}`,
          '    pool: mean # over space; max, none',
          '    title: My encoder',
        ]
    ).join('\n'),
  };
}

/** Whether an output may hold features, batch × features or more axes, as far as the file gives its shape. */
function holdsFeatures({ type, shape }: OnnxPort): boolean {
  return type === 'float32' && shape.length >= 2;
}

/** Why no settings make an extractor of the file; undefined where some do. */
function whyNot(contents: OnnxContents, settings: OnnxSettings): string | undefined {
  try {
    onnxLayout(contents, settings);
    return undefined;
  } catch (error) {
    if (!isNacreError(error)) throw error;
    return error.message;
  }
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
