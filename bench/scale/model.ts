import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readStudyConfig } from '../../src/study/config.ts';
import type { Measured } from './measured.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const read = (path: string) => readFileSync(here(path), 'utf8');

/** What one unit of work costs, each from the bench that measured it. */
export interface UnitCosts {
  /** CPU seconds a crop through the four networks, 64³, one thread (bench/deep.md). */
  networks: number;
  /** Seconds to cut a crop from a scan of 256 × 256 × 120 (bench/deep.md). */
  crop: number;
  /** CPU seconds a case of radiomics: original, wavelet, three LoG, read from disk (bench/radiomics.md). */
  radiomics: number;
  /** MB, the largest process of bench/deep.md at 64³ beside that of bench/radiomics.md. */
  extractionMB: number;
  /** Images and regions a patient, partitions, endpoints and sets of studies/paper.yaml. */
  scans: number;
  regions: number;
  units: number;
}

export function unitCosts(): UnitCosts {
  const deep = read('../deep.md');
  const radiomics = read('../radiomics.md');
  const rows = [...deep.matchAll(/^\| resnet\d+ \| 64³ \| 1 \| \d+ \| \d+ \| (\d+) \|/gm)];
  const peaks = [...deep.matchAll(/^\| resnet\d+ \| 64³ \| rewritten \| \d+ \| (\d+) \|$/gm)];
  const number = (text: string, what: RegExp) => Number(what.exec(text)?.[1] ?? Number.NaN);
  const cases = number(radiomics, /A batch of (\d+) cases/);
  const config = readStudyConfig(here('../../studies/paper.yaml'));
  const costs = {
    networks: rows.reduce((sum, [, ms]) => sum + Number(ms) / 1000, 0),
    crop: number(deep, /and (\d+) ms to cut a crop/) / 1000,
    radiomics: number(radiomics, /^\| --workers 1 \| [\d.]+ \| ([\d.]+) \|/m) / cases,
    extractionMB:
      Math.max(...peaks.map(([, mb]) => Number(mb))) + number(radiomics, /nacre (\d+) MB/),
    scans: config.extraction?.scans?.length ?? 3,
    regions: config.extraction?.regions?.length ?? 2,
    units:
      config.partitions *
      config.endpoints.length *
      (Object.keys(config.sets ?? {}).length + config.featureSets.length),
  };
  if (rows.length !== 4 || !Object.values(costs).every(Number.isFinite)) {
    throw new Error(
      `bench/deep.md or bench/radiomics.md is not as it was: ${JSON.stringify(costs)}`,
    );
  }
  return costs;
}

/** CPU seconds of the extraction of one patient. */
export function patientSeconds({ networks, crop, radiomics, scans, regions }: UnitCosts): number {
  return scans * regions * (networks + crop + radiomics);
}

/** CPU seconds of one partition: fixed + row · n + cell · n · p, n training rows, p columns. */
export interface EvaluationCost {
  fixed: number;
  row: number;
  cell: number;
}

/** Least squares of relative errors over the measured partitions of the native booster, one worker. */
export function fitEvaluation({ ours }: Measured): EvaluationCost {
  const points = ours
    .filter(({ workers, booster }) => workers === 1 && booster === 'native')
    .map(({ rows, columns, cpuSeconds, partitions }) => {
      const n = 0.8 * rows;
      return { x: [1, n, n * columns], y: cpuSeconds / partitions };
    });
  const a = [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => points.reduce((sum, { x, y }) => sum + (x[i] * x[j]) / y ** 2, 0)),
  );
  const b = [0, 1, 2].map((i) => points.reduce((sum, { x, y }) => sum + x[i] / y, 0));
  const [fixed, row, cell] = solve3(a, b);
  return { fixed, row, cell };
}

export function partitionSeconds(cost: EvaluationCost, rows: number, columns: number): number {
  const n = 0.8 * rows;
  return cost.fixed + cost.row * n + cost.cell * n * columns;
}

/** Cramer's rule. */
function solve3(a: number[][], b: number[]): number[] {
  const det = (m: number[][]) =>
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
    m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
    m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  const whole = det(a);
  return [0, 1, 2].map(
    (k) => det(a.map((row, i) => row.map((v, j) => (j === k ? b[i] : v)))) / whole,
  );
}
