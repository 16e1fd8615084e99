import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/cohort/read-manifest.ts';
import { parseNotebook } from '../../src/notebook/notebook-file.ts';
import { parseParameterText } from '../../src/radiomics/parameter-file.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import { parseJson } from '../../src/runtime/read-json.ts';
import { parseYaml } from '../../src/runtime/read-yaml.ts';
import { parseStudyConfig } from '../../src/study/config.ts';

const deep = (open: string, close: string, times = 100_000) =>
  `${open.repeat(times)}1${close.repeat(times)}`;

describe('parseJson', () => {
  it('reads what JSON.parse reads, up to its bound', () => {
    const text = '{"a":["[[[[", "\\"[[[", {"b":1}]}';
    expect(parseJson(text, { what: 'it', deepest: 3 })).toEqual(JSON.parse(text));
    expect(() => parseJson(text, { what: 'it', deepest: 2 })).toThrow(/more than 2 brackets/);
    expect(parseJson(`[${'[],'.repeat(1000)}[]]`, { what: 'it', deepest: 2 })).toHaveLength(1001);
  });

  it.each([
    ['a manifest', (text: string) => parseManifest(text, 'f.json')],
    ['a notebook', (text: string) => parseNotebook(text, 'f.json')],
    ['a study', (text: string) => parseStudyConfig(text, 'f.json')],
    ['a parameter file', (text: string) => parseParameterText(text, { file: 'f.json' })],
  ])('refuses %s of 100,000 closed brackets in a sentence', (_, read) => {
    const nested = [deep('[', ']'), deep('{"a":', '}'), `{"id":${deep('[', ']')}}`];
    for (const text of nested) {
      expect(() => read(text)).toThrow(NacreError);
      expect(() => read(text)).toThrow(/file f\.json: .*(deeper|deep)/);
    }
  });
});

describe('parseYaml', () => {
  it('follows no alias and runs no tag', () => {
    expect(() => parseYaml('a: &x 1\nb: *x\n', { what: 'the file' })).toThrow(/uses a YAML alias/);
    expect(parseYaml('a: 3\nb: 3.0\n', { what: 'it', intAsBigInt: true })).toEqual({ a: 3n, b: 3 });
  });
});
