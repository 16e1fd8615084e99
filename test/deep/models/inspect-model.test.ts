import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inspectModel } from '../../../src/deep/models/inspect-model.ts';
import { extraction } from '../../../src/features/extraction.ts';
import { writeMadeOnnx } from '../onnx-file/made-onnx.ts';
import { writeTinyNetwork } from '../tiny-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-inspect-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('inspectModel', () => {
  it.each([
    ['3D', ['batch', 1, 96, 80, 64], { axes: 'NCZYX', size: [64, 80, 96], channels: 1 }],
    ['cube', [1, 2, 32, 32, 32], { axes: 'NCZYX', size: 32, channels: 2 }],
    ['2D', ['batch', 3, 224, 224], { axes: 'NCYX', size: 224, channels: 3 }],
    ['free', ['batch', 1, 'd', 'h', 'w'], { axes: 'NCZYX', size: 64, channels: 1 }],
  ] as const)('%s: what it proposes is a study that is read', async (_, shape, expected) => {
    const path = writeMadeOnnx(at('net.onnx'), { shape });
    const { facts, proposal } = await inspectModel(path);
    expect(facts.join('\n')).toContain(`input image float32 ${shape.join('×')}`);
    const extractors = parse(`extractors:\n${proposal}`).extractors;
    const asked = extraction({ scans: ['T1'], extractors });
    expect(asked.extractors).toMatchObject({
      'my-encoder': { onnx: 'net.onnx', output: 'features', pool: 'mean', input: expected },
    });
  });

  it.each([
    [
      'one axis of space',
      ['batch', 1, 32],
      /the network takes no scan: found image float32 batch×1×32/,
    ],
    [
      'a batch of two',
      [2, 1, 16, 16, 16],
      /a batch of another size: found image float32 2×1×16×16×16/,
    ],
  ] as const)(
    '%s: nothing is proposed that would be refused, the reason is',
    async (_, shape, why) => {
      const { facts, proposal } = await inspectModel(writeMadeOnnx(at('odd.onnx'), { shape }));
      expect(proposal).toBe('');
      expect(facts.at(-1)).toMatch(/^cannot be used as it is: /);
      expect(facts.at(-1)).toMatch(why);
    },
  );

  it('a checkpoint is described by its keys', async () => {
    const traits = { planes: [4, 8, 12, 16], shortcut: 'B', shortcutBias: true } as const;
    const path = writeTinyNetwork(at('own.pth'), 1, { network: 'resnet18', traits });
    const { facts, proposal } = await inspectModel(path);
    expect(facts[0]).toBe(
      'resnet18, monai, shortcut B with bias; layers of 4, 8, 12, 16; stem of 1 channel, stride 1; 16 features',
    );
    const { extractors } = parse(`extractors:\n${proposal}`);
    expect(extraction({ scans: ['T1'], extractors }).extractors).toMatchObject({
      'my-weights': { checkpoint: 'own.pth', variant: 'monai', stemStride: 1 },
    });
  });
});

describe('models/encoders.json', () => {
  it('holds no checksum that nobody saw, and says that none was opened', () => {
    const text = readFileSync('models/encoders.json', 'utf8');
    const { encoders } = JSON.parse(text) as { encoders: { id: string; opened: boolean }[] };
    expect(encoders.map(({ id }) => id)).toEqual(['fmcib', 'ct-fm', 'triad', 'voco']);
    expect(encoders.every(({ opened }) => opened === false)).toBe(true);
    expect(text).not.toMatch(/"sha256"/);
  });
});
