import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pin, readPins, unpin } from '../../../src/deep/models/pins.ts';

const models = mkdtempSync(join(tmpdir(), 'nacre-pins-'));
afterAll(() => rmSync(models, { recursive: true, force: true }));
const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];

describe('files that are trusted on first use', () => {
  it('are pinned, known again, refused when they change, and forgotten when asked', () => {
    const net = join(models, 'net.onnx');
    expect(pin(net, a, { models })).toBe('first');
    expect(pin(net, a, { models })).toBe('known');
    expect(pin('/elsewhere/net.onnx', b, { models })).toBe('first');
    expect(readPins({ models })).toEqual({ 'net.onnx': a, '/elsewhere/net.onnx': b });
    expect(() => pin(net, b, { models })).toThrow(
      /changed since it was first used.*expected sha256 a{64}/s,
    );
    expect(unpin(net, { models })).toBe(true);
    expect(unpin(net, { models })).toBe(false);
    expect(pin(net, b, { models })).toBe('first');
  });

  it('a damaged list is refused, not taken for an empty one', () => {
    const file = join(models, 'pins.json');
    const whole = readFileSync(file, 'utf8');
    for (const text of ['{', '{"pins":{"net.onnx":"abc"}}']) {
      writeFileSync(file, text);
      expect(() => pin('net.onnx', a, { models })).toThrow(/the list of pinned networks/);
    }
    writeFileSync(file, whole);
  });
});
