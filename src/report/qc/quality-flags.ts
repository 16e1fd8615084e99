import type { MaskIntensities } from '../../imaging/mask-intensities.ts';
import type { MaskShape } from '../../imaging/mask-shape.ts';
import { exp, log } from '../../runtime/elementary.ts';
import { printed, signed, significant } from '../printed-number.ts';
import { againstOtherScans } from './against-other-scans.ts';
import {
  fewestForOutliers,
  medianOf,
  type Outlier,
  outlierLimit,
  robustOutliers,
} from './cohort-outliers.ts';
import { groupBy } from './group-by.ts';
import type { FlagAt, QualityFlag } from './quality-flag.ts';
import type { ScanQuality } from './scan-quality.ts';

export interface FlaggedScan extends ScanQuality {
  /** Highest score first. */
  flags: QualityFlag[];
  /** Sum of the scores. */
  score: number;
}

/** A mask that cannot be used comes before all that can. */
const unusable = 1000;
export const severeScore = 20;

/**
 * Flags every scan of a cohort, the worst first. Comparisons with other patients are made per scan (`ceT1`
 * with `ceT1`), in robust standard deviations, and only where there are at least eight of them.
 */
export function flagScans(scans: readonly ScanQuality[]): FlaggedScan[] {
  const flags = scans.map((scan) => ownFlags(scan));
  const compared = [
    ...againstCohort(scans),
    ...againstOtherScans(scans),
    ...spacingFlags(scans),
    ...sameMask(scans, (at) => flags[at]),
  ];
  for (const { at, flag } of compared) flags[at].push(flag);
  const flagged = scans.map((scan, at): FlaggedScan => {
    const sorted = flags[at].sort((a, b) => b.score - a.score || (a.kind < b.kind ? -1 : 1));
    return { ...scan, flags: sorted, score: sorted.reduce((sum, { score }) => sum + score, 0) };
  });
  return flagged.sort(
    (a, b) =>
      b.score - a.score ||
      compareText(a.patient, b.patient) ||
      scans.findIndex(({ scan }) => scan === a.scan) -
        scans.findIndex(({ scan }) => scan === b.scan),
  );
}

/** Scans of the manifest with too few masks to compare with each other. */
export function scansTooFew(scans: readonly ScanQuality[]): string[] {
  return [...groupBy(scans, ({ scan }) => scan)]
    .filter(([, rows]) => rows.filter((at) => scans[at].shape).length < fewestForOutliers)
    .map(([scan]) => scan);
}

/** Flags from the mask alone. */
function ownFlags({ fault, shape, intensities, ring, assumptions }: ScanQuality): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const add = (kind: string, score: number, text: string) => flags.push({ kind, text, score });
  if (fault !== undefined) add(fault.code, unusable, faultText(fault));
  if (shape !== undefined) shapeFlags(shape, add);
  if (intensities !== undefined) {
    const { airShare, notFinite } = intensities;
    if (airShare > 0.05)
      add('in-air', 20 + 60 * airShare, `${percent(airShare)} of the mask is air`);
    if (notFinite > 0) add('not-finite', 40, `${notFinite} voxels under the mask are not finite`);
  } else if (fault === undefined) {
    add('not-finite', unusable, 'no voxel under the mask is finite');
  }
  if (ring !== undefined) {
    if ('missing' in ring) add('no-ring', 60, `no ring: ${ring.missing}`);
    else if (ring.cutShare > 0.3) {
      const score = 5 + 30 * ring.cutShare;
      add(
        'ring-cut',
        score,
        `the border of body or scan cuts off ${percent(ring.cutShare)} of the ring`,
      );
    }
  }
  for (const { kind, found, taken } of assumptions)
    add(`assumption-${kind}`, 1, `${found}; taken: ${taken}`);
  return flags;
}

type AddFlag = (kind: string, score: number, text: string) => void;

function shapeFlags(shape: MaskShape, add: AddFlag): void {
  const { volume, pieces, holes, sliceHoles, missingSlices, border, flatEnd } = shape;
  if (pieces.length > 1) {
    const apart = 1 - pieces[0] / volume;
    const score = apart < 0.01 ? 5 : 15 + Math.min(45, 120 * apart);
    add(
      'several-pieces',
      score,
      `${pieces.length} separate pieces; ${percent(apart)} of the volume lies outside the largest`,
    );
  }
  if (holes > 0) {
    const score = 40 + Math.min(60, (200 * holes) / volume);
    add(
      'holes',
      score,
      `holes enclosed by the mask: ${millilitres(holes)}, ${percent(holes / volume)} of its volume`,
    );
  } else if (sliceHoles > 0) {
    const score = 15 + Math.min(60, (150 * sliceHoles) / volume);
    add(
      'slice-holes',
      score,
      `holes within slices: ${millilitres(sliceHoles)}, ${percent(sliceHoles / volume)} of its volume`,
    );
  }
  if (missingSlices > 0) {
    add(
      'missing-slices',
      30,
      `${missingSlices} slices without mask between its first and last slice`,
    );
  }
  if (border.length > 0)
    add('touches-border', 30, `the mask touches the border of the scan (${border.join(', ')})`);
  if (flatEnd.share > 0.75) {
    add(
      'flat-end',
      25,
      `the mask ends in a flat cut (${flatEnd.side}): ${percent(flatEnd.share)} of its largest slice`,
    );
  }
}

/** Volume and grey values against the same scan of the other patients. */
function againstCohort(scans: readonly ScanQuality[]): FlagAt[] {
  const found: FlagAt[] = [];
  for (const [scan, rows] of groupBy(scans, ({ scan }) => scan)) {
    const look = (
      kind: string,
      measure: (scan: ScanQuality) => number | undefined,
      least: number,
      textOf: (scan: ScanQuality, outlier: Outlier) => string,
    ) => {
      robustOutliers(
        rows.map((at) => measure(scans[at])),
        least,
      ).forEach((outlier, i) => {
        if (outlier === undefined || Math.abs(outlier.z) <= outlierLimit) return;
        const score = Math.min(30, 4 * Math.abs(outlier.z));
        const text = `${textOf(scans[rows[i]], outlier)} (${deviations(outlier.z)})`;
        found.push({ at: rows[i], flag: { kind, text, score } });
      });
    };
    const grey = (statistic: (grey: MaskIntensities) => number) => (one: ScanQuality) =>
      one.intensities === undefined ? undefined : statistic(one.intensities);
    look(
      'volume-outlier',
      ({ shape }) => shape && log(shape.volume),
      0.2,
      ({ shape }, { median }) =>
        `volume ${millilitres(shape?.volume ?? 0)}; median of ${scan}: ${millilitres(exp(median))}`,
    );
    const inUnits = (value: number) => `${printed(value.toFixed(2))} × the spread of its tissue`;
    look(
      'intensity-outlier',
      grey(({ mean, tissue }) => (mean - tissue.median) / tissue.spread),
      0.15,
      ({ intensities: g }, { median }) =>
        `mean grey value ${significant(g?.mean ?? 0, 3)}, ${inUnits(g ? (g.mean - g.tissue.median) / g.tissue.spread : 0)} from the tissue's median; median of ${scan}: ${printed(median.toFixed(2))}`,
    );
    look(
      'spread-outlier',
      grey(({ sd, tissue }) => sd / tissue.spread),
      0.1,
      ({ intensities: g }, { median }) =>
        `grey values vary by ${inUnits(g ? g.sd / g.tissue.spread : 0)}; median of ${scan}: ${printed(median.toFixed(2))}`,
    );
    look(
      'contrast-outlier',
      grey(({ mean, ringMean, tissue }) =>
        ringMean === undefined ? Number.NaN : (mean - ringMean) / tissue.spread,
      ),
      0.15,
      ({ intensities: g }, { median }) =>
        `tumour and ring differ by ${inUnits(g ? (g.mean - (g.ringMean ?? 0)) / g.tissue.spread : 0)}; median of ${scan}: ${printed(median.toFixed(2))}`,
    );
    found.push(...lowContrast(scans, rows));
    // Hounsfield units, or arbitrary units that a scanner scales as it likes.
    look(
      'scale-outlier',
      grey(({ tissue }) => tissue.median),
      0.5 * Math.abs(medianOf(rows.flatMap((at) => scans[at].intensities?.tissue.median ?? []))),
      ({ intensities: g }, { median }) =>
        `tissue has a median grey value of ${significant(g?.tissue.median ?? 0, 3)}; median of ${scan}: ${significant(median, 3)}`,
    );
  }
  return found;
}

/** Flags a mask that differs little from its ring while the tumours of the cohort differ much: it probably misses the tumour. */
function lowContrast(scans: readonly ScanQuality[], rows: readonly number[]): FlagAt[] {
  const contrast = (at: number): number | undefined => {
    const { mean, ringMean, tissue } = scans[at].intensities ?? {};
    if (mean === undefined || ringMean === undefined || tissue === undefined) return undefined;
    return (mean - ringMean) / tissue.spread;
  };
  const known = rows.flatMap((at) => contrast(at) ?? []);
  if (known.length < fewestForOutliers) return [];
  const median = medianOf(known);
  if (!(Math.abs(median) > 0.5)) return [];
  return rows.flatMap((at) => {
    const share = (contrast(at) ?? Number.NaN) / median;
    if (!(share < 0.2)) return [];
    const text = `tumour and ring differ by ${percent(Math.max(0, share))} of what is usual for ${scans[at].scan}${share < 0 ? ', in the other direction' : ''}`;
    return [{ at, flag: { kind: 'low-contrast', text, score: 25 } }];
  });
}

function spacingFlags(scans: readonly ScanQuality[]): FlagAt[] {
  const found: FlagAt[] = [];
  for (const [scan, rows] of groupBy(scans, ({ scan }) => scan)) {
    const known = rows.filter((at) => scans[at].spacing !== undefined);
    if (known.length < 3) continue;
    const usual = [0, 1, 2].map((a) => medianOf(known.map((at) => spacingOf(scans[at])[a])));
    for (const at of known) {
      const factor = Math.max(
        ...spacingOf(scans[at]).map((mm, a) => Math.max(mm / usual[a], usual[a] / mm)),
      );
      if (factor < 1.5) continue;
      const text = `spacing ${spacingOf(scans[at]).map(millimetres).join(' × ')} mm; median of ${scan}: ${usual.map(millimetres).join(' × ')} mm`;
      found.push({ at, flag: { kind: 'spacing-outlier', text, score: Math.min(30, 8 * factor) } });
    }
  }
  return found;
}

const spacingOf = ({ spacing }: ScanQuality) => spacing as readonly number[];

/**
 * One mask or one scan for several patients. Among equal masks, the one with other faults is probably the misplaced copy: the
 * other patient gets a low score.
 */
function sameMask(
  scans: readonly ScanQuality[],
  flagsOf: (at: number) => readonly QualityFlag[],
): FlagAt[] {
  const found: FlagAt[] = [];
  for (const what of ['mask', 'image'] as const) {
    const name = what === 'mask' ? 'mask' : 'scan';
    for (const [hash, rows] of groupBy(scans, ({ voxelsSha256 }) => voxelsSha256[what])) {
      const patients = new Set(rows.map((at) => scans[at].patient));
      if (hash === '' || patients.size < 2) continue;
      for (const at of rows) {
        const others = [...patients].filter((patient) => patient !== scans[at].patient);
        const text = `the voxels of the ${name} are those of ${others.join(', ')}`;
        const score = what === 'mask' && flagsOf(at).length === 0 ? 8 : 45;
        found.push({ at, flag: { kind: `same-${name}`, text, score } });
      }
    }
  }
  return found;
}

function faultText({ code, message }: { code: string; message: string }): string {
  const meaning: Record<string, string> = {
    'empty-mask': 'the mask is empty',
    'wrong-label': 'the mask lacks the label',
    'geometry-mismatch': 'the mask lies on another grid than the scan',
    'file-missing': 'scan or mask is missing',
  };
  return `${meaning[code] ?? 'scan or mask cannot be used'} (${code}): ${message}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
}

function millilitres(mm3: number): string {
  return `${significant(mm3 / 1000, 3)} ml`;
}

function millimetres(mm: number): string {
  return significant(mm, 3);
}

function deviations(z: number): string {
  return `${signed(z.toFixed(1))} robust sd`;
}
