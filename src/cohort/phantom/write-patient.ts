import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { niftiBytes } from '../../imaging/nifti-bytes.ts';
import { RandomStream } from '../../runtime/random-stream.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { drawAnatomy } from './anatomy.ts';
import { clinicalColumns, drawClinical } from './clinical.ts';
import { drawScan, type Scanner } from './draw-scan.ts';
import { drawLatent, type LatentPatient, traitNames } from './latent-response.ts';
import { drawNoise } from './noise.ts';
import { phantomFiles } from './phantom-manifest.ts';
import type { PhantomOptions } from './phantom-options.ts';
import { scanKinds, scanNames } from './scans.ts';

/** The patient and cohort to draw, and the target folder. */
export interface PatientTask {
  /** From 1 on. */
  number: number;
  options: PhantomOptions;
  /** Folder of the cohort. */
  folder: string;
  /** Keeps scans that exist already. */
  resume: boolean;
}

/** Rows of the cohort's tables. */
export interface WrittenPatient {
  clinical: string[];
  noise: string[];
  truth: string[];
}

export const truthColumns = ['patient_id', 'latent', ...traitNames, 'subtype', 'fall', 'scanner'];

/** Three scanners; all scans of a patient come from one of them. */
const scanners: readonly Scanner[] = [
  { gain: 1, noise: 1, offset: 0 },
  { gain: 1.3, noise: 1.25, offset: 0.7 },
  { gain: 0.8, noise: 0.85, offset: -0.7 },
];

/** Draws a SYNTHETIC patient from its own random stream and writes the scans and masks. @throws NacreError `write-failed` */
export function writePatient({
  number,
  options: { seed, signal, missingScans, missingValues },
  folder,
  resume,
}: PatientTask): WrittenPatient {
  const patient = `SYN_${String(number).padStart(3, '0')}`;
  const stream = RandomStream.of(seed, 'phantom', number);
  const latent = drawLatent(stream.derive('latent'), signal);
  const anatomy = drawAnatomy(stream.derive('anatomy'));
  const place = stream.derive('place');
  const scanner = place.integer(0, scanners.length - 1);
  const lacks = place.next() < missingScans ? place.integer(0, scanNames.length - 1) : -1;
  scanNames.forEach((name, n) => {
    if (n === lacks) return;
    const image = join(folder, phantomFiles.image(patient, name));
    const mask = join(folder, phantomFiles.mask(patient, name));
    // Files of an interrupted run are reused: the folder name hashes options and code, and every file is complete.
    const missing = [image, mask].filter((path) => !resume || !existsSync(path));
    if (missing.length === 0) return;
    const drawn = drawScan(
      anatomy,
      latent.traits,
      scanKinds[name],
      scanners[scanner],
      stream.derive('scan', name),
    );
    const description = 'SYNTHETIC: nacre phantom, no patient';
    for (const path of missing) {
      writeWhole(path, niftiBytes(path === image ? drawn.scan : drawn.mask, { description }));
    }
  });
  const cells = drawClinical(
    patient,
    latent,
    anatomy.tumour.diameter,
    missingValues,
    stream.derive('clinical'),
  );
  return {
    clinical: clinicalColumns.map((column) => cells[column]),
    noise: [patient, ...drawNoise(stream.derive('noise'))],
    truth: truthOf(patient, latent, scanner),
  };
}

function truthOf(
  patient: string,
  { latent, traits, subtype, fall }: LatentPatient,
  scanner: number,
) {
  return [
    patient,
    ...[latent, ...traitNames.map((name) => traits[name])].map((value) => value.toFixed(6)),
    subtype,
    fall.toFixed(6),
    String(scanner + 1),
  ];
}
