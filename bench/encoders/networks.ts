/** A network of the comparison: how torch makes it, how `nacre encode` and a study read it. */
export interface ComparedNetwork {
  /** Name of the extractor. */
  name: string;
  title: string;
  /** Function of `monai_encoders.py` and its arguments. */
  make:
    | { call: 'checkpoint'; options: Record<string, unknown> }
    | { call: 'export'; options: { kind: string } };
  /** Edge of the input, voxels, and their spacing, mm. */
  size: number;
  spacing: number;
  /** Further words of the extractor in the study, and of `nacre encode`. */
  study: Record<string, unknown>;
  words: readonly string[];
  /** Channels into which each slice is repeated, for a two-dimensional network. */
  flat?: number | undefined;
}

const crop = { size: 40, spacing: 1.5 };

const resnets: ComparedNetwork[] = [10, 18, 34, 50].flatMap((depth) =>
  (['A', 'B'] as const).flatMap((shortcut) =>
    [false, true].map((bias) => ({
      name: `monai${depth}${shortcut}${bias ? '-bias' : ''}`,
      title: `MONAI ResNet${depth}, shortcut ${shortcut}${bias ? ', bias' : ''}`,
      make: { call: 'checkpoint' as const, options: { depth, shortcut, bias } },
      ...crop,
      study: { variant: 'monai' },
      words: ['--variant', 'monai'],
    })),
  ),
);

const fmcib: ComparedNetwork = {
  name: 'fmcib',
  title: "FMCIB's architecture (ResNet50, twice the width)",
  make: {
    call: 'checkpoint',
    options: { depth: 50, shortcut: 'B', bias: true, widen: 2, stride: 2, prefix: 'trunk.' },
  },
  ...crop,
  study: { variant: 'monai', stemStride: 2 },
  words: ['--variant', 'monai', '--stem-stride', '2'],
};

const exported: ComparedNetwork[] = [
  { name: 'densenet121', kind: 'DenseNet121' },
  { name: 'segresnet', kind: 'SegResNet' },
  { name: 'swinunetr', kind: 'SwinUNETR' },
].map(({ name, kind }) => ({
  name,
  title: `${kind}, encoder as ONNX`,
  make: { call: 'export' as const, options: { kind } },
  size: 64,
  spacing: 1,
  study: { input: { axes: 'NCZYX', size: 64, spacing: 1 }, pool: 'mean' },
  words: ['--axes', 'NCZYX'],
}));

const flat: ComparedNetwork = {
  name: 'resnet18-2d',
  title: 'ResNet18 in 2D, slice by slice, as ONNX',
  make: { call: 'export', options: { kind: 'ResNet18 2D' } },
  size: 64,
  spacing: 1,
  study: { input: { axes: 'NCYX', channels: 3, size: 64, spacing: 1 }, pool: 'mean' },
  words: ['--axes', 'NCYX', '--channels', '3'],
  flat: 3,
};

export const comparedNetworks: readonly ComparedNetwork[] = [...resnets, fmcib, ...exported, flat];
