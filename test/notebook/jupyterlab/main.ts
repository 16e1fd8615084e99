/**
 * `npm run e2e`: JupyterLab on loopback, every notebook opened in headless Chromium, all cells run, tables and figures
 * looked for, screenshots in `runs/e2e/`. The notebooks on disk stay as they are: copies are run, beside links to the
 * rest of the checkout, so that `../runs` and `../studies` lead where they lead in it.
 *
 *   npm run e2e                              all notebooks
 *   npm run e2e -- 02 06                     those whose name contains one of these
 *
 * Exit codes: 0 all well, or JupyterLab or Chromium is absent (the reason is printed); 1 something was wrong.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { chromiumMissing, findChromium } from '../../../src/report/static-export.ts';
import { complaints, runInLab, screenshots } from './lab-notebook.ts';
import { findJupyterLab, jupyterLabMissing, startLab } from './lab-server.ts';

const home = fileURLToPath(new URL('../../../', import.meta.url));
const lab = findJupyterLab();
const browserPath = findChromium();
if (lab === undefined || browserPath === undefined) {
  const why = lab === undefined ? jupyterLabMissing : chromiumMissing();
  process.stdout.write(`e2e: skipped, ${why}\n`);
} else {
  process.exitCode = await all(lab, browserPath, process.argv.slice(2));
}

async function all(executable: string, browserFile: string, wanted: string[]): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), 'nacre-e2e-'));
  for (const name of readdirSync(home)) {
    if (name !== 'notebooks') symlinkSync(join(home, name), join(root, name));
  }
  cpSync(join(home, 'notebooks'), join(root, 'notebooks'), { recursive: true });
  const pictures = join(home, 'runs', 'e2e');
  mkdirSync(pictures, { recursive: true });
  // Pictures of an earlier, longer run would be taken for those of this one. That of the test before stays.
  const old = readdirSync(pictures).filter((name) => name !== 'under-the-hand.png');
  if (wanted.length === 0) for (const name of old) rmSync(join(pictures, name));
  const notebooks = readdirSync(join(root, 'notebooks'))
    .filter((name) => name.endsWith('.ipynb'))
    .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
    .sort();
  let bad = 0;
  const server = await startLab(executable, root);
  const browser = await chromium.launch({
    executablePath: browserFile,
    args: ['--headless', '--no-sandbox', '--force-color-profile=srgb'],
  });
  try {
    for (const notebook of notebooks) {
      const page = await browser.newPage({ viewport: { width: 1400, height: 1500 } });
      let wrong: string[];
      let line = '';
      try {
        // Patient: on a busy machine a notebook of one minute takes ten.
        const seen = await runInLab(page, server.address(`notebooks/${notebook}`), {
          timeoutSeconds: 1800,
        });
        wrong = complaints(seen);
        line = `${seen.executed} cells, ${seen.figuresDrawn} figures, ${seen.tablesDrawn} tables, ${seen.seconds.toFixed(1)} s`;
        const base = join(pictures, notebook.replace(/\.ipynb$/, ''));
        const files = await screenshots(page, (part) => `${base}-${part}.png`);
        line += `, ${files.length} screenshots`;
        // The kernel's memory is wanted by the next notebook.
        await page.evaluate('jupyterapp.shell.currentWidget.sessionContext.shutdown()');
      } catch (error) {
        wrong = [(error as Error).message.split('\n')[0]];
        await page.screenshot({ path: join(pictures, `${notebook}-failed.png`) }).catch(() => {});
      }
      await page.close();
      if (wrong.length > 0) bad++;
      process.stdout.write(`${wrong.length === 0 ? 'ok   ' : 'WRONG'} ${notebook}: ${line}\n`);
      for (const what of wrong) process.stdout.write(`      ${what}\n`);
    }
  } finally {
    await browser.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
  process.stdout.write(
    `e2e: ${notebooks.length - bad} of ${notebooks.length} notebooks well; screenshots in runs/e2e/\n`,
  );
  return bad === 0 && notebooks.length > 0 ? 0 : 1;
}
