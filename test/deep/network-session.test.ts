import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openNetwork } from '../../src/deep/network-session.ts';
import { networkOfState } from '../../src/deep/onnx/convert.ts';
import { modelBytes, modelInTwoFiles } from '../../src/deep/onnx/model-bytes.ts';
import { modelFor } from '../../src/deep/onnx/specialise.ts';
import { randomState } from './onnx/random-state.ts';
import { tiny } from './tiny-network.ts';

const edge = 48;
const network = networkOfState(randomState('resnet10', 1, tiny), 'resnet10', {
  ...tiny,
  variant: 'medicalnet',
  version: '0',
});
const model = modelFor(network, { size: [edge, edge, edge] });
const volume = Float32Array.from({ length: edge ** 3 }, (_, i) => Math.sin(i));

async function features(session: InferenceSession): Promise<Float32Array> {
  const tensor = new Tensor('float32', volume, [1, 1, edge, edge, edge]);
  const { layer4 } = await session.run({ volume: tensor });
  await session.release();
  return layer4.data as Float32Array;
}

describe('a network opened by way of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-network-session-'));
  const room = join(folder, 'room');
  let expected: Float32Array;

  beforeAll(async () => {
    mkdirSync(room);
    expected = await features(
      await InferenceSession.create(modelBytes(model), { intraOpNumThreads: 1 }),
    );
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the bits of the network in one piece, and leaves no file', async () => {
    vi.stubEnv('TMPDIR', room);
    const session = await openNetwork(model, 'made.pth', { threads: 1 });
    expect(readdirSync(room)).toEqual([]);
    expect(await features(session)).toEqual(expected);
  });

  it('does the same without a folder to write to', async () => {
    vi.stubEnv('TMPDIR', join(folder, 'absent'));
    const session = await openNetwork(model, 'made.pth', { threads: 1 });
    expect(await features(session)).toEqual(expected);
  });

  it('keeps all large weights out of the model, each on a page of its own', () => {
    const { model: small, weights } = modelInTwoFiles(model, 'weights.bin');
    const pieces = [...weights];
    const stored = pieces.reduce((sum, { length }) => sum + length, 0);
    const whole = modelBytes(model).length;
    expect(small.length).toBeLessThan(whole / 5);
    expect(small.length + stored).toBeGreaterThan(whole);
    let at = 0;
    for (const piece of pieces) {
      if (piece.some((byte) => byte !== 0)) expect(at % 65_536).toBe(0);
      at += piece.length;
    }
  });
});
