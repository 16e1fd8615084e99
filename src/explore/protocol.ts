import type { RegionName } from '../imaging/tumour-regions.ts';
import type { Geometry, Vector3, VoxelArray } from '../imaging/volume.ts';
import type { VoxelType } from '../imaging/voxel-types.ts';
import type { PipelineConfig } from '../learning/pipeline-config.ts';
import type { ParameterFile } from '../radiomics/parameter-file.ts';
import type { Assumption } from '../runtime/assumptions.ts';
import type { ColumnOrigin } from '../table/feature-table.ts';

/** The widest ring of the page, mm. */
export const widestRing = 30;

// Messages between the page and its workers. Every request has a number; its answers carry the same.

/**
 * A scan of the run inside the page: voxels and masks packed with gzip, in base64. The geometry is beside them in full, since the
 * header of a NIfTI file rounds it to 32 bits.
 */
export interface PackedScan {
  geometry: Geometry;
  type: VoxelType;
  voxels: string;
  /** The tumour: 1 inside. */
  mask: string;
  /** The patient's body, from the whole scan; undefined where none was found. */
  body?: string | undefined;
  /** True where a large scan was cut to the surroundings of the tumour. */
  cropped: boolean;
}

/** A dropped file with its path below what was dropped. */
export interface DroppedFile {
  path: string;
  file: Blob;
}

export type OpenRequest = {
  kind: 'open';
  id: number;
  /** Value of the tumour in the mask; undefined: the first label. */
  label?: number | undefined;
} & (
  | { packed: PackedScan; names: { image: string; mask: string }; ct: boolean }
  | { image: readonly DroppedFile[]; mask: readonly DroppedFile[] }
);

/** Which region is measured, and how the ring is drawn. */
export interface RegionRequest {
  region: RegionName;
  ringMm: number;
  ringWithin: 'body' | 'scan';
}

export interface MeasureRequest extends RegionRequest {
  kind: 'measure';
  id: number;
  parameters: ParameterFile;
}

/** The ring alone, for the picture. */
export interface RingRequest {
  kind: 'ring';
  id: number;
  ringMm: number;
  ringWithin: 'body' | 'scan';
}

/** What a ring worker needs, once per scan: both masks cut to what the widest ring can reach. */
export interface RingSetup {
  kind: 'ring-setup';
  id: number;
  tumour: MaskMessage;
  body: MaskMessage | undefined;
}

/** The text of a parameter file, to be checked. */
export interface ParametersRequest {
  kind: 'parameters';
  id: number;
  file: string;
  text: string;
}

export interface MaskMessage extends Geometry {
  data: Uint8Array;
}

/** The voxels for the picture, in the type that is smallest without changing a value. */
export interface OpenedScan {
  geometry: Geometry;
  voxels: VoxelArray;
  /** Grey values shown as black and white at first. */
  window: [number, number];
  unit: string;
  /** The tumour with as much around it as the widest ring reaches, and where that part begins in the scan. */
  tumour: MaskMessage;
  partAt: Vector3;
  /** Voxel at the middle of the tumour. */
  centre: Vector3;
  tumourVoxels: number;
  labels: { label: number; voxels: number }[];
  label: number;
  names: { image: string; mask: string };
  assumptions: readonly Assumption[];
}

/** A feature without a value has a reason. */
export interface MeasuredFeature {
  name: string;
  value: number | null;
  reason?: string | undefined;
}

export type WorkerAnswer =
  | { kind: 'opened'; id: number; scan: OpenedScan }
  /** The body in the part of `tumour`: it takes seconds on a large scan, so it comes after the picture. */
  | { kind: 'body'; id: number; body: MaskMessage }
  /** The features of one image type; `last` with the type that ends the request. */
  | {
      kind: 'measured';
      id: number;
      features: MeasuredFeature[];
      images: number;
      ofImages: number;
      milliseconds: number;
      voxels: number;
      hash: string;
    }
  | { kind: 'ring'; id: number; ring: Uint8Array; voxels: number }
  | { kind: 'parameters'; id: number; parameters: ParameterFile }
  | LabAnswer
  | { kind: 'failed'; id: number; code: string; message: string };

/** Draws partitions again. */
export interface LabRequest {
  kind: 'lab';
  id: number;
  columns: LabColumns;
  set: LabSet;
  seed: number;
  partitions: number;
  /** Share of patients, drawn at random, who get the other label: 0 to 1. */
  flippedShare: number;
  /** Number of a permutation of the audit: labels are shuffled over all patients, between whole groups. Undefined: they are not. */
  permutation?: number | undefined;
  /** Features selected once on all patients, before the split: the mistake. */
  selectBefore: boolean;
  /** Selects, tunes and fits as the study does; else one point of the grid without inner folds. */
  tuned: boolean;
}

/** Columns of the run's patients, without the names of the patients. */
export interface LabColumns {
  names: readonly string[];
  origins: readonly ColumnOrigin[];
  patients: number;
  /** A column after another, float64 in base64. */
  values: string;
}

/** One endpoint and feature set. */
export interface LabSet {
  /** Which of the columns it draws on, in its order. */
  columns: readonly number[];
  /** Rows of the patients with a label, and the labels, 0 or 1. */
  rows: readonly number[];
  labels: readonly number[];
  /** By row, which rows the study keeps together, and the column that names them; undefined: every row stands alone. */
  together?: { column: string; groups: readonly (number | null)[] } | undefined;
  pipeline: PipelineConfig;
  seed: number;
  testShare: number;
  /** Name of the set's units in the study, so that the first draw repeats the run. */
  unit: string;
}

export interface LabAnswer {
  kind: 'lab';
  id: number;
  partition: number;
  ofPartitions: number;
  balancedAccuracy: number;
  auc: number;
  selected: string[];
  train: number;
  test: { patients: number; positives: number };
}

export type WorkerRequest =
  | OpenRequest
  | MeasureRequest
  | RingSetup
  | RingRequest
  | ParametersRequest
  | LabRequest;
