import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { NacreError } from '../../src/runtime/errors.ts';
import { clinicalTable, manifestHead, pcrColumn, pcrEndpoint } from './pcr-manifest.ts';

/** Six patients; P6 has no features, P7 no clinical row. */
export const clinicalCsv = `id,age,er,subtype,size0,size1,pcr,born
P1,40,1,A,50,10,1,1960-01-02
P2,41.5,0,B,50,35,0,1961-01-02
P3,,2,C,50,36,0,1962-01-02
P4,43,,,50,,1,1963-01-02
P5,44,1,A,50,0,,1964-01-02
P6,45,1,A,50,0,1,1965-01-02
`;

export const featuresCsv = `a,b,c,case,label
1,10,3,x-P2,0
2,20,3,x-P1,1
3,,3,x-P3,0
4.5e-3,40,3,x-P4,1
5,50,3,x-P5,0
6,60,3,x-P7,0
`;

// biome-ignore lint/suspicious/noExplicitAny: a manifest that tests bend out of its type on purpose.
export type Loose = any;

export function smallManifest(): Loose {
  const after = { measured: 'after', meaning: 'm' };
  const baseline = { measured: 'baseline', meaning: 'm' };
  return {
    ...manifestHead,
    id: 'small',
    title: 'Small (made for a test)',
    tables: [
      clinicalTable({
        age: { ...baseline, name: 'age', type: 'number', unit: 'a', minimum: 18, maximum: 110 },
        er: {
          ...baseline,
          name: 'er',
          type: 'binary',
          coding: { 0: 'negative', 1: 'positive' },
          missing: ['2'],
        },
        subtype: {
          ...baseline,
          name: 'subtype',
          type: 'category',
          coding: { A: 'luminal', B: 'her2', C: 'basal' },
        },
        size0: { ...baseline, name: 'size', type: 'number', unit: 'mm' },
        size1: { ...after, name: 'size_after', type: 'number', unit: 'mm' },
        pcr: { ...pcrColumn },
      }),
    ],
    features: [
      {
        block: 'radiomics',
        file: 'deep/features.csv.gz',
        format: 'csv.gz',
        patient: { column: 'case', match: 'x-(P\\d)' },
        modality: 'ceT1',
        region: 'intra',
        ignore: ['label'],
      },
    ],
    predictors: ['age', 'er', 'subtype', 'size'],
    endpoints: {
      pcr: { ...pcrEndpoint },
      response: {
        rule: 'shrinkage',
        title: 'Response',
        positiveName: 'responder',
        negativeName: 'non-responder',
        before: 'size',
        after: 'size_after',
      },
    },
  };
}

export interface SmallCohort {
  manifest?: (manifest: Loose) => void;
  clinical?: (csv: string) => string;
  features?: (csv: string) => string;
  gzip?: (bytes: Buffer) => Buffer;
}

/** Writes the small cohort into a new folder, bent as asked; gives the path of the manifest. */
export function writeSmallCohort(bend: SmallCohort = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-cohort-'));
  const manifest = smallManifest();
  bend.manifest?.(manifest);
  write(join(folder, 'clinical.csv'), bend.clinical?.(clinicalCsv) ?? clinicalCsv);
  const packed = gzipSync(bend.features?.(featuresCsv) ?? featuresCsv);
  write(join(folder, 'deep/features.csv.gz'), bend.gzip?.(packed) ?? packed);
  const path = join(folder, 'manifest.json');
  write(path, JSON.stringify(manifest));
  return path;
}

function write(path: string, data: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
}

/** The error that a piece of work ends in. */
export async function faultOf(work: Promise<unknown> | (() => unknown)): Promise<NacreError> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return error as NacreError;
  }
  throw new Error('expected a refusal');
}
