import {
  type ReadRegionsOptions,
  regionsFrom,
  type ScanWithRegions,
} from '../imaging/read-regions.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { diskFiles } from './disk-files.ts';

/**
 * Reads a scan and its mask and draws the regions.
 *
 * @throws NacreError of the readers and of `tumourRegions`; `file-changed` where the bytes are not those of `sha256`
 */
export async function readRegions(
  paths: { image: string; mask: string },
  options: ReadRegionsOptions = {},
): Promise<ScanWithRegions> {
  const read = await regionsFrom({ image: diskFiles, mask: diskFiles }, paths, options);
  withDisplay(read.scan);
  return read;
}
