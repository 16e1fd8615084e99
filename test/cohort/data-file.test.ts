import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFile } from '../../src/cohort/data-file.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { faultOf, writeSmallCohort } from './small-cohort.ts';

const outside = mkdtempSync(join(tmpdir(), 'nacre-outside-'));
writeFileSync(join(outside, 'secret.csv'), 'id\nP1\n');
const root = mkdtempSync(join(tmpdir(), 'nacre-root-'));
mkdirSync(join(root, 'sub'));
writeFileSync(join(root, 'sub', 'table.csv'), 'id\nP1\n');
symlinkSync(join(root, 'sub', 'table.csv'), join(root, 'inside.csv'));
symlinkSync(join(outside, 'secret.csv'), join(root, 'out.csv'));
symlinkSync(outside, join(root, 'away'));

describe('dataFile', () => {
  it('gives the real address of a file below the root, also through a link that stays inside', () => {
    const real = realpathSync(join(root, 'sub/table.csv'));
    expect(dataFile(root, 'sub/table.csv')).toBe(real);
    expect(dataFile(root, 'inside.csv')).toBe(real);
  });

  it('works where the root itself is reached through a link', () => {
    const link = join(outside, 'root-link');
    symlinkSync(root, link);
    expect(dataFile(link, 'sub/table.csv')).toBe(realpathSync(join(root, 'sub/table.csv')));
  });

  it.each(['out.csv', 'away/secret.csv', '../x', 'sub/../../x', '/etc/passwd', '.'])(
    'refuses %s',
    async (path) => {
      expect((await faultOf(() => dataFile(root, path))).code).toBe('path-escapes');
    },
  );

  it('names the symbolic link that leads out, or nowhere', async () => {
    const folder = await faultOf(() => dataFile(root, 'away/secret.csv'));
    expect(folder.message).toContain('the folder away is one');
    expect(folder.message).toContain(`-> ${outside}`);
    const file = await faultOf(() => dataFile(root, 'out.csv'));
    expect(file.message).toContain('the file out.csv is one');
    symlinkSync(join(outside, 'gone'), join(root, 'dangling'));
    const broken = await faultOf(() => dataFile(root, 'dangling/x.csv'));
    expect(broken.code).toBe('file-missing');
    expect(broken.message).toContain('a symbolic link to');
  });

  it('tells a file that is not there', async () => {
    expect((await faultOf(() => dataFile(root, 'sub/none.csv'))).code).toBe('file-missing');
  });

  it('holds for a whole cohort', async () => {
    const path = writeSmallCohort({ manifest: (m) => (m.tables[0].file = 'away/secret.csv') });
    const folder = join(path, '..');
    symlinkSync(outside, join(folder, 'away'));
    expect((await faultOf(loadCohort(path))).code).toBe('path-escapes');
  });
});
