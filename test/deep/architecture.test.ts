import { describe, expect, it } from 'vitest';
import {
  architecture,
  blocksOf,
  expectedTensors,
  type NetworkName,
  parameterCount,
  statisticsCount,
  widenFactor,
} from '../../src/deep/architecture.ts';

/** Parameters, running statistics and state-dict keys of MedicalNet's published networks. */
const published: Partial<Record<NetworkName, [number, number, number, number]>> = {
  resnet10: [14_355_520, 5_760, 72, 512],
  resnet18: [32_986_176, 7_808, 102, 512],
  resnet34: [63_295_808, 15_232, 198, 512],
  resnet50: [46_155_072, 53_120, 318, 2_048],
};

describe('architecture', () => {
  it.each(Object.entries(published))(
    '%s has the published counts',
    (name, [parameters, statistics, keys, features]) => {
      for (const variant of ['medicalnet', 'monai'] as const) {
        const arch = architecture(name as NetworkName, { variant });
        const tensors = expectedTensors(arch);
        expect(parameterCount(arch)).toBe(parameters);
        expect(statisticsCount(arch)).toBe(statistics);
        expect(tensors.length).toBe(keys);
        expect(new Set(tensors.map(({ key }) => key)).size).toBe(keys);
        expect(arch.features).toBe(features);
      }
    },
  );

  it('the 23 data sets of ResNet10 weigh what the official file weighs', () => {
    // 57,456,599 bytes in all: values plus at most some 13 kB of pickles and headers.
    const arch = architecture('resnet10');
    const bytes = 4 * (parameterCount(arch) + statisticsCount(arch));
    expect(57_456_599 - bytes).toBeGreaterThan(0);
    expect(57_456_599 - bytes).toBeLessThan(20_000);
  });

  it('layers 3 and 4 are dilated for medicalnet and strided for monai', () => {
    const plain = architecture('resnet18').layers;
    expect(plain.map((layer) => layer.dilation)).toEqual([1, 1, 2, 4]);
    expect(plain.map((layer) => layer.stride)).toEqual([1, 2, 1, 1]);
    const monai = architecture('resnet18', { variant: 'monai' });
    expect(monai.layers.map((layer) => layer.dilation)).toEqual([1, 1, 1, 1]);
    expect(monai.layers.map((layer) => layer.stride)).toEqual([1, 2, 2, 2]);
    expect(monai.stem.stride).toBe(1);
  });

  it('ResNet50 has a shortcut convolution in the first block of layer 1, ResNet10 has not', () => {
    const first = (name: NetworkName) => blocksOf(architecture(name))[0].reshapes;
    expect(first('resnet50')).toBe(true);
    expect(first('resnet10')).toBe(false);
  });

  it('a widened network with a bias in the shortcut has the counts of FMCIB (MONAI ResNet50, widen_factor 2)', () => {
    const arch = architecture('resnet50', {
      variant: 'monai',
      stemStride: 2,
      shortcutBias: true,
      planes: [128, 256, 512, 1024],
    });
    expect(arch.features).toBe(4096);
    expect(widenFactor(arch)).toBe(2);
    // Counted with monai 1.6.1: resnet50(n_input_channels=1, widen_factor=2, feed_forward=False, bias_downsample=True).
    expect(parameterCount(arch)).toBe(184_477_824);
  });

  it.each([
    ['resnet101', 85_205_056],
    ['resnet152', 117_363_776],
    ['resnet200', 126_563_392],
  ] as const)('%s has the parameters of MONAI', (name, parameters) => {
    expect(parameterCount(architecture(name, { variant: 'monai', shortcutBias: true }))).toBe(
      parameters,
    );
  });

  it('refuses an unknown network by name', () => {
    expect(() => architecture('resnet20' as NetworkName)).toThrow(
      /no such network: found resnet20/,
    );
  });
});
