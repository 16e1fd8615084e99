import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ResNetEncoder } from '../../src/deep/encoder.ts';
import { convertModel } from '../../src/deep/models/convert-model.ts';
import { madeScan } from './made-scans.ts';
import { writeTinyNetwork } from './tiny-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-layer-map-'));
const { volume, mask } = madeScan();
const size = { size: 32, spacing: 2.5 } as const;
let encoder: ResNetEncoder;

beforeAll(async () => {
  const tiny = writeTinyNetwork(join(folder, 'tiny.pth'), 5);
  const medicalnet = join(folder, 'medicalnet.onnx');
  await convertModel(tiny, medicalnet, { variant: 'medicalnet' });
  encoder = await ResNetEncoder.load([medicalnet, tiny], {
    layers: ['layer1', 'layer2', 'layer3', 'layer4'],
  });
});
afterAll(async () => {
  await encoder.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe('layerMap', () => {
  it('has the feature as its mean, in every layer of MedicalNet and MONAI networks', async () => {
    const { features } = await encoder.encode(volume, mask, size);
    for (const { block, values } of features) {
      const channel = values.length - 2;
      const { map } = await encoder.layerMap(volume, mask, `${block}_${channel}`, size);
      const mean = map.data.reduce((sum, value) => sum + value, 0) / map.data.length;
      expect(mean, block).toBeCloseTo(values[channel], 5);
    }
  });

  it('lies in the place of the patient: the grid of the input, coarser by the strides', async () => {
    const at = async (feature: string) => encoder.layerMap(volume, mask, feature, size);
    const [medicalnet] = encoder.networks;
    const { map, input } = await at(`${medicalnet.block}_0`);
    expect(map.size).toEqual([4, 4, 4]);
    expect(map.spacing).toEqual([20, 20, 20]);
    expect([map.origin, map.direction]).toEqual([input.geometry.origin, input.geometry.direction]);
    expect((await at(`${medicalnet.block}-layer1_0`)).map.spacing).toEqual([10, 10, 10]);
  });

  it('keeps the mark of a scan that was made by code', async () => {
    const [{ block }] = encoder.networks;
    const made = { ...volume, synthetic: true as const };
    expect((await encoder.layerMap(made, mask, `${block}_0`, size)).map.synthetic).toBe(true);
    expect((await encoder.layerMap(volume, mask, `${block}_0`, size)).map).not.toHaveProperty(
      'synthetic',
    );
  });

  it('refuses a network or a channel that is not there', async () => {
    const { block } = encoder.networks[0];
    await expect(encoder.layerMap(volume, mask, 'resnet50_1', size)).rejects.toMatchObject({
      code: 'unknown-name',
    });
    await expect(encoder.layerMap(volume, mask, `${block}-layer1_4`, size)).rejects.toThrow(
      `layer1 of ${block} has 4 features`,
    );
  });
});
