import type { Page } from 'playwright-core';

/** A notebook in JupyterLab under the hand: cells run one by one, the kernel is interrupted and restarted. */
export class HandInLab {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(page: Page, address: string, timeoutSeconds = 300): Promise<HandInLab> {
    const timeout = timeoutSeconds * 1000;
    await page.goto(address, { timeout });
    const hand = new HandInLab(page);
    await hand.#until(
      `globalThis.jupyterapp?.shell?.currentWidget?.context?.isReady === true`,
      timeout,
    );
    await hand.#until(`${panel}.sessionContext.session?.kernel?.status === 'idle'`, timeout);
    return hand;
  }

  /** Runs a code cell (from 0) to its end. */
  async run(cell: number): Promise<void> {
    await this.#start(cell);
    await this.#until(
      `${model(cell)}.executionState === 'idle' && ${model(cell)}.executionCount !== null`,
    );
  }

  /** Starts a code cell and waits until it has printed a text. */
  async begin(cell: number, text: string): Promise<void> {
    await this.#start(cell);
    await this.#until(`JSON.stringify(${model(cell)}.outputs.toJSON()).includes('${text}')`);
  }

  async interrupt(): Promise<void> {
    await this.#page.evaluate(`${kernel}.interrupt()`);
    await this.#until(`${kernel}.status === 'idle'`);
  }

  /**
   * As the menu's entry without its question. Not `kernel.restart()`: JupyterLab takes no status from
   * `kernel_info_request`, and nothing else is asked after it, so with any kernel (ipykernel too) the status stays what
   * it was. The menu's way loads the history again, whose busy and idle are the first that count.
   */
  async restart(): Promise<void> {
    await this.#page.evaluate(`${panel}.sessionContext.restartKernel()`);
    await this.#until(`${kernel}.status === 'idle'`);
  }

  /** Takes a cell out of the notebook. */
  async remove(cell: number): Promise<void> {
    await this.#page.evaluate(`${panel}.content.model.sharedModel.deleteCell(${cell})`);
  }

  /** The menu's "Run All Cells", to its end; false where a cell failed. */
  async runAll(): Promise<boolean> {
    await this.#until(`${kernel}.status === 'idle'`);
    return this.#page.evaluate(`jupyterapp.commands.execute('notebook:run-all-cells')`);
  }

  /** Execution counts of all code cells; null for one that did not run. */
  counts(): Promise<(number | null)[]> {
    return this.#page.evaluate(
      `${panel}.content.widgets.map((widget) => widget.model.executionCount)`,
    );
  }

  /** Outputs of a cell as the notebook file would hold them. */
  outputs(cell: number): Promise<{ output_type: string; [key: string]: unknown }[]> {
    return this.#page.evaluate(`${model(cell)}.outputs.toJSON()`);
  }

  /** Text that JupyterLab shows below a cell. */
  shown(cell: number): Promise<string> {
    return this.#page.evaluate(
      `${panel}.content.widgets[${cell}].node.querySelector('.jp-OutputArea').textContent`,
    );
  }

  /** Figures drawn below a cell, once there is one. */
  async figures(cell: number): Promise<number> {
    const drawn = `${panel}.content.widgets[${cell}].node.querySelectorAll('.js-plotly-plot .main-svg').length`;
    await this.#until(`${drawn} > 0`);
    return this.#page.evaluate(
      `${panel}.content.widgets[${cell}].node.querySelectorAll('.js-plotly-plot').length`,
    );
  }

  /** Types into an empty cell, presses Tab, and reads what the completer offers. */
  async complete(cell: number, code: string): Promise<string[]> {
    await this.#page.evaluate(`${panel}.content.activeCellIndex = ${cell}`);
    const editor = this.#page.locator('.jp-Notebook .jp-Cell').nth(cell).locator('.cm-content');
    await editor.click();
    await this.#page.keyboard.type(code);
    await this.#page.keyboard.press('Tab');
    const items = this.#page.locator('.jp-Completer:not(.lm-mod-hidden) .jp-Completer-item code');
    await items.first().waitFor({ timeout: 120_000 });
    return items.allTextContents();
  }

  async #start(cell: number): Promise<void> {
    await this.#until(`${kernel}.status === 'idle'`);
    await this.#page.evaluate(`${panel}.content.activeCellIndex = ${cell}`);
    await this.#page.evaluate(`void jupyterapp.commands.execute('notebook:run-cell')`);
  }

  async #until(condition: string, timeout = 90_000): Promise<void> {
    await this.#page.waitForFunction(`(() => ${condition})()`, undefined, {
      timeout,
      polling: 100,
    });
  }
}

const panel = 'jupyterapp.shell.currentWidget';
const kernel = `${panel}.sessionContext.session.kernel`;
const model = (cell: number) => `${panel}.content.widgets[${cell}].model`;
