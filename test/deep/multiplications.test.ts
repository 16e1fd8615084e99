import { describe, expect, it } from 'vitest';
import { architecture } from '../../src/deep/architecture.ts';
import { layerMultiplications } from '../../src/deep/multiplications.ts';

describe('layerMultiplications', () => {
  it('ResNet10 at 64³, by hand', () => {
    const [stem, first, , , last] = layerMultiplications(architecture('resnet10'), 64);
    // 32³ points, 7³ taps, 1 to 64 channels; two 3³ convolutions of 64 channels on 16³.
    expect(stem).toMatchObject({ edge: 32, nominal: 32 ** 3 * 343 * 64 });
    expect(first).toMatchObject({ edge: 16, nominal: 2 * 16 ** 3 * 27 * 64 * 64 });
    // An axis of 8 with dilation 4: the centre tap always, each other tap on half of it, so 16 of 24.
    const [wide, narrow] = [256 * 512 + 512 * 512, 256 * 512];
    expect(last).toMatchObject({
      edge: 8,
      nominal: wide * 24 ** 3 + narrow * 8 ** 3,
      useful: wide * 16 ** 3 + narrow * 8 ** 3,
    });
  });

  it('at 32³ a layer 4 of basic blocks uses one tap of 27', () => {
    const layers = layerMultiplications(architecture('resnet34'), 32);
    const { useful, nominal, edge } = layers[layers.length - 1];
    expect(edge).toBe(4);
    expect(useful / nominal).toBeCloseTo(1 / 27, 12);
  });

  it('bottlenecks are counted too; nothing useful exceeds what is written', () => {
    for (const name of ['resnet10', 'resnet18', 'resnet34', 'resnet50'] as const) {
      for (const variant of ['medicalnet', 'monai'] as const) {
        const layers = layerMultiplications(architecture(name, { variant }), 48);
        expect(layers.map(({ layer }) => layer)).toEqual([
          'stem',
          'layer1',
          'layer2',
          'layer3',
          'layer4',
        ]);
        for (const { useful, nominal } of layers) expect(useful).toBeLessThanOrEqual(nominal);
      }
    }
    const [, first] = layerMultiplications(architecture('resnet50'), 64);
    // Three bottlenecks on 16³: 1³ to 64, 3³, 1³ to 256; a 1³ shortcut in the first.
    const channels = 64 * 64 + 2 * 256 * 64 + 3 * (27 * 64 * 64 + 64 * 256) + 64 * 256;
    expect(first.nominal).toBe(16 ** 3 * channels);
  });
});
