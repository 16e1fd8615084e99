import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseParameterText, type RadiomicsSettings } from '../../src/radiomics/parameter-file.ts';
import { interpolators } from '../../src/radiomics/settings.ts';
import { isNacreError } from '../../src/runtime/errors.ts';

/** By bench/peers/parameter_files_reference.py: what PyRadiomics takes from each text, or that it refuses it. */
const golden: {
  pyradiomics: string;
  'ruamel.yaml': string;
  cases: {
    name: string;
    text: string;
    refused?: string;
    taken?: {
      imageType: Record<string, Record<string, unknown>>;
      featureClass: Record<string, string[]>;
      setting: Record<string, unknown>;
    };
  }[];
} = JSON.parse(readFileSync(new URL('../goldens/parameter-files.json', import.meta.url), 'utf8'));

/** Legal for PyRadiomics' schema and of no use: nacre refuses it when the file is read. */
const refusedHere: Readonly<Record<string, RegExp>> = {
  'not a number': /binWidth.*found NaN/,
};

/** PyRadiomics refuses them for the type of a value or an empty group; nacre takes the one meaning they can have. */
const takenHere: ReadonlySet<string> = new Set([
  'empty image type',
  'float for a whole number',
  'label as float',
  'no space after hash',
  'tab after the colon',
  'group of null',
  'image types of null',
  'only a comment',
  'shift as float',
  'gldm_a float',
]);

/** What nacre holds for a value of PyRadiomics. */
function here(key: string, value: unknown): unknown {
  // SimpleITK's own numbers.
  if (key === 'interpolator' && typeof value === 'number') return interpolators[value - 1];
  // A number in quotes passes PyRadiomics' schema and breaks its arithmetic; nacre takes the number.
  if (key === 'binWidth' && typeof value === 'string') return Number(value);
  if (key === 'geometryTolerance' && value === 'inf') return Number.MAX_VALUE;
  // Whole numbers keep their spelling, which stands in the image's name.
  if (key === 'sigma') return (value as number[]).map((mm) => Number(mm));
  return value;
}

const legal = golden.cases.filter(({ taken }) => taken !== undefined);

describe(`odd YAML beside PyRadiomics ${golden.pyradiomics} (ruamel.yaml ${golden['ruamel.yaml']})`, () => {
  it('is enough of it', () => {
    expect(legal.length).toBeGreaterThanOrEqual(46);
  });

  it.each(legal.filter(({ name }) => !(name in refusedHere)))(
    '$name is read alike',
    ({ text, taken }) => {
      const read: RadiomicsSettings = parseParameterText(text);
      for (const [key, value] of Object.entries(taken?.setting ?? {})) {
        const ours: unknown = read.setting[key as 'sigma'];
        const plain = key === 'sigma' ? (ours as (number | string)[]).map(Number) : ours;
        expect(plain, key).toEqual(here(key, value));
      }
      expect(read.imageType).toEqual(taken?.imageType);
      expect(Object.keys(read.imageType)).toEqual(Object.keys(taken?.imageType ?? {}));
      const classes = Object.entries(taken?.featureClass ?? {});
      expect(Object.keys(read.featureClass).sort()).toEqual(
        classes
          .map(([name]) => name)
          .filter((name) => name in read.featureClass)
          .sort(),
      );
      for (const [name, features] of classes) {
        if (features.length > 0) expect(read.featureClass[name]).toEqual(features);
      }
    },
  );

  it.each(Object.entries(refusedHere))('%s is refused here', (name, message) => {
    const text = golden.cases.find((one) => one.name === name)?.text as string;
    expect(() => parseParameterText(text)).toThrow(message);
  });

  it.each(golden.cases.filter(({ refused }) => refused !== undefined))(
    '$name is refused by both, or has one meaning',
    ({ name, text }) => {
      let error: unknown;
      try {
        parseParameterText(text);
      } catch (thrown) {
        error = thrown;
      }
      expect(error === undefined, name).toBe(takenHere.has(name));
      if (error !== undefined) expect(isNacreError(error)).toBe(true);
    },
  );

  it('follows no more aliases than a settings file needs', () => {
    const lines = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (let n = 1; n < 9; n++) {
      const [to, from] = [String.fromCharCode(97 + n), String.fromCharCode(96 + n)];
      lines.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`);
    }
    expect(() => parseParameterText(lines.join('\n'))).toThrow(
      expect.objectContaining({ code: 'bad-yaml' }),
    );
  });
});
