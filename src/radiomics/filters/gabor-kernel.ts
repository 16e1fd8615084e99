import type { Geometry } from '../../imaging/volume.ts';
import { cos, exp, sin } from '../../runtime/elementary.ts';

/** A kernel in a plane: `re[u + reach[0] + (2 reach[0] + 1) (v + reach[1])]` and `im` likewise, u and v from the centre. */
export interface GaborKernel {
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly reach: readonly [number, number];
}

/** Standard deviations after which the envelope is cut: it is then 1.5e-8. */
const cutoff = 6;

/**
 * The sampled kernel of `gabor` in the plane of two axes.
 *
 * @param theta degrees, from the first axis towards the second one: clockwise in an axial slice as it is looked at, with i to the
 *   right and j downwards, as in IBSI's reference maps
 */
export function gaborKernel(
  { spacing }: Pick<Geometry, 'spacing'>,
  a: 0 | 1 | 2,
  b: 0 | 1 | 2,
  theta: number,
  options: { sigma?: number; lambda?: number; gamma?: number },
): GaborKernel {
  const { sigma = 5, lambda = 2, gamma = 1 } = options;
  const angle = (theta * Math.PI) / 180;
  const [c, s] = [cos(angle), sin(angle)];
  const across = sigma / gamma;
  const along = (x: number, y: number) =>
    Math.sqrt(sigma * x * (sigma * x) + across * y * (across * y));
  const reach = [
    Math.ceil((cutoff * along(c, s)) / spacing[a]),
    Math.ceil((cutoff * along(s, c)) / spacing[b]),
  ] as const;
  const width = 2 * reach[0] + 1;
  const re = new Float64Array(width * (2 * reach[1] + 1));
  const im = new Float64Array(re.length);
  for (let v = -reach[1], at = 0; v <= reach[1]; v++) {
    for (let u = -reach[0]; u <= reach[0]; u++, at++) {
      const [x, y] = [u * spacing[a], v * spacing[b]];
      const first = c * x + s * y;
      const second = c * y - s * x;
      const envelope = exp(
        -(first * first + gamma * gamma * second * second) / (2 * sigma * sigma),
      );
      const phase = (2 * Math.PI * first) / lambda;
      re[at] = envelope * cos(phase);
      im[at] = envelope * sin(phase);
    }
  }
  return { re, im, reach };
}
