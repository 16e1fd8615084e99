import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rangeText } from '../../bench/deep/range-text.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('speed of deep features beside torch', () => {
  // | resnet10 | 64³ | 1 | … torch ms, plain, rewritten | 2.91× |
  const rows = [
    ...read('bench/deep.md').matchAll(
      /^\| (resnet\d+) \| (\d+)³ \| ([12]) \|(?: \d+ \|){3} ([\d.]+)× \|/gm,
    ),
  ].map(([, network, size, threads, ratio]) => ({
    network,
    size: Number(size),
    threads: Number(threads),
    ratio: Number(ratio),
  }));

  it('is measured for four networks, two sizes, one and two threads', () => {
    const measured = new Set(rows.map((row) => `${row.network} ${row.size} ${row.threads}`));
    expect(measured.size).toBe(16);
  });

  it('stands in README as the bench has it', () => {
    const words = read('README.md').replace(/\s+/g, ' ');
    expect(words).toContain(rangeText(rows));
  });
});
