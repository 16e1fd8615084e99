import { NacreError } from '../../runtime/errors.ts';
import type { PreprocessingChoice } from '../preprocessing.ts';
import type { OnnxSettings } from './onnx-choice.ts';
import type { OnnxContents, OnnxPort } from './onnx-contents.ts';

/** How scans become the tensor of a network. */
export interface OnnxLayout {
  input: string;
  output: string;
  /** Letters of N, C, X, Y, Z, slowest axis first. */
  axes: string;
  /** Axis of space that the network does not see: slices along it are its batch. */
  slices: 'X' | 'Y' | 'Z' | undefined;
  channels: number;
  /** Inputs that one pass takes: 1 where the file fixes it, else any number. */
  batch: 1 | 'any';
  /** Shape of the input: that of the file, completed by the settings. */
  shape: readonly (number | string)[];
}

/**
 * Brings file and settings together: what the settings leave open is read from the file, what does not fit is refused with
 * both shapes.
 *
 * @throws NacreError `bad-option`, `unknown-name`
 */
export function onnxLayout(contents: OnnxContents, settings: OnnxSettings): OnnxLayout {
  const { input: wanted } = settings;
  const input = portNamed(contents.inputs, wanted.name, 'input', contents.file);
  const others = contents.inputs.filter(({ name }) => name !== input.name);
  if (others.length > 0) {
    throw new NacreError('bad-option', 'the network has inputs that nacre cannot fill', {
      file: contents.file,
      found: others.map(described).join(', '),
      expected: 'one input, the scan',
      todo: 'export it with these as constants',
    });
  }
  if (input.type !== 'float32') {
    throw new NacreError('bad-option', 'the network does not take float32', {
      file: contents.file,
      found: described(input),
      expected: 'float32',
      todo: 'export it in float32',
    });
  }
  if (![0, 4, 5].includes(input.shape.length)) {
    throw new NacreError('bad-option', 'the network takes no scan', {
      file: contents.file,
      found: described(input),
      expected: 'batch × channels × two or three axes of space',
      todo: 'export the part of it that takes a scan',
    });
  }
  const output = portNamed(contents.outputs, settings.output, 'output', contents.file);
  const axes = wanted.axes ?? (input.shape.length === 4 ? 'NCYX' : 'NCZYX');
  const channels = Array.isArray(wanted.channels) ? wanted.channels.length : (wanted.channels ?? 1);
  const slices = (['X', 'Y', 'Z'] as const).find((axis) => !axes.includes(axis));
  if (slices !== undefined && settings.pool === 'none') {
    throw new NacreError(
      'bad-option',
      'the features of the slices must be pooled into one vector',
      {
        file: contents.file,
        found: 'pool: none for a two-dimensional network',
        expected: 'pool: mean or max',
        todo: 'choose how the slices are pooled',
      },
    );
  }
  const size = sizeByAxis(settings, input, axes);
  const asked = [...axes].map((axis) =>
    axis === 'N' ? 'N' : axis === 'C' ? channels : (size[axis] ?? axis.toLowerCase()),
  );
  const fits =
    input.shape.length === 0 ||
    (input.shape.length === axes.length &&
      input.shape.every((dim, i) => {
        const want = asked[i];
        return typeof dim !== 'number' || typeof want !== 'number' || dim === want;
      }));
  if (!fits) {
    throw new NacreError('bad-option', 'the input of the network has another shape', {
      file: contents.file,
      found: `${input.name} of ${input.shape.join('×')}`,
      expected: `${asked.join('×')} (${axes}), as the settings say`,
      todo: 'correct axes, size and channels: nacre models inspect FILE proposes them',
    });
  }
  const fixed = input.shape[axes.indexOf('N')];
  if (typeof fixed === 'number' && fixed !== 1) {
    throw new NacreError('bad-option', 'the network takes a batch of another size', {
      file: contents.file,
      found: described(input),
      expected: 'a batch of 1, or of any size',
      todo: 'export it with a free batch axis (dynamic_axes)',
    });
  }
  return {
    input: input.name,
    output: output.name,
    axes,
    slices,
    channels,
    batch: fixed === 1 ? 1 : 'any',
    shape: asked,
  };
}

/** Voxels along X, Y, Z by the settings, else by the file; undefined where neither fixes them. */
function sizeByAxis(
  { input }: OnnxSettings,
  port: OnnxPort,
  axes: string,
): Partial<Record<string, number>> {
  const spatial = ['X', 'Y', 'Z'].filter((axis) => axes.includes(axis));
  const size = input.size;
  return Object.fromEntries(
    spatial.flatMap((axis, i) => {
      const fromSettings = typeof size === 'number' ? size : size?.[i];
      const inFile = port.shape[axes.indexOf(axis)];
      const voxels = fromSettings ?? (typeof inFile === 'number' ? inFile : undefined);
      return voxels === undefined ? [] : [[axis, voxels]];
    }),
  );
}

/**
 * The preprocessing that a layout asks for: size, spacing, orientation and intensities of the network, the rest
 * from the study.
 */
export function onnxPreprocessing(
  contents: OnnxContents,
  settings: OnnxSettings,
  base: PreprocessingChoice,
): PreprocessingChoice {
  const layout = onnxLayout(contents, settings);
  const { intensity, input } = settings;
  const along = (axis: string) => {
    const dim = layout.shape[layout.axes.indexOf(axis)];
    return axis === layout.slices ? null : typeof dim === 'number' ? dim : undefined;
  };
  const size = ['X', 'Y', 'Z'].map(along);
  const known = size.every((voxels) => voxels !== undefined);
  return {
    ...base,
    ...(known ? { size: size as unknown as [number, number, number] } : {}),
    ...(input.spacing === undefined ? {} : { spacing: input.spacing }),
    ...(input.orientation === undefined ? {} : { orientation: input.orientation }),
    ...(intensity === undefined ? {} : { normalise: normaliseOf(intensity) }),
  };
}

/** Refuses a size that differs from the one that the network has. @throws NacreError `bad-option` with both shapes */
export function requireSize(
  asked: PreprocessingChoice['size'],
  { axes, shape }: OnnxLayout,
  file: string,
): void {
  if (asked === undefined || asked === null) return;
  const wanted = [...axes].map((axis, i) => {
    const at = 'XYZ'.indexOf(axis);
    return (at < 0 ? undefined : typeof asked === 'number' ? asked : asked[at]) ?? shape[i];
  });
  if (shape.every((dim, i) => typeof dim !== 'number' || dim === wanted[i])) return;
  throw new NacreError('bad-option', 'the input of the network has another size', {
    file,
    found: `${wanted.join('×')} (${axes})`,
    expected: shape.join('×'),
    todo: 'leave the size out, or take a network of this size',
  });
}

function normaliseOf(
  intensity: NonNullable<OnnxSettings['intensity']>,
): PreprocessingChoice['normalise'] {
  if (intensity === 'none') return 'none';
  if ('zscore' in intensity) return intensity.zscore;
  if ('linear' in intensity) return intensity;
  const to = intensity.to ?? [0, 1];
  if ('window' in intensity) return { window: intensity.window, to };
  const [low, high] = intensity.percentiles;
  return { percentiles: [low, high], to };
}

function portNamed(
  ports: readonly OnnxPort[],
  name: string | undefined,
  what: 'input' | 'output',
  file: string,
): OnnxPort {
  const found = name === undefined ? ports[0] : ports.find((port) => port.name === name);
  if (found !== undefined && (name !== undefined || ports.length === 1 || what === 'input')) {
    return found;
  }
  throw new NacreError(
    'bad-option',
    name === undefined ? `the network has several ${what}s` : `the network has no such ${what}`,
    {
      file,
      found: name ?? ports.map(described).join(', '),
      expected:
        ports.length === 0
          ? 'none there is'
          : `one of ${ports.map((port) => port.name).join(', ')}`,
      todo:
        what === 'output'
          ? 'name the one whose values are the features: output: NAME'
          : 'correct input.name',
    },
  );
}

/** `image float32 N×1×96×96×96` */
export function described({ name, type, shape }: OnnxPort): string {
  return `${name} ${type} ${shape.join('×') || 'of unknown shape'}`;
}
