import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manifestIds, manifestPath } from '../../src/cohort/locate.ts';
import { manifestJsonSchema } from '../../src/cohort/manifest.ts';
import { parseManifest, readManifest } from '../../src/cohort/read-manifest.ts';
import { faultOf, type Loose, smallManifest } from './small-cohort.ts';

const parse = (bend: (manifest: Loose) => void) => {
  const manifest = smallManifest();
  bend(manifest);
  return () => parseManifest(JSON.stringify(manifest), 'm.json');
};

const faults: [string, (m: Loose) => void, string, string[]][] = [
  [
    'a typo in a key',
    (m) => {
      m.licens = 'x';
    },
    'unknown-key',
    ['m.json', 'column licens', 'did you mean licence?'],
  ],
  [
    'a typo deep inside',
    (m) => {
      m.tables[0].columns.age.mesured = 'baseline';
    },
    'unknown-key',
    ['tables.0.columns.age.mesured', 'did you mean measured?'],
  ],
  [
    'a typo in an endpoint rule',
    (m) => {
      m.endpoints.response.treshold = 0.3;
    },
    'unknown-key',
    ['endpoints.response.treshold', 'did you mean threshold?'],
  ],
  [
    'a predictor measured after treatment',
    (m) => {
      m.predictors.push('size_after');
    },
    'leaking-predictor',
    ['size_after', 'found measured: after', 'expected measured: baseline', 'take it out'],
  ],
  [
    'a predictor measured during treatment',
    (m) => {
      m.tables[0].columns.size0.measured = 'during';
    },
    'leaking-predictor',
    ['size', 'found measured: during'],
  ],
  [
    'an unknown predictor',
    (m) => {
      m.predictors.push('agee');
    },
    'bad-config',
    ['predictors', 'found agee', 'did you mean age?'],
  ],
  [
    'a predictor twice',
    (m) => {
      m.predictors.push('age');
    },
    'bad-config',
    ['age twice'],
  ],
  [
    'an endpoint without its column',
    (m) => {
      m.endpoints.pcr.column = 'pcrr';
    },
    'bad-config',
    ['endpoints.pcr.column', 'did you mean pcr?'],
  ],
  [
    'a size after that was measured before',
    (m) => {
      m.endpoints.response.after = 'age';
    },
    'bad-config',
    ['endpoints.response', 'before at baseline, after later'],
  ],
  [
    'a size that is not a number',
    (m) => {
      m.endpoints.response.after = 'pcr';
    },
    'bad-config',
    ['endpoints.response.after', 'a binary column', 'a number column'],
  ],
  [
    'a code in both classes',
    (m) => {
      m.endpoints.pcr.negative = ['0', '1'];
    },
    'bad-config',
    ['code 1 in both classes'],
  ],
  [
    'a binary column with three codes',
    (m) => {
      m.tables[0].columns.er.coding = { 0: 'a', 1: 'b', 3: 'c' };
    },
    'bad-config',
    ['found 3 codes'],
  ],
  [
    'a code that is also missing',
    (m) => {
      m.tables[0].columns.er.missing = ['1'];
    },
    'bad-config',
    ['code 1 both coded and missing'],
  ],
  [
    'a binary column whose one is not a code',
    (m) => {
      m.tables[0].columns.er.one = '9';
    },
    'bad-config',
    ['one: 9'],
  ],
  [
    'two columns of one name',
    (m) => {
      m.tables[0].columns.size1.name = 'size';
    },
    'bad-config',
    ['size twice'],
  ],
  ...['/etc/passwd', '../x.csv', 'a/../../x.csv', 'C:\\x.csv', 'a\\..\\x.csv', '', 'a//b'].map(
    (path): [string, (m: Loose) => void, string, string[]] => [
      `the path ${JSON.stringify(path)}`,
      (m) => {
        m.tables[0].file = path;
      },
      'bad-config',
      ['tables.0.file'],
    ],
  ),
  [
    'a source that is not https',
    (m) => {
      m.sources = [
        { id: 'a', address: 'http://x.org/a', path: 'a', sha256: 'a'.repeat(64), bytes: 1 },
      ];
    },
    'bad-config',
    ['sources.0.address', 'http://x.org/a'],
  ],
  [
    'a broken regular expression',
    (m) => {
      m.tables[0].patient.match = '(P';
    },
    'bad-config',
    ['tables.0.patient.match', 'a regular expression'],
  ],
  [
    'another format',
    (m) => {
      m.format = 'nacre-cohort-9';
    },
    'bad-config',
    ['format', 'nacre-cohort-9'],
  ],
  [
    'a threshold of 30',
    (m) => {
      m.endpoints.response.threshold = 30;
    },
    'bad-config',
    ['endpoints.response.threshold', 'found 30'],
  ],
];

describe('parseManifest', () => {
  it('fills in the defaults', () => {
    const manifest = parse(() => {})();
    expect(manifest.tables[0].patient).toEqual({ column: 'id', match: '(.+)', as: '$1' });
    expect(manifest.endpoints.response).toMatchObject({ threshold: 0.3 });
    expect(manifest.images).toEqual({});
  });

  it.each(faults)('refuses %s', async (_, bend, code, says) => {
    const error = await faultOf(parse(bend));
    expect(error.code, error.message).toBe(code);
    for (const part of says) expect(error.message).toContain(part);
  });

  it('refuses what is no JSON, and a file that is not there', async () => {
    expect((await faultOf(() => parseManifest('{', 'm.json'))).code).toBe('bad-json');
    expect((await faultOf(() => readManifest('/no/such.json'))).code).toBe('file-missing');
  });
});

describe('data-manifests/', () => {
  it.each(manifestIds())('%s reads, and its id is its file name', (id) => {
    expect(readManifest(manifestPath(id)).id).toBe(id);
  });

  it('holds the current JSON Schema (npm run nacre -- cohort schema > data-manifests/manifest.schema.json)', () => {
    const path = new URL('../../data-manifests/manifest.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(manifestJsonSchema())),
    );
  });
});
