import type { Matrix3, Vector3 } from '../../imaging/volume.ts';

/** How a kind of scan draws the anatomy. Intensities in HU (CT) or arbitrary units (MRI). */
export interface ScanKind {
  title: string;
  size: Vector3;
  /** mm */
  spacing: Vector3;
  direction: Matrix3;
  air: number;
  fat: number;
  gland: number;
  muscle: number;
  skin: number;
  tumour: number;
  /**
   * What the traits drive, each as amplitude × exp(0.6 trait): standard deviation of the grain; brightness of the rim, at the
   * surface, falling inwards over 3 mm; brightness of the halo, at the surface, falling outwards over 4 mm.
   */
  texture: number;
  rim: number;
  halo: number;
  /** Standard deviation of the noise (Rician in MRI, which has no negative intensities). */
  noise: number;
  /** Largest share of bias at the edges, MRI only. */
  bias: number;
  /** MRI: intensities are scaled by the scanner's gain; CT: HU are shifted by up to this. */
  shift: number;
}

const straight: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
/** Stored as many MRI files are: i to the right, j to the front. */
const turned: Matrix3 = [-1, 0, 0, 0, -1, 0, 0, 0, 1];

/** The paper's three scans. Grids, contrast, noise and bias differ, as they do in a clinic. */
export const scanKinds: Readonly<Record<'ceT1' | 'T2' | 'CT', ScanKind>> = {
  ceT1: {
    title: 'Contrast-enhanced T1 MRI',
    size: [48, 48, 32],
    spacing: [1.5, 1.5, 2],
    direction: straight,
    air: 0,
    fat: 130,
    gland: 165,
    muscle: 160,
    skin: 180,
    tumour: 300,
    texture: 32,
    rim: 90,
    halo: 45,
    noise: 9,
    bias: 0.12,
    shift: 0,
  },
  T2: {
    title: 'T2 MRI',
    size: [44, 44, 26],
    spacing: [1.65, 1.65, 2.5],
    direction: turned,
    air: 0,
    fat: 210,
    gland: 245,
    muscle: 110,
    skin: 120,
    tumour: 230,
    texture: 28,
    rim: 30,
    halo: 65,
    noise: 10,
    bias: 0.15,
    shift: 0,
  },
  CT: {
    title: 'CT',
    size: [60, 60, 22],
    spacing: [1.2, 1.2, 3],
    direction: straight,
    air: -1000,
    fat: -95,
    gland: -50,
    muscle: 50,
    skin: 20,
    tumour: 60,
    texture: 12,
    rim: 20,
    halo: 45,
    noise: 12,
    bias: 0,
    shift: 6,
  },
};

export type ScanName = keyof typeof scanKinds;
export const scanNames = Object.keys(scanKinds) as ScanName[];
