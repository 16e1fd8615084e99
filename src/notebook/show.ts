import { kernelHook } from './kernel/kernel-hook.ts';
import { type BundleOptions, type MimeBundle, plainBundle, richBundle } from './mime-bundle.ts';

export type ShowOptions = BundleOptions;

/**
 * Shows something in a notebook:
 * a plotly figure (interactive; with a PNG beside it where outputs are saved for GitHub and nbviewer),
 * a danfojs DataFrame or an array of plain objects (a table), a volume (three planes, with region outlines),
 * a string (Markdown), anything else as text. Outside a notebook it prints text.
 *
 * @example await show(figures.roc(run))
 */
export async function show(what: unknown, options: ShowOptions = {}): Promise<void> {
  const { data, metadata } = await bundleOf(what, options);
  const hook = kernelHook();
  if (hook === undefined) process.stdout.write(`${data['text/plain']}\n`);
  else hook.display({ data, metadata, transient: {} }, false);
}

/** Removes what the running cell has shown; with `wait` as soon as its next output comes. Does nothing in a script. */
export function clearOutput(options: { wait?: boolean } = {}): void {
  kernelHook()?.clearOutput(options.wait ?? false);
}

async function bundleOf(what: unknown, options: ShowOptions): Promise<MimeBundle> {
  if (Array.isArray(what) && what.length === 0) {
    return { data: { 'text/markdown': '*None.*', 'text/plain': 'None.' }, metadata: {} };
  }
  if (typeof what === 'string') {
    return { data: { 'text/markdown': what, 'text/plain': what }, metadata: {} };
  }
  return (await richBundle(what, options)) ?? plainBundle(what);
}
