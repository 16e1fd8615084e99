import type { CatalogueSeries } from './catalogue.ts';

/** Kind of a series, as far as its header gives it, in the names of a manifest's scans. */
export interface SequenceKind {
  /** `ceT1`, `T1`, `T2`, `DWI`, `CT`, `PET` …; undefined for what makes no scan of a study (projections, subtractions). */
  scan?: string | undefined;
  /** The evidence, in words. */
  why: string;
}

/** A word of a description: letters and digits around it would make another word of it. */
const word = (words: string) => new RegExp(`(?<![a-z0-9])(?:${words})(?![a-z0-9])`, 'i');

const derived = word(
  'mip|mpr|proj\\w*|sub|subtr\\w*|subtraction|minip|ttp|wash\\w*|peak|perf\\w*|localizer|localiser|scout|survey|screen\\w*',
);
const diffusion = word('adc|dwi|diff\\w*|ep2d\\w*|trace\\w*|b\\d{2,4}');
const t2 = word('t2w?|t2_\\w+|stir|tirm|haste|flair');
const t1 = word(
  't1w?|t1_\\w+|vibe|thrive|lava|flash\\w*|fl[23]d\\w*|spgr|fspgr|vibrant|mprage|dce|dyn\\w*|dynamic',
);
const contrasted = word('post|gd|gad\\w*|ce|km|\\+c|c\\+|contrast|dce|dyn\\w*|dynamic|ph\\w*\\d+');
const plain = word('pre|precontrast|nativ|native|without|wo|non');

/** Derives the kind of a series from modality, description, protocol, sequence, timing and contrast agent. */
export function sequenceKind(series: CatalogueSeries): SequenceKind {
  const { modality, description, protocol, source } = series;
  const text = `${description} ${protocol}`.replaceAll('_', ' ');
  const said = `"${description || protocol}"`;
  const type = source.header.imageType;
  if (derived.test(text) || type.some((value) => /MIP|PROJECTION|SUBTRACTION/.test(value))) {
    return {
      why: `derived from other series (${said}, image type ${type.slice(0, 3).join(' ') || 'unknown'})`,
    };
  }
  if (modality === 'CT') return { scan: 'CT', why: `modality CT, ${said}` };
  if (modality === 'PT') return { scan: 'PET', why: `modality PT, ${said}` };
  if (modality !== 'MR') return { why: `modality ${modality}` };
  const { bValue } = source.slices[0]?.frame ?? {};
  if (diffusion.test(text) || bValue !== undefined) {
    return {
      scan: /(?<![a-z])adc(?![a-z])/i.test(text) ? 'ADC' : 'DWI',
      why: `diffusion, ${said}`,
    };
  }
  const weighting = weightingOf(series);
  if (weighting === undefined) return { why: `MR of unknown weighting, ${said}` };
  if (weighting.scan === 'T2') return { scan: 'T2', why: `T2 by ${weighting.by}, ${said}` };
  const evidence = contrastEvidence(series, text);
  return evidence === undefined
    ? { scan: 'T1', why: `T1 by ${weighting.by}, no sign of contrast, ${said}` }
    : { scan: 'ceT1', why: `T1 by ${weighting.by}, contrast by ${evidence}, ${said}` };
}

/** By the description; else by protocol and sequence, of which one protocol may hold several; else by timing. */
function weightingOf({
  source,
  description,
  protocol,
}: CatalogueSeries): { scan: 'T1' | 'T2'; by: string } | undefined {
  for (const [by, said] of Object.entries({ description, protocol })) {
    const text = said.replaceAll('_', ' ');
    const [isT1, isT2] = [t1.test(text), t2.test(text)];
    if (isT1 !== isT2) return { scan: isT1 ? 'T1' : 'T2', by };
  }
  const { repetitionTime: tr } = source.header;
  const te = source.slices[0]?.frame.echoTime;
  if (tr === undefined || te === undefined) return undefined;
  const by = `TR ${tr} ms, TE ${te} ms`;
  if (tr > 1500 && te > 50) return { scan: 'T2', by };
  if (tr < 1200 && te < 30) return { scan: 'T1', by };
  return undefined;
}

function contrastEvidence(
  { contrast, phases = 1 }: CatalogueSeries,
  text: string,
): string | undefined {
  if (phases > 1) return `${phases} phases`;
  if (plain.test(text)) return undefined;
  if (contrast) return 'a contrast agent in the header';
  return contrasted.test(text) ? 'description' : undefined;
}
