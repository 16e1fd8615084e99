import type { Figure } from './figure.ts';
import { type Html, html } from './html.ts';

/**
 * A place for a figure; the script at the end of the page draws it. For who does not see it: a figure under its title, in which the
 * drawing is one image of that name and the caption follows.
 */
export function figurePlace({ name, caption, layout }: Figure): Html {
  const { width, height } = layout;
  return html`<figure aria-label="${figureLabel(layout)}"><div class="plot" data-figure="${name}" data-label="${figureLabel(layout)}" style="width:${width}px;height:${height}px;--width:${width}"></div><figcaption>${caption}</figcaption></figure>\n`;
}

/** The title of a figure as plain text. */
export function figureLabel({ title }: Figure['layout']): string {
  const text = (title as { text?: string } | undefined)?.text ?? 'figure';
  return text
    .replaceAll(/<br>/g, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
