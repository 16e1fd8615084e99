import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maskOfLabel } from '../../../src/imaging/mask-labels.ts';
import { readVolume } from '../../../src/machine/read-volume.ts';
import type { CountMatrix } from '../../../src/radiomics/algorithms/count-matrix.ts';
import { coOccurrenceMatrices } from '../../../src/radiomics/classes/glcm.ts';
import { dependenceMatrix } from '../../../src/radiomics/classes/gldm.ts';
import { runLengthMatrices } from '../../../src/radiomics/classes/glrlm.ts';
import { sizeZoneMatrix } from '../../../src/radiomics/classes/glszm.ts';
import { toneDifferenceMatrix } from '../../../src/radiomics/classes/ngtdm.ts';
import { discretise } from '../../../src/radiomics/discretisation.ts';
import { regionOfInterest } from '../../../src/radiomics/region-of-interest.ts';
import { sharedFolder } from '../../shared-folder.ts';

const shared = sharedFolder();
if (shared === undefined) {
  console.info('skipped: PyRadiomics raw texture matrices, no folder ../shared (or NACRE_SHARED)');
}
const at = (...path: string[]) => join(shared ?? '', 'reference', 'pyradiomics', ...path);

/** A numpy file (version 1, float64) as nested [row][column][slice], a matrix having one slice. */
function npy(path: string): number[][][] {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  expect(header).toContain("'<f8'");
  const shape = /\(([^)]*)\)/.exec(header)?.[1] ?? '';
  const [rows, columns, slices = 1] = shape
    .split(',')
    .filter((n) => n.trim())
    .map(Number);
  const fortran = header.includes("'fortran_order': True");
  const place = (i: number, j: number, s: number) =>
    fortran ? i + rows * (j + columns * s) : (i * columns + j) * slices + s;
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) =>
      Array.from({ length: slices }, (_, s) => bytes.readDoubleLE(start + 8 * place(i, j, s))),
    ),
  );
}

/** Row after row of each slice; columns that are zero throughout are left out (PyRadiomics deletes them). */
function slicesOf(cube: number[][][]): number[][] {
  const columns = cube[0].map((_, j) => j).filter((j) => cube.some((row) => row[j].some((n) => n)));
  return cube[0][0].map((_, s) => cube.flatMap((row) => columns.map((j) => row[j][s])));
}

/** Counts of (level, size) without empty rows and columns. */
function rowsOf({ i, j, count }: CountMatrix): number[] {
  const sizes = [...new Set(j)].sort((a, b) => a - b);
  const levels = [...new Set(i)].sort((a, b) => a - b);
  const dense = new Array<number>(levels.length * sizes.length).fill(0);
  count.forEach((n, k) => {
    dense[levels.indexOf(i[k]) * sizes.length + sizes.indexOf(j[k])] += n;
  });
  return dense;
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k] - b[k]));
  return most;
}

/** Each direction of the reference is one of ours and none is used twice: the order of directions is free. */
function expectSameDirections(ours: ArrayLike<number>[], reference: number[][]): void {
  expect(ours.length).toBe(reference.length);
  const left = [...ours];
  for (const one of reference) {
    const found = left.findIndex((candidate) => furthest(candidate, one) < 1e-9);
    expect(found).toBeGreaterThanOrEqual(0);
    left.splice(found, 1);
  }
}

describe.skipIf(shared === undefined).each(['breast1', 'brain1'])(
  'raw matrices of PyRadiomics, %s',
  (name) => {
    const region = async () => {
      const image = await readVolume(at(`${name}_image.nrrd`));
      const mask = maskOfLabel(await readVolume(at(`${name}_label.nrrd`)), { label: 1 });
      return discretise(regionOfInterest(image, mask), { binWidth: 25 });
    };
    const reference = (kind: string) => npy(at('baseline', `${name}_${kind}.npy`));

    it('GLCM, normalised, a direction each', async () => {
      const ours = coOccurrenceMatrices(await region()).map(({ counts }) => {
        const total = counts.reduce((sum, n) => sum + n, 0);
        return counts.map((n) => n / total);
      });
      expectSameDirections(ours, slicesOf(reference('glcm')));
    });

    it('GLRLM, a direction each', async () => {
      const matrices = runLengthMatrices(await region());
      const { columns } = matrices[0];
      const rows = matrices[0].counts.length / columns;
      const cube = Array.from({ length: rows }, (_, i) =>
        Array.from({ length: columns }, (_, j) =>
          matrices.map(({ counts }) => counts[i * columns + j]),
        ),
      );
      expectSameDirections(slicesOf(cube), slicesOf(reference('glrlm')));
    });

    it('GLSZM and GLDM', async () => {
      const levels = await region();
      expect(furthest(rowsOf(sizeZoneMatrix(levels)), slicesOf(reference('glszm'))[0])).toBe(0);
      expect(furthest(rowsOf(dependenceMatrix(levels)), slicesOf(reference('gldm'))[0])).toBe(0);
    });

    it('NGTDM: voxels, differences and levels', async () => {
      const { count, difference, grey } = toneDifferenceMatrix(await region());
      const ours = [...grey].flatMap((level, k) => [count[k], difference[k], level]);
      expect(furthest(ours, slicesOf(reference('ngtdm'))[0])).toBeLessThan(1e-9);
    });
  },
);
