import { exp } from '../runtime/elementary.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { type FeatureColumn, featureTable } from '../table/feature-table.ts';
import type { Cohort, Endpoint } from './cohort.ts';
import { madeByNacre } from './made-by-nacre.ts';

export interface SyntheticTableOptions {
  /** Number of patients, 10 or more. Default 120. */
  patients?: number;
  /** Same seed, same table. Default 3394. */
  seed?: number;
  /** Strength s of the planted signal, 0 or more; 0 gives a null cohort. Default 1. */
  signal?: number;
  /** Share of clinical and feature values that are missing, 0 to below 1. Default 0.03. */
  missing?: number;
}

/** Loadings of the informative features on the hidden biology z; the last two grow in the peritumoral region. */
const loadings = [0.8, 0.7, 0.6, 0.5, 0.6, 0.5];
const copies = 2;
const clusters = 6;
const perCluster = 7;

/**
 * SYNTHETIC patients, made by code, with a planted signal: the table of studies/synthetic.yaml, so that the first
 * command works on any machine. It carries no information about cancer.
 *
 * For each patient, with z, e and every η standard normal and independent, and s the signal:
 * - ER ~ Bernoulli(0.60), PR = ER in 85%, HER2 ~ Bernoulli(0.28); TN = ER, PR and HER2 all negative
 * - pCR ~ Bernoulli(logistic(-0.62 + s (1.2 TN + 0.9 HER2 + 1.2 z - 0.546)))
 * - fall of the longest diameter = 0.42 + s (0.13 z + 0.06 HER2 - 0.0168) + 0.15 e; response where it is at least 0.30
 * - 6 informative features w z + sqrt(1 - w²) η with w = 0.8, 0.7, 0.6, 0.5 (intra), 0.6, 0.5 (peri), each with
 *   2 noisy copies (x + 0.5 η) / sqrt(1.25); 6 clusters of 7 features that share a factor (r = 0.5) and carry nothing
 * - values are missing completely at random
 *
 * @returns a cohort of the shape that `loadCohort` gives, `synthetic: true`, 60 features in the block `radiomics`
 */
export function syntheticTable({
  patients: count = 120,
  seed = 3394,
  signal = 1,
  missing = 0.03,
}: SyntheticTableOptions = {}): Cohort {
  const stream = RandomStream.of(seed, 'synthetic-table');
  const patients = Array.from(
    { length: count },
    (_, row) => `SYN_${String(row + 1).padStart(3, '0')}`,
  );
  const biology = normals(count, stream.derive('biology'));
  const clinical = drawClinical(count, stream.derive('clinical'));
  const pcr = new Int8Array(count);
  const response = new Int8Array(count);
  const outcome = stream.derive('outcome');
  for (let row = 0; row < count; row++) {
    const z = biology[row];
    const her2 = clinical.her2[row];
    const score =
      -0.62 + signal * (1.2 * clinical.tripleNegative[row] + 0.9 * her2 + 1.2 * z - 0.546);
    pcr[row] = outcome.next() < 1 / (1 + exp(-score)) ? 1 : 0;
    const fall = 0.42 + signal * (0.13 * z + 0.06 * her2 - 0.0168) + 0.15 * outcome.normal();
    response[row] = fall >= 0.3 ? 1 : 0;
  }
  const columns = [...clinicalColumns(clinical), ...imagingColumns(biology, stream)];
  for (const column of columns) {
    // One-hot columns of one variable share a stream, so they are missing together.
    hide(column.values, missing, stream.derive('missing', column.name.split('=')[0]));
  }
  const block = (name: string) =>
    featureTable(
      patients,
      columns.filter((column) => column.block === name),
    );
  return {
    id: 'synthetic-table',
    title: 'Synthetic patients (made by code, no real data)',
    ...madeByNacre,
    patients,
    blocks: { clinical: block('clinical'), radiomics: block('radiomics') },
    endpoints: {
      pcr: endpoint('pcr', 'Pathologic complete response', 'pCR', 'non-pCR', pcr),
      response: endpoint(
        'response',
        'Response (longest diameter falls by at least 30%)',
        'responder',
        'non-responder',
        response,
      ),
    },
    notices: [
      `Synthetic: all ${count} patients were made by code from seed ${seed}, planted signal ${signal}. The numbers say nothing about cancer.`,
    ],
    excluded: [],
    inputs: [],
  };
}

interface Clinical {
  age: Float64Array;
  er: Float64Array;
  pr: Float64Array;
  her2: Float64Array;
  tripleNegative: Float64Array;
  right: Float64Array;
  diameter: Float64Array;
}

function drawClinical(count: number, stream: RandomStream): Clinical {
  const column = () => new Float64Array(count);
  const drawn: Clinical = {
    age: column(),
    er: column(),
    pr: column(),
    her2: column(),
    tripleNegative: column(),
    right: column(),
    diameter: column(),
  };
  for (let row = 0; row < count; row++) {
    drawn.age[row] = Math.round((49 + 9 * stream.normal()) * 10) / 10;
    drawn.er[row] = stream.next() < 0.6 ? 1 : 0;
    drawn.pr[row] = stream.next() < 0.85 ? drawn.er[row] : 1 - drawn.er[row];
    drawn.her2[row] = stream.next() < 0.28 ? 1 : 0;
    drawn.tripleNegative[row] = drawn.er[row] + drawn.pr[row] + drawn.her2[row] === 0 ? 1 : 0;
    drawn.right[row] = stream.next() < 0.5 ? 1 : 0;
    drawn.diameter[row] = Math.round(exp(4.1 + 0.4 * stream.normal()));
  }
  return drawn;
}

function clinicalColumns(clinical: Clinical): FeatureColumn[] {
  const her2 = clinical.her2;
  const luminal = her2.map((positive, row) => 1 - positive - clinical.tripleNegative[row]);
  const named: [string, Float64Array][] = [
    ['age', clinical.age],
    ['er', clinical.er],
    ['pr', clinical.pr],
    ['her2', her2],
    ['subtype=HR+/HER2-', luminal],
    ['subtype=HER2+', her2.slice()],
    ['subtype=triple-negative', clinical.tripleNegative],
    ['laterality_right', clinical.right],
    ['longest_diameter', clinical.diameter],
  ];
  return named.map(([name, values]) => ({ name: `clinical.${name}`, block: 'clinical', values }));
}

function imagingColumns(biology: Float64Array, root: RandomStream): FeatureColumn[] {
  const columns: FeatureColumn[] = [];
  const add = (region: string, name: string, values: Float64Array) =>
    columns.push({
      name: `ceT1.${region}.synthetic_${name}`,
      block: 'radiomics',
      modality: 'ceT1',
      region,
      values,
    });
  loadings.forEach((w, j) => {
    const region = j < 4 ? 'intra' : 'peri';
    const stream = root.derive('informative', j);
    const values = biology.map((z) => w * z + Math.sqrt(1 - w * w) * stream.normal());
    add(region, `informative${j + 1}`, values);
    for (let copy = 1; copy <= copies; copy++) {
      const noisy = values.map((x) => (x + 0.5 * stream.normal()) / Math.sqrt(1.25));
      add(region, `informative${j + 1}_copy${copy}`, noisy);
    }
  });
  for (let cluster = 1; cluster <= clusters; cluster++) {
    const stream = root.derive('noise', cluster);
    const factor = normals(biology.length, stream);
    for (let member = 1; member <= perCluster; member++) {
      const values = factor.map((shared) => Math.SQRT1_2 * (shared + stream.normal()));
      add(cluster % 2 === 1 ? 'intra' : 'peri', `noise${cluster}_${member}`, values);
    }
  }
  return columns;
}

function normals(count: number, stream: RandomStream): Float64Array {
  const values = new Float64Array(count);
  for (let row = 0; row < count; row++) values[row] = stream.normal();
  return values;
}

function hide(values: Float64Array, share: number, stream: RandomStream): void {
  for (let row = 0; row < values.length; row++) {
    if (stream.next() < share) values[row] = Number.NaN;
  }
}

function endpoint(
  id: string,
  title: string,
  positiveName: string,
  negativeName: string,
  labels: Int8Array,
): Endpoint {
  return { id, title, positiveName, negativeName, labels };
}
