import type { Page } from 'playwright-core';

/**
 * Drags files or folders of this machine over the middle of a page and lets go, as a hand does it from a file manager: the browser
 * itself makes the events.
 */
export async function dragFiles(page: Page, files: readonly string[]): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 860 };
  const devtools = await page.context().newCDPSession(page);
  const copy = 1;
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', {
      type,
      x: Math.round(width / 2),
      y: Math.round(height / 2),
      data: { items: [], files: [...files], dragOperationsMask: copy },
    });
  }
  await devtools.detach();
}

/**
 * Drops files that exist in memory alone, as another page hands them over.
 *
 * @param hovering is called before they are let go
 */
export async function dropMade(
  page: Page,
  files: readonly { name: string; bytes: Uint8Array }[],
  hovering: () => Promise<void> = async () => {},
): Promise<void> {
  const given = files.map(({ name, bytes }) => ({
    name,
    base64: Buffer.from(bytes).toString('base64'),
  }));
  const dataTransfer = await page.evaluateHandle((list) => {
    const { DataTransfer } = globalThis as unknown as {
      DataTransfer: new () => { items: { add(file: File): void } };
    };
    const transfer = new DataTransfer();
    for (const { name, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    return transfer;
  }, given);
  await page.dispatchEvent('h1', 'dragenter', { dataTransfer });
  await page.dispatchEvent('h1', 'dragover', { dataTransfer });
  await hovering();
  await page.dispatchEvent('h1', 'drop', { dataTransfer });
}
