import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { figures } from '../../src/report/figures.ts';
import { openRun } from '../../src/report/open-run.ts';
import {
  chromiumMissing,
  findChromium,
  shareBrowser,
  startStaticExporter,
} from '../../src/report/static-export.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

const missing = findChromium() === undefined;
if (missing) process.stdout.write(`static export: skipped, ${chromiumMissing()}\n`);

it.skipIf(missing)(
  'draws the same bytes whatever was drawn before, one page or two, in a browser of its own or a shared one',
  async () => {
    const run = await openRun(writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-export-'))));
    const drawn = [
      figures.ranking(run, { featureSet: 'radiomics' }),
      figures.roc(run),
      figures.ranking(run, { featureSet: 'clinical' }),
    ];
    const draw = async (pages: number, order: typeof drawn) => {
      const exporter = await startStaticExporter(pages);
      try {
        const pictures = await Promise.all(order.map((figure) => exporter.draw(figure)));
        return new Map(order.map(({ name }, i) => [name, pictures[i]]));
      } finally {
        await exporter.close();
      }
    };
    const shared = await shareBrowser();
    vi.stubEnv('NACRE_BROWSER', shared.address);
    const lent = await draw(1, drawn);
    const two = await draw(2, [...drawn].reverse());
    vi.unstubAllEnvs();
    await shared.close();
    const one = await draw(1, drawn);
    for (const [name, { svg, png }] of one) {
      expect(svg, name).toMatch(/^<svg [\s\S]*<\/svg>$/);
      expect(two.get(name)?.svg === svg, name).toBe(true);
      expect(lent.get(name)?.svg === svg, name).toBe(true);
      expect(Buffer.from(png).equals(lent.get(name)?.png as Uint8Array), name).toBe(true);
      expect(Buffer.from(png).equals(two.get(name)?.png as Uint8Array), name).toBe(true);
    }
  },
);
