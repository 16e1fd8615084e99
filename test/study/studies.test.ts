import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { preprocessing } from '../../src/deep/preprocessing.ts';
import { deepOf, radiomicsOf } from '../../src/features/extraction.ts';
import { radiomicsSettings } from '../../src/radiomics/parameter-file.ts';
import { readStudyConfig } from '../../src/study/config.ts';

const folder = fileURLToPath(new URL('../../studies/', import.meta.url));
const text = readFileSync(`${folder}paper.yaml`, 'utf8');

describe('studies/', () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))(
    '%s parses, and its extraction settings are known',
    (name) => {
      const { extraction } = readStudyConfig(`${folder}${name}`);
      for (const scan of extraction?.scans ?? []) {
        if (extraction === undefined) continue;
        expect(() => radiomicsSettings(radiomicsOf(extraction, scan))).not.toThrow();
        expect(() => preprocessing(deepOf(extraction, scan))).not.toThrow();
      }
    },
  );
});

describe('studies/paper.yaml', () => {
  it('marks every setting as the paper has it or as ours, the latter with a reason', () => {
    const sets = text.indexOf('\nsets:');
    const settings = [
      text.slice(text.indexOf('\nendpoints:'), sets),
      text.slice(text.indexOf('\ncomparison:'), text.indexOf('\npublished:')),
    ].join('\n');
    expect(text).toMatch(/\npublished: # \[paper\]/);
    const lines = settings.split('\n').filter((line) => /^\s*[A-Za-z0-9]+:/.test(line));
    // Lines that only open a group of settings, each marked itself.
    const groups = ['extraction:', 'comparison:', 'pipeline:'];
    const unmarked = lines.filter(
      (line) => !groups.includes(line.trim()) && !/# (\[paper\]|\[ours\] \w)/.test(line),
    );
    expect(lines.length).toBeGreaterThan(60);
    expect(unmarked).toEqual([]);
  });

  it('leaves no setting of its own to a default', () => {
    const config = readStudyConfig(`${folder}paper.yaml`);
    const written = parse(text);
    const missing = (given: unknown, full: unknown, path: string): string[] => {
      if (full === null || typeof full !== 'object' || Array.isArray(full)) return [];
      return Object.entries(full).flatMap(([key, value]) => {
        const own = (given as Record<string, unknown>)[key];
        return own === undefined ? [`${path}${key}`] : missing(own, value, `${path}${key}.`);
      });
    };
    const { sets: _sets, featureSets: _none, ...rest } = config;
    // The radiomics settings are a parameter file of PyRadiomics, whose defaults are meant.
    const silent = missing(written, rest, '').filter((key) => !/^extraction\.byScan\./.test(key));
    expect(silent).toEqual([]);
    expect(Object.keys(written.extraction.deep).sort()).toEqual(
      Object.keys(preprocessing({ preset: 'roi' })).sort(),
    );
  });
});
