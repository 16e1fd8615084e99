import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeNifti } from '../../imaging/write-nifti.ts';
import { codeHash } from '../../runtime/code-hash.ts';
import { canonicalJson, sha256 } from '../../runtime/hash.ts';
import { type Progress, silentProgress } from '../../runtime/progress.ts';
import { RandomStream } from '../../runtime/random-stream.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { drawAnatomy } from './anatomy.ts';
import { clinicalColumns, drawClinical } from './clinical.ts';
import { drawScan, type Scanner } from './draw-scan.ts';
import { drawLatent, type LatentPatient, traitNames } from './latent-response.ts';
import { phantomFiles, phantomId, phantomManifest } from './phantom-manifest.ts';
import { type PhantomChoice, type PhantomOptions, phantomOptions } from './phantom-options.ts';
import { scanKinds, scanNames } from './scans.ts';

export interface WritePhantomOptions {
  /** Folder of the cohort: written anew. */
  out?: string | undefined;
  /** Folder that holds phantoms, one a folder, by their knobs and the code; one that is there is taken as it is. */
  within?: string | undefined;
  progress?: ((patients: number) => Progress) | undefined;
}

export interface WrittenPhantom {
  folder: string;
  /** Path of the manifest: what `loadCohort` and `nacre cohort check` take. */
  manifest: string;
  /** False where it was there already. */
  made: boolean;
}

/** Three scanners; a patient's scans are all made at one place. */
const scanners: readonly Scanner[] = [
  { gain: 1, noise: 1, offset: 0 },
  { gain: 1.3, noise: 1.25, offset: 0.7 },
  { gain: 0.8, noise: 0.85, offset: -0.7 },
];

/**
 * Makes a SYNTHETIC cohort: for each patient a breast of fat and gland with a lobulated tumour, in three scans with their
 * own grid, contrast, noise, bias field and scanner, with masks (NIfTI); clinical variables with gaps and sizes before and
 * after (CSV); a manifest. A latent response drives texture, rim, halo, subtype and the two outcomes: the formula, and with
 * it the best reachable balanced accuracy, is that of `drawLatent`. The same knobs give the same bytes.
 *
 * A patient is drawn from a stream of its own: the first 48 of a cohort of 177 are those of the cohort of 48.
 *
 * @throws NacreError `unknown-key`, `bad-config`, `write-failed`
 * @example
 * const { manifest } = writePhantom({ patients: 48, seed: 1, signal: 1 }, { out: 'phantom' });
 * const cohort = await loadCohort(manifest);
 */
export function writePhantom(
  choice: PhantomChoice = {},
  { out, within = '.', progress }: WritePhantomOptions = {},
): WrittenPhantom {
  const options = phantomOptions(choice);
  const folder = out ?? join(within, `${phantomId(options)}-${hashOf(options)}`);
  const manifest = join(folder, phantomFiles.manifest);
  // The manifest is written last: where it is, all is.
  if (out === undefined && existsSync(manifest)) return { folder, manifest, made: false };
  const { tick, stop } = progress?.(options.patients) ?? silentProgress;
  const clinical: string[][] = [];
  const truth: string[][] = [];
  try {
    for (let number = 1; number <= options.patients; number++) {
      const drawn = writePatient(number, options, folder, out === undefined);
      clinical.push(drawn.clinical);
      truth.push(drawn.truth);
      tick(drawn.clinical[0]);
    }
  } finally {
    stop();
  }
  const csv = (rows: readonly (readonly string[])[]) =>
    `${rows.map((row) => row.join(',')).join('\n')}\n`;
  writeWhole(join(folder, phantomFiles.clinical), csv([clinicalColumns, ...clinical]));
  const truthColumns = ['patient_id', 'latent', ...traitNames, 'subtype', 'fall', 'scanner'];
  writeWhole(join(folder, phantomFiles.truth), csv([truthColumns, ...truth]));
  writeWhole(manifest, `${JSON.stringify(phantomManifest(options), null, 2)}\n`);
  return { folder, manifest, made: true };
}

function writePatient(
  number: number,
  { seed, signal, missingScans, missingValues }: PhantomOptions,
  folder: string,
  resume: boolean,
): { clinical: string[]; truth: string[] } {
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
    // Of a run that was stopped: the folder is named by knobs and code, and files are whole or not there.
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
      writeWhole(path, writeNifti(path === image ? drawn.scan : drawn.mask, { description }));
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

/** Of the knobs and of the code that draws. */
function hashOf(options: PhantomOptions): string {
  const code = codeHash(['cohort/phantom', 'imaging/write-nifti', 'runtime/random-stream']);
  return sha256(canonicalJson({ options, code })).slice(0, 12);
}
