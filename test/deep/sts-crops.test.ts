import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EncoderOptions, ResNetEncoder } from '../../src/deep/encoder.ts';
import { convertModel } from '../../src/deep/models/convert-model.ts';
import { writeRandomNetwork } from '../../src/deep/models/random-network.ts';
import { readMask, readVolume } from '../../src/machine/read-volume.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import { sharedFolder } from '../shared-folder.ts';
import { madeScan } from './made-scans.ts';

const shared = sharedFolder();
const folder = mkdtempSync(join(tmpdir(), 'nacre-sts-'));
const network = join(folder, 'net.onnx');
const open: ResNetEncoder[] = [];

async function load(options: EncoderOptions): Promise<ResNetEncoder> {
  const encoder = await ResNetEncoder.load(network, options);
  open.push(encoder);
  return encoder;
}

beforeAll(async () => {
  const checkpoint = join(folder, 'net.pth');
  writeRandomNetwork(checkpoint, 'resnet10', { seed: 12 });
  await convertModel(checkpoint, network);
});

afterAll(async () => {
  for (const encoder of open) await encoder.dispose();
});

if (shared === undefined) console.info('STS scans: skipped, no shared folder (NACRE_SHARED)');

describe.skipIf(shared === undefined)('crops of soft-tissue sarcomas, random ResNet10', () => {
  const scans = ['STS_002', 'STS_018', 'STS_042'].flatMap((patient) =>
    ['CT', 'MR_T1'].map((modality) => ({ patient, modality })),
  );
  const seen = new Map<string, Float32Array>();

  it.each(scans)(
    '$patient $modality: finite, the same bytes for 1 and 2 threads',
    async ({ patient, modality }) => {
      const path = (what: string) =>
        join(shared ?? '', 'datasets', 'sts', patient, `${modality}_${what}.nii.gz`);
      const volume = await readVolume(path('image'));
      const mask = await readMask(path('mask'));
      const [single, double] = [
        open[0] ?? (await load({ threads: 1 })),
        open[1] ?? (await load({ threads: 2 })),
      ];
      const names = { modality, regionName: 'intra', size: 48, spacing: 2 };
      const { features, input } = await single.encode(volume, mask, names);
      const again = await double.encode(volume, mask, names);
      const [{ values }] = features;
      expect(features[0].names[511]).toBe(`${modality}.intra.resnet10-random12_511`);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(new Set(values).size).toBeGreaterThan(250);
      expect(Buffer.from(again.features[0].values.buffer)).toEqual(Buffer.from(values.buffer));
      expect(input.region?.includes(1)).toBe(true);
      for (const [other, theirs] of seen) {
        expect(values, `${patient} ${modality} beside ${other}`).not.toEqual(theirs);
      }
      seen.set(`${patient} ${modality}`, values);
    },
  );
});

describe('a device that is not there', () => {
  it('cuda without its libraries: says what was missing and what to do; nothing falls back in silence', async ({
    skip,
  }) => {
    const encoder = await load({ device: 'cuda' });
    const { volume, mask } = madeScan();
    const error: unknown = await encoder
      .encode(volume, mask, { size: 16, spacing: 3 })
      .then(() => undefined)
      .catch((reason) => reason);
    if (error === undefined) skip('this machine has CUDA');
    expect(error).toBeInstanceOf(NacreError);
    expect(error).toMatchObject({
      code: 'device-unavailable',
      message: expect.stringMatching(/cannot use cuda: found .+ run with --device cpu/s),
    });
  });
});
