import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { readModelList } from '../../src/deep/models/model-list.ts';
import { sha256 } from '../../src/runtime/hash.ts';
import { captureOutput } from './captured-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-cli-models-'));
const pth = join(folder, 'resnet10_random-seed7.pth');
const printed = captureOutput();

const nacre = (...args: string[]) =>
  runCli(['node', 'nacre', 'models', ...args, '--models', folder]);

/** A list of one model whose file is in `mirror`, so that fetch can be tried without the network. */
function listWith(change: { sha256?: string } = {}): { list: string; mirror: string } {
  const mirror = mkdtempSync(join(tmpdir(), 'nacre-mirror-'));
  const whole = readModelList();
  const body = Buffer.from('not a checkpoint, but bytes to carry');
  const first = { ...whole.models[0], bytes: body.length, sha256: sha256(body), ...change };
  writeFileSync(join(mirror, first.file), body);
  const list = join(mirror, 'list.json');
  writeFileSync(list, JSON.stringify({ ...whole, models: [first] }));
  return { list, mirror };
}

describe('nacre models random', () => {
  it('writes the same bytes for the same seed, and says that the weights are random', async () => {
    expect(await nacre('random', 'resnet10', '--seed', '7')).toBe(exitCodes.ok);
    expect(printed.out).toBe(`${pth}: RANDOM weights (seed 7), not MedicalNet\n`);
    const again = join(folder, 'again.pth');
    expect(await nacre('random', 'resnet10', '--seed', '7', '--to', again)).toBe(exitCodes.ok);
    expect(readFileSync(again).equals(readFileSync(pth))).toBe(true);
  });

  it('a network that does not exist, and a seed that is none, are usage errors', async () => {
    expect(await nacre('random', 'resnet12')).toBe(exitCodes.usage);
    expect(printed.err).toMatch(/resnet12.*resnet10, resnet18, resnet34, resnet50/s);
    expect(await nacre('random', 'resnet10', '--seed', '-1')).toBe(exitCodes.usage);
    expect(printed.err).toContain('a whole number of 0 or more');
  });
});

describe('nacre models convert', () => {
  it('makes the ONNX beside the checkpoint; the variant is in the name', async () => {
    expect(await nacre('convert', pth)).toBe(exitCodes.ok);
    expect(printed.out).toBe(`${join(folder, 'resnet10_random-seed7.onnx')}\n`);
    expect(await nacre('convert', pth, '--variant', 'monai')).toBe(exitCodes.ok);
    expect(printed.out).toContain('resnet10_random-seed7_monai.onnx');
  });

  it('refuses the wrong architecture, naming both, and writes nothing', async () => {
    const to = join(folder, 'wrong.onnx');
    const code = await nacre('convert', pth, '--architecture', 'resnet34', '--to', to);
    expect(code).toBe(exitCodes.badInput);
    expect(printed.err).toContain('resnet34');
    expect(printed.err).not.toContain('    at ');
    expect(() => readFileSync(to)).toThrow(/ENOENT/);
  });

  it('refuses a missing file, a converted one, and a file that is no checkpoint', async () => {
    expect(await nacre('convert', 'absent.pth')).toBe(exitCodes.badInput);
    expect(printed.err).toContain('absent.pth: no such model');
    expect(await nacre('convert', join(folder, 'resnet10_random-seed7.onnx'))).toBe(
      exitCodes.badInput,
    );
    expect(printed.err).toContain('converted already');
    const text = join(folder, 'text.pth');
    writeFileSync(text, 'patient,age\nP1,40\n');
    expect(await nacre('convert', text)).toBe(exitCodes.badInput);
    expect(printed.err).toContain('text.pth');
  });
});

describe('nacre models verify', () => {
  it('runs checkpoint and ONNX, with the same features and the label RANDOM', async () => {
    const onnx = join(folder, 'resnet10_random-seed7.onnx');
    expect(await nacre('verify', pth, onnx)).toBe(exitCodes.ok);
    expect(printed.out.match(/resnet10, medicalnet, RANDOM weights \(seed 7\)/g)).toHaveLength(2);
    const passes = printed.out.match(/512 features, mean \S+, largest [^,]+/g);
    expect(passes).toHaveLength(2);
    expect(new Set(passes).size).toBe(1);
    expect(printed.out).toContain(`sha256 ${sha256(readFileSync(pth))}`);
  });

  it('refuses a cut file and an empty store', async () => {
    const cut = join(folder, 'cut.pth');
    const whole = readFileSync(pth);
    writeFileSync(cut, whole.subarray(0, whole.length >> 1));
    expect(await nacre('verify', cut)).toBe(exitCodes.badInput);
    expect(printed.err).toContain('cut.pth');
    expect(await nacre('verify', 'absent.pth')).toBe(exitCodes.badInput);
    // Random networks are not on the list, so nothing listed is here.
    expect(await nacre('verify')).toBe(exitCodes.badInput);
    expect(printed.err).toContain('no model is here');
  });
});

describe('nacre models list and fetch', () => {
  it('list tells what is there and what is here, to people and to programs', async () => {
    expect(await nacre('list')).toBe(exitCodes.ok);
    expect(printed.out).toMatch(/resnet50 +resnet_50_23dataset\.pth/);
    printed.out = '';
    expect(await nacre('list', '--json')).toBe(exitCodes.ok);
    expect(JSON.parse(printed.out).map(({ id }: { id: string }) => id)).toEqual([
      'resnet10',
      'resnet18',
      'resnet34',
      'resnet50',
    ]);
    expect(await nacre('list', '--list', join(folder, 'absent.json'))).toBe(exitCodes.badInput);
    expect(printed.err).toContain('absent.json');
  });

  it('fetch brings a file from a mirror once, and list then shows it', async () => {
    const { list, mirror } = listWith();
    const fetch = () => nacre('fetch', 'all', '--list', list, '--mirror', mirror);
    expect(await fetch()).toBe(exitCodes.ok);
    expect(printed.out).toContain('sha256 verified');
    expect(await fetch()).toBe(exitCodes.ok);
    printed.out = '';
    expect(await nacre('list', '--list', list, '--json')).toBe(exitCodes.ok);
    expect(JSON.parse(printed.out)[0]).toMatchObject({ id: 'resnet10', bytesHere: 36 });
  });

  it('fetch refuses an unknown id, a checksum that differs and a mirror without the file', async () => {
    expect(await nacre('fetch', 'resnet35')).toBe(exitCodes.badInput);
    expect(printed.err).toContain('did you mean resnet34');
    const wrong = listWith({ sha256: '0'.repeat(64) });
    const other = mkdtempSync(join(tmpdir(), 'nacre-store-'));
    const fetch = (mirror: string) =>
      runCli([
        ...['node', 'nacre', 'models', 'fetch', 'resnet10', '--models', other],
        ...['--list', wrong.list, '--mirror', mirror],
      ]);
    expect(await fetch(wrong.mirror)).toBe(exitCodes.badInput);
    expect(printed.err).toMatch(/sha-?256|checksum/i);
    expect(() => readFileSync(join(other, 'resnet_10_23dataset.pth'))).toThrow(/ENOENT/);
    expect(await fetch(other)).toBe(exitCodes.badInput);
    expect(printed.err).toContain('the mirror does not hold the file');
  });
});
