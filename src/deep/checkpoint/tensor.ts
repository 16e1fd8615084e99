/** Element types a checkpoint may hold, under torch's names. */
export type TensorType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint8'
  | 'bool';

/** An array of numbers with a shape; `dtype` is its type in the file, `data` is always float32. */
export interface Tensor {
  /** Sizes, slowest axis first (torch's order); empty for a scalar. */
  shape: number[];
  /** Contiguous, C order; as many values as the product of the shape. */
  data: Float32Array;
  dtype: TensorType;
}

/** The weights of a network, by the names its authors gave them. */
export interface StateDict {
  /** Keys without prefixes of wrappers (`module.`), in file order, `num_batches_tracked` included. */
  tensors: Map<string, Tensor>;
  source: StateDictSource;
}

export interface StateDictSource {
  /** File name without its folder. */
  file: string;
  /** SHA-256 of the file, lower-case hex. */
  sha256: string;
  form: 'torch-legacy' | 'torch-zip' | 'safetensors';
  /** Prefix removed from all keys of the network, `module.` or `model.backbone.`; absent or empty without one. */
  prefix?: string | undefined;
  /** Seed of a network made by `nacre models random`; undefined for trained weights. */
  randomSeed?: number | undefined;
}
