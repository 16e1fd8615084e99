import { NacreError } from '../runtime/errors.ts';
import { declaredSize } from './declared-size.ts';
import { geometryOfSteps } from './grid-axes.ts';
import type { Geometry, Vector3 } from './volume.ts';
import type { VoxelType } from './voxel-types.ts';

/** What a NRRD header says of a single volume (teem.sourceforge.net/nrrd/format.html). */
export interface NrrdHeader {
  geometry: Geometry;
  type: VoxelType;
  littleEndian: boolean;
  encoding: 'raw' | 'gzip';
  /** Name of the voxel file beside a detached header; undefined where the voxels follow the header. */
  dataFile: string | undefined;
  lineSkip: number;
  /** Bytes to skip; -1 counts back from the end of the file (raw only). */
  byteSkip: number;
}

const typeNames: Readonly<Record<string, VoxelType>> = Object.fromEntries(
  (
    [
      ['int8', 'signed char', 'int8', 'int8_t'],
      ['uint8', 'uchar', 'unsigned char', 'uint8', 'uint8_t'],
      ['int16', 'short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'],
      ['uint16', 'ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'],
      ['int32', 'int', 'signed int', 'int32', 'int32_t'],
      ['uint32', 'uint', 'unsigned int', 'uint32', 'uint32_t'],
      ['int64', 'longlong', 'long long', 'long long int', 'signed long long', 'int64', 'int64_t'],
      ['uint64', 'ulonglong', 'unsigned long long', 'uint64', 'uint64_t'],
      ['float32', 'float'],
      ['float64', 'double'],
    ] as [VoxelType, ...string[]][]
  ).flatMap(([type, ...names]) => names.map((name) => [name, type])),
);

/** Signs that turn a space's x, y, z into LPS. */
const spaces: Readonly<Record<string, Vector3>> = {
  'left-posterior-superior': [1, 1, 1],
  lps: [1, 1, 1],
  'right-anterior-superior': [-1, -1, 1],
  ras: [-1, -1, 1],
  'left-anterior-superior': [1, -1, 1],
  las: [1, -1, 1],
};

/**
 * Reads the text of a NRRD header.
 *
 * @param text the header's lines, the magic line first
 * @throws NacreError `bad-header`, `unsupported-type`, `unsupported-encoding`, `bad-size`, `four-dimensional`, `bad-geometry`
 */
export function parseNrrdHeader(text: string, file: string): NrrdHeader {
  const fields = fieldsOf(text);
  const need = (name: string) => {
    const value = fields.get(name);
    if (value === undefined) throw bad(file, `no field "${name}"`, `a field "${name}"`);
    return value;
  };
  const type = typeNames[need('type').toLowerCase()];
  if (type === undefined) {
    throw new NacreError('unsupported-type', 'voxels of this type hold no single number', {
      file,
      found: need('type'),
      expected: 'an integer or float type of NRRD',
    });
  }
  const axes = need('sizes').split(/\s+/).map(Number);
  if (axes.length !== Number(need('dimension'))) {
    throw bad(file, `${axes.length} sizes`, `as many as the dimension, ${need('dimension')}`);
  }
  return {
    geometry: geometryOf(fields, axes, file),
    type,
    littleEndian: endianOf(fields, type, file),
    encoding: encodingOf(need('encoding'), file),
    dataFile: dataFileOf(fields.get('data file') ?? fields.get('datafile'), file),
    lineSkip: skipOf(fields, 'line skip', 0, file),
    byteSkip: skipOf(fields, 'byte skip', -1, file),
  };
}

/** `field: value` lines; `key:=value` pairs and comments say nothing about the voxels, and may name a patient. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/).slice(1)) {
    if (line.startsWith('#') || line.includes(':=')) continue;
    const colon = line.indexOf(': ');
    if (colon > 0) fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 2).trim());
  }
  return fields;
}

function geometryOf(fields: Map<string, string>, axes: number[], file: string): Geometry {
  const size = declaredSize(axes, file);
  const vectors = fields.get('space directions');
  if (vectors === undefined) {
    const spacings = (fields.get('spacings') ?? '').split(/\s+/).map(Number);
    const [x, y, z] = [0, 1, 2].map((i) => (spacings[i] > 0 ? spacings[i] : 1));
    const steps: [Vector3, Vector3, Vector3] = [
      [x, 0, 0],
      [0, y, 0],
      [0, 0, z],
    ];
    return geometryOfSteps(size, steps, [0, 0, 0], file);
  }
  const space = fields.get('space')?.toLowerCase() ?? 'left-posterior-superior';
  const signs = spaces[space];
  if (signs === undefined) {
    throw bad(file, `space "${space}"`, `one of ${Object.keys(spaces).join(', ')}`);
  }
  const parsed = (vectors.match(/\([^)]*\)|none/g) ?? []).flatMap((vector) =>
    vector === 'none' ? [] : [vectorOf(vector, signs, file)],
  );
  if (parsed.length !== 3) {
    throw bad(file, `space directions ${vectors}`, 'three vectors such as (1,0,0)');
  }
  const origin = vectorOf(fields.get('space origin') ?? '(0,0,0)', signs, file);
  return geometryOfSteps(size, [parsed[0], parsed[1], parsed[2]], origin, file);
}

function vectorOf(text: string, signs: Vector3, file: string): Vector3 {
  const parts = text.replace(/[()]/g, '').split(',').map(Number);
  if (parts.length !== 3 || !parts.every(Number.isFinite)) {
    throw bad(file, `vector ${text}`, 'three numbers such as (0,0,1)');
  }
  return [parts[0] * signs[0], parts[1] * signs[1], parts[2] * signs[2]];
}

function endianOf(fields: Map<string, string>, type: VoxelType, file: string): boolean {
  const endian = fields.get('endian')?.toLowerCase();
  if (endian === 'little' || endian === 'big') return endian === 'little';
  if (endian === undefined && type.endsWith('int8')) return true;
  throw bad(file, endian ?? 'no field "endian"', 'endian: little or big');
}

function encodingOf(text: string, file: string): 'raw' | 'gzip' {
  const encoding = text.toLowerCase();
  if (encoding === 'raw') return 'raw';
  if (encoding === 'gzip' || encoding === 'gz') return 'gzip';
  throw new NacreError('unsupported-encoding', 'this encoding of NRRD is not read', {
    file,
    found: text,
    expected: 'raw or gzip',
    todo: 'save the image again with gzip',
  });
}

/** The voxel file stands beside its header: a path that leads elsewhere is refused. */
function dataFileOf(name: string | undefined, file: string): string | undefined {
  if (name === undefined) return undefined;
  if (!/^[^/\\%]+$/.test(name) || name === '..' || /^LIST\b/.test(name)) {
    throw bad(file, `data file ${name}`, 'the name of one file beside the header');
  }
  return name;
}

function skipOf(fields: Map<string, string>, name: string, least: number, file: string): number {
  const value = Number(fields.get(name) ?? fields.get(name.replace(' ', '')) ?? 0);
  if (Number.isInteger(value) && value >= least && value < 2 ** 31) return value;
  throw bad(file, `${name}: ${value}`, `a whole number of at least ${least}`);
}

function bad(file: string, found: string, expected: string): NacreError {
  return new NacreError('bad-header', 'the NRRD header cannot be used', {
    file,
    found: found.slice(0, 200),
    expected,
    todo: 'export the image again',
  });
}
