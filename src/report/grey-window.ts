import { airThreshold } from '../imaging/body.ts';
import type { Volume } from '../imaging/volume.ts';

/**
 * Grey values to show as black and white: soft tissue in Hounsfield units, else from the darkest to the brightest tissue.
 *
 * @param ct whether the scan is a CT. Default: whether it holds values below -500, as air has them in Hounsfield units
 */
export function greyWindow(volume: Volume, ct = holdsAir(volume)): [number, number] {
  return ct ? [-160, 240] : tissueWindow(volume);
}

function holdsAir({ data }: Volume): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] < -500) return true;
  return false;
}

/** From the darkest to the brightest tissue: 1st to 99th percentile above air (of all voxels where no air is distinguished). */
function tissueWindow({ data }: Volume): [number, number] {
  const air = airThreshold(data) ?? Number.NEGATIVE_INFINITY;
  const tissue = Float64Array.from(data as ArrayLike<number>).filter((value) => value > air);
  tissue.sort();
  if (tissue.length === 0) return [0, 1];
  const at = (share: number) => tissue[Math.round(share * (tissue.length - 1))];
  const [black, white] = [at(0.01), at(0.99)];
  return white > black ? [black, white] : [black, black + 1];
}
