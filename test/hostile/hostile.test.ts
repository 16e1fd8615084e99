import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { fetchTarget } from '../../src/cohort/data-file.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { parseManifest } from '../../src/cohort/read-manifest.ts';
import { memoryByteSource } from '../../src/deep/checkpoint/byte-source.ts';
import { pickleStateDict } from '../../src/deep/checkpoint/pth-bytes.ts';
import { parseStateDict, readStateDict } from '../../src/deep/state-dict.ts';
import { readParquet, writeColumns } from '../../src/machine/parquet.ts';
import { readRawTable } from '../../src/machine/read-table.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { frameHtml } from '../../src/notebook/frame-html.ts';
import { withParameters } from '../../src/notebook/parameters.ts';
import { markdownHtml } from '../../src/notebook/site/markdown.ts';
import { parseParameterText } from '../../src/radiomics/parameter-file.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { download } from '../../src/runtime/download.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import { csvText } from '../../src/table/csv.ts';
import { gunzipTable } from '../../src/table/gunzip-table.ts';
import { faultOf, smallManifest, writeSmallCohort } from '../cohort/small-cohort.ts';
import { tinyTensors } from '../deep/checkpoint/tiny-checkpoint.ts';
import { zipFixture } from '../deep/checkpoint/zip-fixture.ts';
import { writeSyntheticRun } from '../report/synthetic-run.ts';

/** The hostile table: what somebody else's file may try, each refused or made harmless. */
const place = () => mkdtempSync(join(tmpdir(), 'nacre-hostile-'));
const markup = '</script><img src=x onerror=alert(1)>';
const codeOf = async (work: Promise<unknown> | (() => unknown)) => (await faultOf(work)).code;

describe('paths', () => {
  it.each(['../secret.csv', '/etc/passwd', 'a/../../secret.csv', 'C:\\secret.csv', 'a\u0000b'])(
    'a manifest cannot name %j',
    async (path) => {
      const bent = writeSmallCohort({ manifest: (m) => (m.tables[0].file = path) });
      expect(await codeOf(loadCohort(bent))).toBe('bad-config');
    },
  );

  it('a table that is a symbolic link out of the data folder is refused', async () => {
    const secret = join(place(), 'secret.csv');
    writeFileSync(secret, 'id\nP1\n');
    const path = writeSmallCohort({ manifest: (m) => (m.tables[0].file = 'link.csv') });
    symlinkSync(secret, join(dirname(path), 'link.csv'));
    expect(await codeOf(loadCohort(path))).toBe('path-escapes');
  });

  it('a patient id cannot lead a path of scans out of the folder', async () => {
    const path = writeSmallCohort({
      manifest: (m) => {
        m.images = { T2: { image: 'T2/{patient}.nii', mask: 'T2/{patient}-mask.nii' } };
        m.features = [];
      },
      clinical: (csv) => csv.replace('P1,', '../../../etc/P1,'),
    });
    expect(await codeOf(loadCohort(path))).toBe('path-escapes');
  });

  it('a download cannot go through a link out of its folder', async () => {
    const [root, outside] = [place(), place()];
    symlinkSync(outside, join(root, 'away'));
    mkdirSync(join(root, 'in'));
    expect(fetchTarget(root, 'in/new/a.csv')).toBe(join(root, 'in/new/a.csv'));
    expect(await codeOf(() => fetchTarget(root, 'away/a.csv'))).toBe('path-escapes');
    expect(await codeOf(() => fetchTarget(root, '../a.csv'))).toBe('path-escapes');
  });

  it.each([['../voxels.raw'], ['/etc/passwd'], ['link.raw']])(
    'a NRRD header cannot take its voxels from %s',
    async (name) => {
      const folder = place();
      const outside = join(place(), 'voxels.raw');
      writeFileSync(outside, Buffer.alloc(8));
      symlinkSync(outside, join(folder, 'link.raw'));
      const file = join(folder, 'a.nhdr');
      writeFileSync(
        file,
        `NRRD0004\ntype: uchar\ndimension: 3\nsizes: 2 2 2\nencoding: raw\ndata file: ${name}\n\n`,
      );
      expect(['bad-header', 'path-escapes']).toContain(await codeOf(readVolume(file)));
    },
  );
});

describe('archives', () => {
  it('zip slip: names in a checkpoint archive are looked up, nothing is unpacked to disk', async () => {
    const folder = place();
    const evil = join(folder, 'in', 'evil.pth');
    mkdirSync(dirname(evil));
    const entry = { name: '../slipped.txt', bytes: Buffer.from('x') };
    const data = { name: '../../archive/data.pkl', bytes: pickleStateDict(tinyTensors, 'zip') };
    writeFileSync(evil, zipFixture([entry, data]));
    expect((await faultOf(readStateDict(evil))).code).toMatch(
      /^(checkpoint-.*|truncated|too-large)$/,
    );
    expect(existsSync(join(folder, 'slipped.txt'))).toBe(false);
  });

  it('zip slip: names in a workbook are looked up, nothing is unpacked to disk', async () => {
    const file = join(place(), 'in.xlsx');
    writeFileSync(file, zipSync({ '../slipped.xml': new Uint8Array(8) }));
    expect(await codeOf(readRawTable(file, { format: 'xlsx' }))).toBe('bad-table');
    expect(existsSync(join(dirname(file), '..', 'slipped.xml'))).toBe(false);
  });

  it('a workbook that unpacks without end is refused before it does', async () => {
    const file = join(place(), 'bomb.xlsx');
    const archive = Buffer.from(zipSync({ 'xl/workbook.xml': new Uint8Array(64) }));
    // What the part says to unpack to, in the directory of the archive.
    archive.writeUInt32LE(4e9, archive.indexOf('PK\u0001\u0002', 'latin1') + 24);
    writeFileSync(file, archive);
    const fault = await faultOf(readRawTable(file, { format: 'xlsx' }));
    expect(fault.message).toMatch(/bomb\.xlsx.*more than 32 MB/);
  });

  it('a gzip table that unpacks without end is refused at its bound', async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 22));
    const read = async () => gunzipTable(bomb, 'bomb.csv.gz', 2 ** 20);
    expect(await codeOf(read())).toBe('too-large');
  });

  it('a Parquet file that claims two thousand million values is refused before they are made', async () => {
    const file = join(place(), 'bomb.parquet');
    const ids = Array.from({ length: 40 }, (_, i) => `P${i}`);
    writeColumns(file, [
      { name: 'patient', type: 'STRING', data: ids },
      { name: 'x', type: 'DOUBLE', data: ids.map(() => 1) },
    ]);
    const bytes = readFileSync(file);
    // 40 in zigzag is 0x50; wherever it stands in the footer as a 64-bit count it becomes 2 ** 34 and more.
    const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
    let bent = 0;
    for (let at = footer; at < bytes.length - 8; at++) {
      if (bytes[at] !== 0x50) continue;
      const copy = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from([0x80, 0x80, 0x80, 0x80, 0x40]),
        bytes.subarray(at + 1, bytes.length - 8),
        Buffer.alloc(4),
        Buffer.from('PAR1'),
      ]);
      copy.writeUInt32LE(bytes.readUInt32LE(bytes.length - 8) + 4, copy.length - 8);
      writeFileSync(file, copy);
      try {
        await readParquet(file);
      } catch (error) {
        expect(error).toBeInstanceOf(NacreError);
        bent++;
      }
    }
    expect(bent).toBeGreaterThan(1);
  });
});

describe('code', () => {
  it('a pickle that would run os.system is refused and not run', async () => {
    const file = memoryByteSource(
      'evil.pth',
      Buffer.from('\x80\x02cos\nsystem\nX\x05\0\0\0touch\x85R.'),
    );
    expect(await codeOf(() => parseStateDict(file))).toMatch(
      /^(checkpoint-.*|truncated|too-large)$/,
    );
    const goldens = new URL('../deep/checkpoint/goldens/', import.meta.url).pathname;
    for (const name of ['evil-legacy.pth', 'evil-zip.pth', 'evil-protocol4-zip.pth']) {
      const fault = await faultOf(readStateDict(join(goldens, name)));
      expect(fault.message).toMatch(/os\.system/);
    }
    expect(existsSync('nacre-was-here')).toBe(false);
  });

  it.each([
    '!!js/function "function () { process.exit() }"',
    '!!python/object/apply:os.system [x]',
  ])('YAML %s is text, or refused, never code', (value) => {
    expect(() => parseStudyConfig(`id: ${value}\n`, 's.yaml')).toThrow(NacreError);
    expect(() => parseParameterText(`setting: ${value}\n`, { file: 'p.yaml' })).toThrow(NacreError);
  });

  it('a notebook parameter becomes a literal, whatever it holds', () => {
    const cell = { cell_type: 'code' as const, metadata: {}, source: 'const run = "x";' };
    const notebook = { nbformat: 4 as const, nbformat_minor: 5, metadata: {}, cells: [cell] };
    const value = '"; process.exit(); //$&`$1';
    const [{ source }] = withParameters(notebook, { run: value }).cells;
    expect(source).toBe(`const run = ${JSON.stringify(value)};`);
  });

  it('a manifest cannot reach the prototype of objects', () => {
    const text = JSON.stringify(smallManifest()).replace('{', '{"__proto__":{"hacked":true},');
    expect(() => parseManifest(text, 'm.json')).toThrow(NacreError);
    expect(({} as Record<string, unknown>).hacked).toBeUndefined();
  });
});

describe('bombs in text', () => {
  const bomb = `a: &a [x, x]\n${Array.from({ length: 40 }, (_, i) => {
    const [now, before] = [i + 1, i].map((n) => `a${n}`.replace('a0', 'a'));
    return `b${i}: &${now} [*${before}, *${before}]`;
  }).join('\n')}\n`;

  it('YAML aliases are refused in studies; in parameter files only where they grow', async () => {
    expect(await codeOf(() => parseStudyConfig(bomb, 's.yaml'))).toBe('bad-yaml');
    expect(await codeOf(() => parseParameterText(bomb, { file: 'p.yaml' }))).toBe('bad-yaml');
    // PyRadiomics reads an alias, and refuses what it names.
    expect(await codeOf(() => parseParameterText('setting: &s {}\nx: *s\n'))).toBe('unknown-key');
  });

  it('brackets in brackets without end are refused, not followed', async () => {
    const deep = '['.repeat(50_000);
    expect(await codeOf(() => parseStudyConfig(deep, 's.yaml'))).toBe('bad-yaml');
    expect(await codeOf(() => parseParameterText(deep, { file: 'p.yaml' }))).toBe('bad-yaml');
    for (const piece of ['{"a":', '- ', '? ']) {
      const fault = await codeOf(() =>
        parseStudyConfig(`id: a\nx: ${piece.repeat(40_000)}`, 's.yaml'),
      );
      expect(fault).toBe('bad-yaml');
    }
    expect(await codeOf(() => parseManifest(deep, 'm.json'))).toBe('bad-json');
  });

  it('an id pattern that backtracks without end is stopped', async () => {
    const path = writeSmallCohort({
      manifest: (m) => (m.tables[0].patient.match = '((?:[A-Z]+)+)$x'),
      clinical: (csv) => csv.replace('P1,', `${'P'.repeat(60)}!,`),
    });
    expect(await codeOf(loadCohort(path))).toBe('slow-pattern');
  });
});

describe('what is shown', () => {
  it('HTML in a patient id stays text in report, notebook tables and site', async () => {
    const run = writeSyntheticRun(place(), { excluded: [{ patient: markup, reason: markup }] });
    const { report } = await writeReport(run, { pictures: false });
    expect(readFileSync(report, 'utf8')).not.toContain('<img src=x');
    const frame = { columns: [markup], values: [[markup]] };
    expect(frameHtml(frame as never)).not.toContain('<img src=x');
    expect(markdownHtml(markup).text).not.toContain('onerror');
  });

  it('a formula in a CSV cell or title is text; numbers stay numbers', () => {
    const cells = [
      '=1+1',
      '+SUM(A1)',
      '-2+3',
      '@x',
      '\t=1',
      "=cmd|' /C calc'!A0",
      '-1.5e3',
      '+7',
      'a=b',
    ];
    const text = csvText([
      { name: '=title', type: 'STRING', data: cells },
      { name: 'x', type: 'DOUBLE', data: cells.map((_, i) => -i) },
    ]);
    expect(text.split('\n').slice(0, -1)).toEqual([
      `"'=title",x`,
      `"'=1+1",0`,
      `"'+SUM(A1)",-1`,
      `"'-2+3",-2`,
      `"'@x",-3`,
      `"'\t=1",-4`,
      `"'=cmd|' /C calc'!A0",-5`,
      '-1.5e3,-6',
      '+7,-7',
      'a=b,-8',
    ]);
  });

  it('control characters in a file do not reach the terminal', () => {
    const { message } = new NacreError('bad-id', 'bad id', {
      patient: 'P1\u001b[2J\u009b1m',
      found: '\u0007',
    });
    expect(message).toBe('patient P1\\x1b[2J\\x9b1m: bad id: found \\x07');
  });
});

describe('network', () => {
  it.each(['http://example.org/a.csv', 'ftp://example.org/a.csv', 'file:///etc/passwd'])(
    '%s is not asked',
    async (url) => {
      const target = join(place(), basename(url));
      expect(await codeOf(download({ url, sha256: '0'.repeat(64) }, target))).toBe(
        'insecure-address',
      );
    },
  );
});
