/** A plotly figure with what a report needs beside it. Plain data: JSON and back leaves it as it is. */
export interface Figure {
  /** File name without extension, unique in a report: `pcr-balanced-accuracy`. */
  name: string;
  /** What the picture shows and how to read it, in a sentence or two. */
  caption: string;
  /** Traces, as plotly documents them. Without plotly's own types, which need those of a browser page. */
  data: object[];
  /** Carries `width` and `height` in CSS pixels: static pictures are drawn at that size. */
  layout: FigureLayout;
}

/** The parts of a layout that nacre reads; plotly documents the others. */
export interface FigureLayout {
  width: number;
  height: number;
  title?: unknown;
  annotations?: { text?: string | undefined }[];
}

/** The figure by MIME type, as Jupyter's front ends read it: interactive, and as text. */
export function figureFormats({ name, caption, data, layout }: Figure): Record<string, unknown> {
  return {
    'application/vnd.plotly.v1+json': { data, layout, config: { displaylogo: false } },
    'text/plain': `[figure ${name}] ${caption}`,
  };
}

/** Okabe and Ito's palette (2008): distinguished with every common colour vision. Black and grey are for references. */
export const palette = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#F0E442',
] as const;

export const ink = '#222222';
export const grey = '#767676';

/** The palette's colour of the i-th thing shown, with an opacity where a band needs one. */
export function colourOf(i: number, opacity = 1): string {
  return tint(palette[i % palette.length], opacity);
}

/** A colour of the palette (`#0072B2`) with an opacity. */
export function tint(hex: string, opacity = 1): string {
  if (opacity === 1) return hex;
  const channel = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return `rgba(${channel(1)},${channel(3)},${channel(5)},${opacity})`;
}

/** How a subtitle begins where the data were made by code; nothing where they were not. */
export function syntheticMark(synthetic: boolean | undefined, what: 'patients' | 'volume'): string {
  return synthetic ? `<b style="color:#D55E00">SYNTHETIC ${what}, made by code</b> · ` : '';
}

/** Plotly reads `<b>` and `&…;` in text: names from data are escaped, so that they stay text. */
export function plotText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Breaks a label at spaces, hyphens and underscores so that no line is longer than `width` characters if it can be helped.
 * A short remark in parentheses stays together.
 */
export function wrapText(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(/(?<=[\s_/+-])(?![^()]{0,20}\))/)) {
    const line = lines[lines.length - 1];
    if (line !== '' && (line + word).trimEnd().length > width) lines.push(word);
    else lines[lines.length - 1] = line + word;
  }
  return lines.map((line) => plotText(line.trimEnd())).join('<br>');
}
