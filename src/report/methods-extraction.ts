import { preprocessing } from '../deep/preprocessing.ts';
import { deepOf, type Extraction, radiomicsOf } from '../features/extraction.ts';
import { extractorsOf, ownCheckpoint, ownOnnx } from '../features/extractor-choice.ts';
import { defaultSettings, type Settings } from '../radiomics/settings.ts';
import type { StudyResults } from '../study/results.ts';
import type { Citations } from './references.ts';

/** How scans became features: regions, then handcrafted features, then networks, a paragraph each. */
export function extractionText(
  extraction: Extraction,
  results: StudyResults,
  citations: Citations,
): string[] {
  const { scans, regions, ringMm, ringWithin, missingScan } = extraction;
  const places = regions.map((region) =>
    region === 'intra'
      ? 'the tumour as segmented'
      : `the ring of ${ringMm} mm around it, ${ringWithin === 'body' ? 'cut at the skin' : 'cut at the edge of the scan'}`,
  );
  return [
    `Features were extracted from ${listed(scans)}, each in ${listed(places)}. Patients without one of the scans ${
      missingScan === 'drop'
        ? 'were left out'
        : 'kept the features of their other scans; what was missing was filled in from training rows'
    }.`,
    ...handcrafted(extraction, citations),
    ...networks(extraction, results, citations),
  ];
}

function handcrafted(extraction: Extraction, citations: Citations): string[] {
  if (!extractorsOf(extraction.extractors).includes('radiomics')) return [];
  const start = `Handcrafted features followed the definitions of PyRadiomics, whose values were checked against the reference values of the Image Biomarker Standardisation Initiative ${citations.cite('pyradiomics', 'ibsi')}.`;
  const perScan = extraction.scans.map((scan) => {
    const { setting, imageType, featureClass } = radiomicsOf(extraction, scan);
    const settings = { ...defaultSettings, ...setting } as Settings;
    const parts = [
      settings.normalize
        ? `intensities were standardised over the whole scan${settings.normalizeScale === 1 ? '' : ` and multiplied by ${settings.normalizeScale}`}`
        : 'intensities were left in their units',
      settings.resampledPixelSpacing === null || settings.interpolator === null
        ? 'voxels were not resampled'
        : `voxels were resampled to ${settings.resampledPixelSpacing.join(' × ')} mm (${interpolations[settings.interpolator]})`,
      settings.resegmentRange === null
        ? undefined
        : `the region was re-segmented to ${settings.resegmentRange.join(' to ')} (${settings.resegmentMode})`,
      settings.resegmentSigma === null
        ? undefined
        : `intensities beyond ${settings.resegmentSigma} standard deviations were left out`,
      settings.aggregation === null
        ? undefined
        : `texture matrices were aggregated ${settings.aggregation}`,
      settings.binCount === null
        ? `grey levels were bins of width ${settings.binWidth}`
        : `grey levels were ${settings.binCount} bins`,
      imageType === undefined
        ? undefined
        : `image types: ${Object.keys(imageType as object).join(', ')}`,
      featureClass === undefined
        ? undefined
        : `feature classes: ${Object.keys(featureClass as object).join(', ')}`,
    ];
    return { scan, text: parts.filter((part) => part !== undefined).join('; ') };
  });
  return [`${start} ${byText(perScan)}`];
}

const interpolations: Record<NonNullable<Settings['interpolator']>, string> = {
  sitkNearestNeighbor: 'nearest neighbour',
  sitkLinear: 'linear interpolation',
  sitkBSpline: 'cubic B-splines',
};

function networks(
  extraction: Extraction,
  { endpoints }: StudyResults,
  citations: Citations,
): string[] {
  const names = extractorsOf(extraction.extractors).filter((name) => name !== 'radiomics');
  if (names.length === 0) return [];
  const checkpoints = names.filter((name) => ownCheckpoint(extraction.extractors, name));
  const onnx = names.filter((name) => ownOnnx(extraction.extractors, name));
  const published = names.filter((name) => !checkpoints.includes(name) && !onnx.includes(name));
  const random = endpoints.some(({ featureSets }) =>
    featureSets.some(({ parts }) => parts?.randomWeights),
  );
  const what = [
    published.length > 0 &&
      `the global average of the last layer of ${listed(published)} (architecture of MedicalNet ${citations.cite('medicalnet')}${random ? '; some with random weights, as the names of the sets state' : ', its pre-trained weights'})`,
    checkpoints.length > 0 &&
      `the global average of the last layer of ${listed(checkpoints)}, residual networks with weights of our own`,
    onnx.length > 0 &&
      `the output of ${listed(onnx)}, networks given as ONNX files (input, intensities and pooling in config.yaml, SHA-256 in provenance.json)`,
  ].filter((part) => part !== false);
  const perScan = extraction.scans.map((scan) => ({
    scan,
    text: inputText(preprocessing(deepOf(extraction, scan))),
  }));
  const input = onnx.length === names.length ? '' : ` Their input: ${byText(perScan)}`;
  return [`Deep features were ${what.join('; ')}.${input} Networks were not trained further.`];
}

/** How a region became the input of a network. */
function inputText(p: ReturnType<typeof preprocessing>): string {
  const size = p.size === null ? 'as many voxels as it needs' : `${sizeText(p.size)} voxels`;
  const spacing = p.spacing === null ? '' : ` of ${[p.spacing].flat().join(' × ')} mm`;
  const crop =
    p.crop === 'region'
      ? `a box around the region with a margin of ${p.marginMm} mm`
      : 'the whole scan';
  const statistics: Record<string, string> = {
    body: 'standardised over the body',
    region: 'standardised over the region',
    positive: 'standardised over voxels above 0',
    input: 'standardised over the input',
    none: 'left in their units',
  };
  const intensities =
    typeof p.normalise === 'string' ? statistics[p.normalise] : 'set by a rule (config.yaml)';
  return [
    `${crop}, ${size}${spacing} (${p.interpolation} interpolation${p.spacing !== null && p.size !== null ? `; larger regions were ${p.tooLarge === 'shrink' ? 'sampled more coarsely' : 'cut'}` : ''})`,
    `intensities ${intensities}`,
    p.region === 'masked'
      ? `voxels outside the region were ${p.fill === 'zero' ? 'set to 0' : 'replaced by noise'}`
      : 'voxels outside the region were kept',
  ].join('; ');
}

function sizeText(size: number | readonly (number | null)[]): string {
  if (typeof size === 'number') return `${size}³`;
  return size.map((n) => n ?? 'as needed').join(' × ');
}

/** Scans with the same text share a sentence. */
function byText(perScan: readonly { scan: string; text: string }[]): string {
  const groups = new Map<string, string[]>();
  for (const { scan, text } of perScan) groups.set(text, [...(groups.get(text) ?? []), scan]);
  return [...groups]
    .map(
      ([text, scans]) =>
        `${groups.size === 1 ? 'For all scans' : `For ${listed(scans)}`}, ${text}.`,
    )
    .join(' ');
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
