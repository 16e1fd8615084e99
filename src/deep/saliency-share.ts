import type { Volume } from '../imaging/volume.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';

/** A saliency map as shares of its largest magnitude, -1 to 1; all 0 where the map is 0 everywhere. */
export function saliencyShare(saliency: Volume): Volume {
  const { data } = saliency;
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]));
  const out = new Float32Array(data.length);
  if (largest > 0) for (let i = 0; i < out.length; i++) out[i] = data[i] / largest;
  return withDisplay({ ...saliency, data: out });
}
