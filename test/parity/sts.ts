import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bodyMask } from '../../src/imaging/body.ts';
import { maskOfLabel } from '../../src/imaging/mask-labels.ts';
import { peritumoralRing } from '../../src/imaging/peritumoral-ring.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { ParityReport, ParityRow } from './parity-row.ts';
import { referenceFile } from './reference/reference-file.ts';

export const scope = 'parity-only';

/** CT in HU and MRI normalised to fat have ranges of their own: a fixed number of bins suits both. */
const settings = {
  imageType: { Original: {}, Wavelet: {}, LoG: { sigma: [1, 3, 5] } },
  setting: { binCount: 32 },
};

/**
 * Twelve real patients, CT and MRI, tumour and the ring 0 to 5 mm around it: every feature a number, or missing with
 * its reason. A row per region; `ours` counts the features without a value and without a reason, which must be none.
 */
export default async function compare(): Promise<ParityReport> {
  const folder = referenceFile('datasets', 'sts');
  const extractor = new RadiomicsExtractor(settings);
  const rows: ParityRow[] = [];
  const reasons = new Map<string, number>();
  const patients = readdirSync(folder).filter((name) => name.startsWith('STS_'));
  for (const patient of patients) {
    for (const scan of ['CT', 'MR_T1']) {
      const path = (what: string) => join(folder, patient, `${scan}_${what}.nii.gz`);
      const image = await readVolume(path('image'));
      const tumour = maskOfLabel(await readVolume(path('mask')), { label: 1 });
      const regions = { intra: tumour, peri: peritumoralRing(tumour, { body: bodyMask(image) }) };
      for (const [region, mask] of Object.entries(regions)) {
        let silent = Number.NaN;
        let note: string | undefined;
        try {
          const result = extractor.execute(image, mask);
          const missing = extractor.featureColumns.filter((name) =>
            Number.isNaN(result.features[name]),
          );
          silent = missing.filter((name) => !result.reasons[name]).length;
          for (const name of missing) {
            const reason = result.reasons[name] ?? '(none)';
            reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
          }
          if (missing.length > 0) note = `${missing.length} missing, each with its reason`;
        } catch (error) {
          note = (error as Error).message;
        }
        rows.push({
          suite: 'sts',
          case: `${scan} ${region}`,
          item: patient,
          ours: silent,
          reference: 0,
          tolerance: 'none silent',
          ok: silent === 0,
          ...(note === undefined ? {} : { note }),
        });
      }
    }
  }
  return {
    rows,
    remarks: [
      `${extractor.featureColumns.length} features a region (original, wavelet, LoG 1, 3, 5 mm)`,
      ...[...reasons].map(([reason, count]) => `missing: ${count} × ${reason}`),
    ],
  };
}
