import type { Figure } from './figure.ts';
import { type Html, html } from './html.ts';

/**
 * A place for a figure; the script at the end of the page draws it. For who does not see it: one image with the figure's title as
 * its label, described by the caption.
 */
export function figurePlace({ name, caption, layout }: Figure): Html {
  const { width, height } = layout;
  return html`<figure role="group" aria-labelledby="caption-${name}"><div class="plot" role="img" aria-label="${figureLabel(layout)}" aria-describedby="caption-${name}" data-figure="${name}" style="width:${width}px;height:${height}px;--width:${width}"></div><figcaption id="caption-${name}">${caption}</figcaption></figure>\n`;
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
