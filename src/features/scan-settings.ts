import type { Cohort } from '../cohort/cohort.ts';
import { type Preprocessing, preprocessing } from '../deep/preprocessing.ts';
import { radiomicsSettings } from '../radiomics/parameter-file.ts';
import { NacreError, unknownName } from '../runtime/errors.ts';
import { deepOf, type Extraction, radiomicsOf, regionsOf } from './extraction.ts';
import type { ExtractionSetup } from './extraction-worker.ts';
import { extractorsOf, ownOnnx } from './extractor-choice.ts';

/** The settings of each scan, checked before anything is read. */
export function scanSettings(
  { maskThresholds }: Pick<Cohort, 'maskThresholds'>,
  extraction: Extraction,
): Pick<ExtractionSetup, 'regions' | 'radiomics' | 'deep'> {
  const { scans, byScan } = extraction;
  const stray = Object.keys(byScan).find((scan) => !scans.includes(scan));
  if (stray !== undefined) {
    throw unknownName('settings for a scan that is not extracted', stray, scans, {
      column: 'extraction.byScan',
    });
  }
  const radiomics = Object.fromEntries(
    scans.map((scan) => [scan, radiomicsSettings(radiomicsOf(extraction, scan))]),
  );
  const deep = Object.fromEntries(
    scans.map((scan) => [scan, preprocessing(deepOf(extraction, scan))]),
  );
  for (const scan of scans) refuseCopies(extraction, scan, deep[scan]);
  const regions = Object.fromEntries(
    scans.map((scan) => [scan, regionsOf(extraction, scan, maskThresholds)]),
  );
  return { regions, radiomics, deep };
}

/**
 * A network that sees the whole scan, whatever the region, gives the same features twice.
 *
 * @throws NacreError `bad-config`
 */
function refuseCopies(
  { regions, extractors }: Extraction,
  scan: string,
  { crop, region, normalise }: Preprocessing,
): void {
  // An ONNX file has its own settings: `openOnnx` checks them.
  const networks = extractorsOf(extractors).filter(
    (name) => name !== 'radiomics' && ownOnnx(extractors, name) === undefined,
  );
  if (networks.length === 0 || new Set(regions).size < 2) return;
  if (crop !== 'image' || region !== 'boxed' || normalise === 'region') return;
  throw new NacreError('bad-config', 'both regions would have the same deep features', {
    column: 'extraction.deep',
    found: `crop: image with region: boxed for ${scan}: ${networks.join(', ')} would see the whole scan twice`,
    expected: 'an input that depends on the region',
    todo: 'take region: masked or crop: region, or one region (regions: [intra])',
  });
}
