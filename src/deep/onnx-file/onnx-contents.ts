import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { NacreError } from '../../runtime/errors.ts';
import { canonicalJson, sha256 } from '../../runtime/hash.ts';
import { unreadable } from '../../runtime/unreadable.ts';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  type ValueInfoProto,
} from '../onnx/schema/onnx_pb.ts';
import { badFile } from './bad-file.ts';
import { requireFinite, weightsOf } from './constant-values.ts';

/** An input or output of a network. */
export interface OnnxPort {
  name: string;
  /** `float32`, `float16`, `int64` …, as ONNX calls it otherwise. */
  type: string;
  /** Per axis: a number where it is fixed, a word where it may change, `?` where the file does not give it. */
  shape: readonly (number | string)[];
}

/** Description of a file, read without running it. */
export interface OnnxContents {
  file: string;
  /** SHA-256 of the file. With external data it covers those files too, so that one hash identifies the network. */
  sha256: string;
  inputs: readonly OnnxPort[];
  outputs: readonly OnnxPort[];
  opset: number;
  producer: string;
  /** Values in constants. */
  parameters: number;
  /** Whether `nacre models convert` wrote the file. */
  madeByNacre: boolean;
  bytes: Uint8Array;
  external: readonly { path: string; data: Uint8Array }[];
}

/** A protobuf cannot be longer, and external data is read as a whole. */
const mostBytes = 2 ** 31 - 1;
const deepest = 50;

const elementTypes: Record<number, string> = {
  [TensorProto_DataType.FLOAT]: 'float32',
  [TensorProto_DataType.DOUBLE]: 'float64',
  [TensorProto_DataType.FLOAT16]: 'float16',
  [TensorProto_DataType.BFLOAT16]: 'bfloat16',
  [TensorProto_DataType.INT64]: 'int64',
  [TensorProto_DataType.INT32]: 'int32',
  [TensorProto_DataType.UINT8]: 'uint8',
  [TensorProto_DataType.INT8]: 'int8',
  [TensorProto_DataType.BOOL]: 'bool',
};

/**
 * Reads what an ONNX file of any maker holds: ports, constants, external data. Nothing is run. External data is taken from
 * the folder of the file only.
 *
 * @throws NacreError `file-missing`, `bad-model`, `checkpoint-weights` where a weight is NaN, or infinite in a convolution or
 *   matrix product
 */
export function readOnnxContents(path: string): OnnxContents {
  const bytes = readWhole(path, path);
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw badFile(path, 'bytes that are no ONNX model', cause);
  }
  const { graph } = model;
  if (graph === undefined || graph.node.length === 0) throw badFile(path, 'a model without nodes');
  const constants = tensorsOf(graph, path);
  const external = externalFiles(constants, path);
  const weights = weightsOf(graph);
  for (const tensor of constants) requireFinite(tensor, weights.has(tensor), external, path);
  const initialised = new Set(graph.initializer.map(({ name }) => name));
  const parts = [sha256(bytes), ...external.map(({ data }) => sha256(data))];
  return {
    file: basename(path),
    sha256: external.length === 0 ? parts[0] : sha256(canonicalJson(parts)),
    inputs: graph.input.filter(({ name }) => !initialised.has(name)).map(portOf),
    outputs: graph.output.map(portOf),
    opset: Number(model.opsetImport.find(({ domain }) => domain === '')?.version ?? 0n),
    producer: [model.producerName, model.producerVersion].filter((part) => part !== '').join(' '),
    parameters: constants.reduce(
      (sum, { dims }) => sum + Number(dims.reduce((a, b) => a * b, 1n)),
      0,
    ),
    madeByNacre: model.metadataProps.some(({ key }) => key === 'nacre.network'),
    bytes,
    external,
  };
}

function readWhole(path: string, file: string): Uint8Array {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw badFile(file, 'a folder');
    if (stat.size > mostBytes) throw badFile(file, `${stat.size} bytes`);
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof NacreError) throw cause;
    const expected = 'an .onnx file, with its external data beside it';
    throw unreadable('the network', file, cause, { expected });
  }
}

function portOf({ name, type }: ValueInfoProto): OnnxPort {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  const dims = tensor?.shape?.dim ?? [];
  return {
    name,
    type: elementTypes[tensor?.elemType ?? 0] ?? `element type ${tensor?.elemType ?? 'unknown'}`,
    shape: dims.map(({ value }) =>
      value.case === 'dimValue'
        ? Number(value.value)
        : value.case === 'dimParam'
          ? value.value
          : '?',
    ),
  };
}

/** All constants of the graph, of its nodes and of graphs within nodes. */
function tensorsOf(graph: GraphProto, file: string, depth = 0): TensorProto[] {
  if (depth > deepest) throw badFile(file, `graphs within graphs, more than ${deepest} deep`);
  const out = [...graph.initializer];
  for (const { attribute } of graph.node) {
    for (const { t, tensors, g, graphs } of attribute) {
      if (t !== undefined) out.push(t);
      out.push(...tensors);
      for (const inner of [...(g === undefined ? [] : [g]), ...graphs]) {
        out.push(...tensorsOf(inner, file, depth + 1));
      }
    }
  }
  return out;
}

/** Files with constants, each read once. A path that leaves the folder of the model is refused. */
function externalFiles(tensors: readonly TensorProto[], file: string): OnnxContents['external'] {
  const names = new Set<string>();
  for (const { name, dataLocation, externalData } of tensors) {
    if (dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    const location = externalData.find(({ key }) => key === 'location')?.value;
    if (location === undefined || location === '') {
      throw badFile(file, `external data of ${name} without a location`);
    }
    names.add(location);
  }
  const folder = dirname(file);
  return [...names].sort().map((name) => {
    const path = join(folder, name);
    if (isAbsolute(name) || leaves(folder, path)) throw outside(file, name);
    const data = readWhole(path, path);
    // A symbolic link may lead out of the folder where its name does not.
    if (leaves(realpathSync(folder), realpathSync(path))) throw outside(file, name);
    return { path: name, data };
  });
}

function leaves(folder: string, path: string): boolean {
  const way = relative(folder === '' ? '.' : folder, path);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}

function outside(file: string, found: string): NacreError {
  return new NacreError('bad-model', 'the network asks for data outside its folder', {
    file,
    found,
    expected: 'external data beside the .onnx file, or below it',
    todo: 'put the data beside the file and export it again',
  });
}
