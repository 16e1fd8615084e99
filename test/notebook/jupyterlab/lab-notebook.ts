import type { Page } from 'playwright-core';

/** What was seen of a notebook in JupyterLab after all its cells ran. */
export interface SeenNotebook {
  codeCells: number;
  /** Code cells that ran to their end. */
  executed: number;
  /** `error` outputs and what stands on stderr, in words. */
  errors: string[];
  /** Plotly outputs in the file, and those drawn on the screen. */
  figures: number;
  figuresDrawn: number;
  /** Outputs with a table in the file, and those drawn. */
  tables: number;
  tablesDrawn: number;
  /** Outputs that show raw JSON or the text that stands in for a figure. */
  raw: string[];
  /** Text of figures that reaches over the figure's edge, or covers another label of its axis. */
  clipped: string[];
  /** Seconds from the order to run to the end of the last cell. */
  seconds: number;
}

/**
 * Opens a notebook, clears its outputs, runs all cells and looks at what JupyterLab drew.
 *
 * @param timeoutSeconds for opening, and again for running
 */
export async function runInLab(
  page: Page,
  address: string,
  { timeoutSeconds = 300 } = {},
): Promise<SeenNotebook> {
  const timeout = timeoutSeconds * 1000;
  await page.goto(address, { timeout });
  await page.waitForFunction(
    `(() => {
      const panel = globalThis.jupyterapp?.shell?.currentWidget;
      return panel?.context?.isReady && panel.sessionContext?.session?.kernel?.status === 'idle';
    })()`,
    undefined,
    { timeout },
  );
  const started = performance.now();
  await page.evaluate(`jupyterapp.commands.execute('notebook:clear-all-cell-outputs')`);
  await page.evaluate(`void jupyterapp.commands.execute('notebook:run-all-cells')`);
  // Idle for a while: after an error the cells that follow never run.
  await page.waitForFunction(
    `(() => {
      const panel = jupyterapp.shell.currentWidget;
      const code = panel.content.widgets.filter((w) => w.model.type === 'code');
      const idle = panel.sessionContext.session.kernel.status === 'idle';
      const busy = !idle || code.some((w) => w.model.executionState === 'running');
      const all = code.every((w) => w.model.executionCount !== null);
      const failed = code.some((w) => w.model.outputs.toJSON().some((o) => o.output_type === 'error'));
      if (busy) globalThis.nacreIdleSince = undefined;
      else globalThis.nacreIdleSince ??= performance.now();
      // A kernel that died, or one that dropped the cells after an error, will run no more.
      return performance.now() - (globalThis.nacreIdleSince ?? Infinity) > (all || failed ? 800 : 8000);
    })()`,
    undefined,
    { timeout, polling: 200 },
  );
  const seconds = (performance.now() - started - 800) / 1000;
  // Figures are drawn after the cell ended.
  await page
    .waitForFunction(
      `(() => {
        const seen = (${look})();
        return seen.figuresDrawn >= seen.figures && seen.tablesDrawn >= seen.tables;
      })()`,
      undefined,
      { timeout: 20_000, polling: 200 },
    )
    .catch(() => {});
  const seen = (await page.evaluate(`(${look})()`)) as Omit<SeenNotebook, 'seconds'>;
  return { ...seen, seconds };
}

/** What is wrong with a notebook as it was seen; empty where all is well. */
export function complaints(seen: SeenNotebook): string[] {
  const { codeCells, executed, errors, figures, figuresDrawn, tables, tablesDrawn } = seen;
  return [
    ...(executed < codeCells ? [`${executed} of ${codeCells} code cells ran`] : []),
    ...errors,
    ...(figuresDrawn < figures ? [`${figuresDrawn} of ${figures} figures are drawn`] : []),
    ...(tablesDrawn < tables ? [`${tablesDrawn} of ${tables} tables are drawn`] : []),
    ...seen.raw.map((text) => `raw output: ${text}`),
    ...seen.clipped,
  ];
}

/** Pictures of the whole notebook, a screenful each. */
export async function screenshots(page: Page, path: (part: number) => string): Promise<string[]> {
  const files: string[] = [];
  const scroller = '.jp-WindowedPanel-outer';
  const { height, whole } = (await page.evaluate(
    `(() => {
      const e = jupyterapp.shell.currentWidget.node.querySelector('${scroller}');
      // JupyterLab scrolls past the last cell.
      const last = jupyterapp.shell.currentWidget.content.widgets.at(-1).node.getBoundingClientRect();
      return { height: e.clientHeight, whole: last.bottom - e.getBoundingClientRect().top + e.scrollTop };
    })()`,
  )) as { height: number; whole: number };
  for (let top = 0, part = 1; top < whole; top += height - 40, part++) {
    await page.evaluate(
      `jupyterapp.shell.currentWidget.node.querySelector('${scroller}').scrollTop = ${top}`,
    );
    await page.waitForTimeout(150);
    files.push(path(part));
    await page.screenshot({ path: path(part) });
    if (top + height >= whole) break;
  }
  return files;
}

/** Runs in the page: JupyterLab's model of the notebook beside what stands on the screen. */
const look = `() => {
  const panel = jupyterapp.shell.currentWidget;
  const code = panel.content.widgets.filter((w) => w.model.type === 'code');
  const outputs = code.flatMap((w, i) => w.model.outputs.toJSON().map((o) => ({ ...o, cell: i + 1 })));
  const text = (value) => (Array.isArray(value) ? value.join('') : String(value ?? ''));
  const errors = outputs.flatMap((o) => {
    if (o.output_type === 'error') return ['code cell ' + o.cell + ': ' + o.ename + ': ' + o.evalue];
    if (o.output_type === 'stream' && o.name === 'stderr') return ['code cell ' + o.cell + ' on stderr: ' + text(o.text).slice(0, 300)];
    return [];
  });
  const plotly = 'application/vnd.plotly.v1+json';
  const figures = outputs.filter((o) => o.data && plotly in o.data).length;
  const tables = outputs.filter((o) => o.data && !(plotly in o.data) && /<table/.test(text(o.data['text/html']))).length;
  const areas = Array.from(panel.node.querySelectorAll('.jp-OutputArea-output'));
  const plots = areas.map((a) => a.querySelector('.js-plotly-plot')).filter((p) => p && p.querySelector('.main-svg'));
  const tablesDrawn = areas.filter((a) => a.matches('.jp-RenderedHTML') && a.querySelector('table tbody td')).length;
  const raw = areas
    .filter((a) => a.matches('.jp-RenderedJSON') || /^\\s*\\[figure |^\\s*\\{\\s*"|application\\/vnd/.test(a.textContent))
    .map((a) => a.textContent.trim().slice(0, 80));
  const clipped = [];
  plots.forEach((plot, number) => {
    const name = 'figure ' + (number + 1);
    const frame = plot.querySelector('.main-svg').getBoundingClientRect();
    const boxes = (selector) => Array.from(plot.querySelectorAll(selector))
      .map((e) => ({ text: e.textContent, box: e.getBoundingClientRect() }))
      .filter(({ text, box }) => text.trim() !== '' && box.width > 0);
    for (const { text, box } of boxes('text')) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
        clipped.push(name + ': "' + text + '" reaches over its edge');
      }
    }
    for (const layer of plot.querySelectorAll('.xaxislayer-above, .yaxislayer-above, .xaxislayer-below, .yaxislayer-below')) {
      const labels = Array.from(layer.querySelectorAll('text')).map((e) => ({ text: e.textContent, box: e.getBoundingClientRect(), turned: /rotate\\((?!0)/.test(e.getAttribute('transform') ?? '') }));
      for (let i = 0; i < labels.length; i++) for (let j = i + 1; j < labels.length; j++) {
        const [a, b] = [labels[i], labels[j]];
        // A turned label's box is larger than the label.
        if (a.turned || b.turned || a.text.trim() === '' || b.text.trim() === '') continue;
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (across > 1 && down > 3) clipped.push(name + ': "' + a.text + '" covers "' + b.text + '"');
      }
    }
    const area = plot.closest('.jp-OutputArea-output').getBoundingClientRect();
    if (frame.right > area.right + 1) clipped.push(name + ' is wider than the cell');
  });
  return {
    codeCells: code.length,
    executed: code.filter((w) => w.model.executionCount !== null).length,
    errors, figures, figuresDrawn: plots.length, tables, tablesDrawn, raw, clipped,
  };
}`;
