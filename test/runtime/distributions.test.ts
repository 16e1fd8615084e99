import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { bundled, inlined, licencesOf } from '../../scripts/bundle-browser.mjs';
import * as source from '../../src/runtime/distributions.ts';

const require = createRequire(import.meta.url);

it('the module with its packages inside gives the numbers of the packages, to the last bit', async () => {
  const { text, inputs, imports } = await bundled(inlined[0]);
  expect(imports).toEqual([]);
  expect(licencesOf(inputs)).toContain('Apache License');
  const folder = mkdtempSync(join(tmpdir(), 'nacre-distributions-'));
  try {
    const path = join(folder, 'distributions.mjs');
    writeFileSync(path, text);
    const inside = (await import(pathToFileURL(path).href)) as typeof source;
    for (const module of [source, inside]) {
      for (let i = -40; i <= 40; i++) {
        const x = i / 7;
        expect(module.complementaryError(x)).toBe(require('@stdlib/math-base-special-erfc')(x));
        for (const degrees of [1, 4, 9, 47]) {
          expect(module.studentCdf(x, degrees)).toBe(
            require('@stdlib/stats-base-dists-t-cdf')(x, degrees),
          );
          const p = (i + 41) / 83;
          expect(module.studentQuantile(p, degrees)).toBe(
            require('@stdlib/stats-base-dists-t-quantile')(p, degrees),
          );
          expect(module.betaQuantile(degrees / 2, 3, p, 1 - p)).toEqual([
            ...require('@stdlib/math-base-special-kernel-betaincinv')(degrees / 2, 3, p, 1 - p),
          ]);
        }
      }
      // R: qt(0.975, 9), pt(-2, 9)
      expect(module.studentQuantile(0.975, 9)).toBeCloseTo(2.262157163, 9);
      expect(module.studentCdf(-2, 9)).toBeCloseTo(0.0382764, 6);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
