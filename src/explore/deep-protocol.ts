import type { PreprocessingChoice } from '../deep/preprocessing.ts';
import type { MeasuredFeature, OpenRequest, RegionRequest } from './protocol.ts';

// Messages between the page and the worker of deep features, and what the page knows of the networks beside it.

/** The folder beside explore.html that holds networks and runtime. Nothing of it is read before a button asks for it. */
export const deepFolder = 'deep';

/** The files of onnxruntime-web that a page needs to run networks on the processor. */
export const runtimeFiles = {
  program: 'ort.wasm.min.mjs',
  loader: 'ort-wasm-simd-threaded.mjs',
  binary: 'ort-wasm-simd-threaded.wasm',
} as const;

export const deepWorkerFile = 'deep-worker.js';

/** A file beside the page: another one of its name is refused. */
export interface DeepFile {
  /** In the folder: `resnet10.onnx`. */
  file: string;
  bytes: number;
  sha256: string;
}

/** A network beside the page. */
export interface DeepNetwork extends DeepFile {
  /** Name in columns: `resnet10`, `resnet10-random7`. */
  block: string;
  origin: 'official' | 'random' | 'own';
  features: number;
}

/** The worker of deep features, and the files of the runtime that it loads. */
export type DeepPrograms = Readonly<Record<'worker' | keyof typeof runtimeFiles, DeepFile>>;

/** What a page with networks carries of them. */
export interface DeepData {
  networks: readonly DeepNetwork[];
  programs: DeepPrograms;
  /** The run's preprocessing by scan; scans of one's own take the defaults of `nacre encode`. */
  choices: Readonly<Record<string, PreprocessingChoice>>;
  /** Distribution over the run's patients, by column: `ceT1.intra.resnet10_0`. Empty where the run has none of these networks. */
  columns: Readonly<Record<string, { n: number; mean: number; sd: number }>>;
}

export interface DeepRequest extends RegionRequest {
  kind: 'deep';
  id: number;
  /** The scan that is open, as the other worker was given it. */
  scan: Unnumbered<OpenRequest>;
  network: DeepNetwork;
  programs: DeepPrograms;
  /** Files of the folder, by name, as the reader chose them from disk. Undefined where the page is served: they are fetched. */
  chosen?: ReadonlyMap<string, Blob> | undefined;
  choice: PreprocessingChoice;
}

type Unnumbered<R> = R extends { id: number } ? Omit<R, 'id'> : never;

export type DeepAnswer =
  | { kind: 'deep-step'; id: number; sentence: string }
  | {
      kind: 'deep';
      id: number;
      features: MeasuredFeature[];
      warnings: string[];
      /** Voxels of the input: depth, height, width. */
      shape: readonly [number, number, number];
      spacing: readonly [number, number, number];
      threads: number;
      /** Of the network alone, and of all from the request on. */
      passMilliseconds: number;
      milliseconds: number;
    };
