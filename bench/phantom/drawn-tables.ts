import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { drawAnatomy } from '../../src/cohort/phantom/anatomy.ts';
import { clinicalColumns, drawClinical } from '../../src/cohort/phantom/clinical.ts';
import {
  drawLatent,
  type LatentPatient,
  traitNames,
} from '../../src/cohort/phantom/latent-response.ts';
import { drawNoise, noiseColumns } from '../../src/cohort/phantom/noise.ts';
import { phantomFiles, phantomManifest } from '../../src/cohort/phantom/phantom-manifest.ts';
import type { PhantomOptions } from '../../src/cohort/phantom/phantom-options.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { type FeatureTable, featureTable } from '../../src/table/feature-table.ts';

/** Features of an extractor as one would have them. */
export interface Simulation {
  /** Correlation of a column with the trait that it sees. */
  visibility: number;
  /** Columns that see one trait, each with an error of its own. */
  scans: number;
  /** Columns that see nothing. */
  voidColumns: number;
}

/** A phantom cohort without its scans, with what no chart holds. */
export interface DrawnTables {
  /** Blocks: `clinical`, `noise`, `subtype` (its columns of the subtype alone), `traits` (true), `simulated` where asked for. */
  cohort: Cohort;
  /** In the order of `cohort.patients`. */
  truth: LatentPatient[];
}

/**
 * The patients that `writePhantom` draws for the same knobs, in seconds for thousands: no scan is drawn. The table goes
 * through a manifest and `loadCohort`, the road of every cohort.
 */
export async function drawTables(
  options: PhantomOptions,
  simulation?: Simulation,
): Promise<DrawnTables> {
  const { patients, seed, signal, missingValues } = options;
  const rows: string[][] = [];
  const noise: string[][] = [];
  const drawn = new Map<string, LatentPatient>();
  for (let number = 1; number <= patients; number++) {
    const patient = `SYN_${String(number).padStart(3, '0')}`;
    const stream = RandomStream.of(seed, 'phantom', number);
    const latent = drawLatent(stream.derive('latent'), signal);
    const { diameter } = drawAnatomy(stream.derive('anatomy')).tumour;
    const cells = drawClinical(patient, latent, diameter, missingValues, stream.derive('clinical'));
    rows.push(clinicalColumns.map((column) => cells[column]));
    noise.push([patient, ...drawNoise(stream.derive('noise'))]);
    drawn.set(patient, latent);
  }
  const { images: _, modalities: __, ...manifest } = phantomManifest(options) as Manifest;
  const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-phantom-'));
  try {
    const csv = (lines: readonly (readonly string[])[]) =>
      lines.map((line) => `${line.join(',')}\n`).join('');
    writeWhole(join(folder, phantomFiles.clinical), csv([clinicalColumns, ...rows]));
    writeWhole(join(folder, phantomFiles.noise), csv([['patient_id', ...noiseColumns], ...noise]));
    writeWhole(join(folder, phantomFiles.manifest), JSON.stringify(manifest));
    const cohort = await loadCohort(join(folder, phantomFiles.manifest));
    const truth = cohort.patients.map((patient) => drawn.get(patient) as LatentPatient);
    const clinical = cohort.blocks.clinical;
    const subtype = clinical.columns.filter(({ name }) => name.startsWith('clinical.subtype='));
    const blocks = {
      ...cohort.blocks,
      subtype: featureTable(clinical.patients, subtype),
      traits: trueTraits(cohort.patients, truth),
      ...(simulation && {
        simulated: simulatedFeatures(cohort.patients, truth, seed, simulation),
      }),
    };
    return { cohort: { ...cohort, blocks }, truth };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Manifest = Record<string, unknown>;

function trueTraits(patients: readonly string[], truth: readonly LatentPatient[]): FeatureTable {
  return featureTable(
    patients,
    traitNames.map((trait) => ({
      name: `traits.${trait}`,
      block: 'traits',
      values: Float64Array.from(truth, ({ traits }) => traits[trait]),
    })),
  );
}

function simulatedFeatures(
  patients: readonly string[],
  truth: readonly LatentPatient[],
  seed: number,
  { visibility, scans, voidColumns }: Simulation,
): FeatureTable {
  const stream = RandomStream.of(seed, 'bench-phantom-simulated');
  const error = Math.sqrt(1 - visibility ** 2);
  const block = 'simulated';
  const seen = traitNames.flatMap((trait) =>
    Array.from({ length: scans }, (_, scan) => ({
      name: `simulated.${trait}_${scan}`,
      block,
      values: Float64Array.from(
        truth,
        ({ traits }) => visibility * traits[trait] + error * stream.normal(),
      ),
    })),
  );
  const nothing = Array.from({ length: voidColumns }, (_, i) => ({
    name: `simulated.void_${i}`,
    block,
    values: Float64Array.from(truth, () => stream.normal()),
  }));
  return featureTable(patients, [...seen, ...nothing]);
}
