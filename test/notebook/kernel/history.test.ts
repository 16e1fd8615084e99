import { appendFileSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { History } from '../../../src/notebook/kernel/history.ts';
import { requestSchemas } from '../../../src/notebook/kernel/requests.ts';

const folderOf = () => mkdtempSync(join(tmpdir(), 'nacre-history-'));
const request = (content: object) => requestSchemas.history_request.parse(content);

it('finds what earlier sessions ran: tail, range and search', () => {
  const folder = folderOf();
  const first = new History(folder);
  first.add(1, 'const a = 1;', null);
  first.add(2, 'a + 1', '2');
  const second = new History(folder);
  second.add(1, 'a + 1', '2');
  expect([first.session, second.session]).toEqual([1, 2]);
  expect(second.find(request({ hist_access_type: 'tail', n: 2 }))).toEqual([
    [1, 2, 'a + 1'],
    [2, 1, 'a + 1'],
  ]);
  const range = { hist_access_type: 'range', session: -1, start: 2, stop: 3, output: true };
  expect(second.find(request(range))).toEqual([[1, 2, ['a + 1', '2']]]);
  const search = { hist_access_type: 'search', pattern: 'a ? 1', unique: true };
  expect(second.find(request(search))).toEqual([[2, 1, 'a + 1']]);
  expect(second.find(request({ hist_access_type: 'search', pattern: '(*' }))).toEqual([]);
});

it('is readable by its user alone', () => {
  const folder = folderOf();
  new History(folder).add(1, 'x', null);
  const [file] = readdirSync(folder);
  if (process.platform !== 'win32') expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
});

it('skips the torn last line of a kernel that was killed', () => {
  const folder = folderOf();
  new History(folder).add(1, 'whole', null);
  appendFileSync(join(folder, '000001.jsonl'), '[2,"tor');
  const later = new History(folder);
  expect(later.find(request({ hist_access_type: 'tail', n: 10 }))).toEqual([[1, 1, 'whole']]);
});

it('keeps the session in memory where the folder cannot be made', () => {
  const file = join(folderOf(), 'file');
  writeFileSync(file, '');
  const history = new History(join(file, 'below'));
  history.add(1, 'x', null);
  expect(history.find(request({ hist_access_type: 'tail' }))).toEqual([[1, 1, 'x']]);
});
