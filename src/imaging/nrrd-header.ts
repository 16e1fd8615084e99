import type { NoteAssumption } from '../runtime/assumptions.ts';
import { hypot } from '../runtime/elementary.ts';
import { NacreError } from '../runtime/errors.ts';
import { declaredSize } from './declared-size.ts';
import { geometryOfSteps, orientationMissing } from './grid-axes.ts';
import type { Geometry, Vector3 } from './volume.ts';
import type { VoxelType } from './voxel-types.ts';

/** Fields of a NRRD header for a single volume (teem.sourceforge.net/nrrd/format.html). */
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
export function parseNrrdHeader(
  text: string,
  file: string,
  note: NoteAssumption = () => {},
): NrrdHeader {
  const version = /^NRRD000([1-5])\r?(\n|$)/.test(text);
  if (!version)
    throw bad(file, `first line ${text.split('\n', 1)[0].slice(0, 20)}`, 'NRRD0001 to NRRD0005');
  const fields = fieldsOf(text, file);
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
  requireSpatial(fields.get('kinds'), file);
  return {
    geometry: geometryOf(fields, axes, file, note),
    type,
    littleEndian: endianOf(fields, type, file),
    encoding: encodingOf(need('encoding'), file),
    dataFile: dataFileOf(fields.get('data file') ?? fields.get('datafile'), file),
    lineSkip: skipOf(fields, 'line skip', 0, file),
    byteSkip: skipOf(fields, 'byte skip', -1, file),
  };
}

/** `field: value` lines; `key:=value` pairs and comments are ignored: they do not describe the voxels and may name a patient. */
function fieldsOf(text: string, file: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/).slice(1)) {
    if (line.startsWith('#') || line.includes(':=')) continue;
    const colon = line.indexOf(': ');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 2).trim();
    const before = fields.get(name) ?? value;
    if (before !== value) throw bad(file, `${name}: ${before} and ${value}`, `one field "${name}"`);
    fields.set(name, value);
  }
  return fields;
}

/** Axes of colours, vectors or lists hold no voxels side by side. */
function requireSpatial(kinds: string | undefined, file: string): void {
  const other = kinds
    ?.split(/\s+/)
    .find((kind) => !/^(domain|space|\?\?\?|none)$/i.test(kind) && kind !== '');
  if (other === undefined) return;
  throw new NacreError('four-dimensional', 'an axis of the image is not a direction in space', {
    file,
    found: `kinds ${kinds}`,
    expected: 'domain or space for each axis',
    todo: 'extract one channel into a file of its own',
  });
}

/** Millimetres of the units that a header may name. */
const millimetres: Readonly<Record<string, number>> = {
  mm: 1,
  millimeter: 1,
  millimeters: 1,
  millimetre: 1,
  millimetres: 1,
  cm: 10,
  m: 1000,
  um: 0.001,
  µm: 0.001,
};

/** Millimetres of one unit; noted where it is another than the millimetre. @throws NacreError `bad-header` */
function unitOf(text: string | undefined, file: string, note: NoteAssumption): number {
  const named = [...(text ?? '').matchAll(/"([^"]*)"/g)].map(([, name]) => name.trim());
  const units = [...new Set(named)].filter((name) => name !== '' && name !== '???');
  if (units.length === 0) return 1;
  const factor = units.length === 1 ? millimetres[units[0].toLowerCase()] : undefined;
  if (factor === undefined) throw bad(file, `units ${text}`, 'one unit of length, such as "mm"');
  if (factor !== 1) {
    note({
      kind: 'units-converted',
      level: 'warning',
      file,
      found: `distances in ${units[0]}`,
      taken: `${factor} mm per unit`,
      why: 'other readers may take the numbers as millimetres; write the file in millimetres to be sure',
    });
  }
  return factor;
}

function geometryOf(
  fields: Map<string, string>,
  axes: number[],
  file: string,
  note: NoteAssumption,
): Geometry {
  const size = declaredSize(axes, file);
  const vectors = fields.get('space directions');
  const unit = unitOf(fields.get(vectors === undefined ? 'units' : 'space units'), file, note);
  const spacings = spacingsOf(fields.get('spacings'), size, file);
  if (vectors === undefined) {
    note({
      kind: orientationMissing,
      level: 'warning',
      file,
      found: `no space directions${spacings === undefined ? ' and no spacings' : ''}`,
      taken: `axes along left, posterior and superior (LPS), the first voxel at the origin${spacings === undefined ? ', voxels of 1 mm' : ''}`,
      why: 'the header does not say how the image lies; ITK assumes the same',
    });
    const [x, y, z] = spacings ?? [1, 1, 1];
    const steps: [Vector3, Vector3, Vector3] = [
      [x * unit, 0, 0],
      [0, y * unit, 0],
      [0, 0, z * unit],
    ];
    return geometryOfSteps(size, steps, [0, 0, 0], file);
  }
  const named = fields.get('space')?.toLowerCase();
  const signs = spaces[named ?? 'lps'];
  if (signs === undefined) {
    throw bad(file, `space "${named}"`, `one of ${Object.keys(spaces).join(', ')}`);
  }
  if (named === undefined) {
    note({
      kind: 'space-missing',
      level: 'warning',
      file,
      found: 'space directions without a field "space"',
      taken: 'left-posterior-superior (LPS)',
      why: 'a header should define the directions of its axes; ITK assumes LPS, too',
    });
  }
  const parsed = (vectors.match(/\([^)]*\)|none/g) ?? []).flatMap((vector) =>
    vector === 'none' ? [] : [vectorOf(vector, signs, file)],
  );
  acrossSlice(parsed, size, spacings, file, note);
  if (parsed.length !== 3) {
    throw bad(file, `space directions ${vectors}`, 'three vectors such as (1,0,0)');
  }
  const start = fields.get('space origin');
  if (start === undefined) {
    note({
      kind: 'origin-missing',
      file,
      found: 'no field "space origin"',
      taken: 'the first voxel at (0, 0, 0)',
      why: 'a mask of another origin will be refused',
    });
  }
  const origin = vectorOf(start ?? '(0,0,0)', signs, file);
  const scaled = (vector: Vector3): Vector3 => [
    vector[0] * unit,
    vector[1] * unit,
    vector[2] * unit,
  ];
  const geometry = geometryOfSteps(
    size,
    [scaled(parsed[0]), scaled(parsed[1]), scaled(parsed[2])],
    scaled(origin),
    file,
  );
  noteSpacings(spacings, geometry, unit, file, note);
  return geometry;
}

/** A slice may have no direction across it, or one of no length: it is perpendicular to the two others. */
function acrossSlice(
  vectors: Vector3[],
  size: Vector3,
  spacings: Vector3 | undefined,
  file: string,
  note: NoteAssumption,
): void {
  const flat = vectors.length === 3 && vectors[2].every((x) => !(Math.abs(x) > 0));
  if (size[2] !== 1 || !(vectors.length === 2 || flat)) return;
  const [a, b] = vectors;
  const across: Vector3 = [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
  const mm = spacings?.[2] ?? 1;
  const length = hypot(...across);
  vectors[2] = [(across[0] / length) * mm, (across[1] / length) * mm, (across[2] / length) * mm];
  note({
    kind: 'slice-direction-missing',
    level: 'warning',
    file,
    found: 'one slice without a direction across it',
    taken: `perpendicular to its two others, ${mm} mm thick`,
    why: 'volumes follow the thickness; write the third direction where you know it',
  });
}

/** The spacings that a header names beside its directions, where they are others. */
function noteSpacings(
  spacings: Vector3 | undefined,
  { spacing }: Geometry,
  unit: number,
  file: string,
  note: NoteAssumption,
): void {
  const same = spacings?.every(
    (mm, axis) => Math.abs(mm * unit - spacing[axis]) < 1e-3 * spacing[axis],
  );
  if (same ?? true) return;
  note({
    kind: 'geometry-conflict',
    level: 'warning',
    file,
    found: `spacings ${spacings?.join(' × ')}, space directions ${spacing.map((mm) => Number(mm.toPrecision(5))).join(' × ')} mm long`,
    taken: 'the space directions',
    why: 'the header gives two voxel sizes, and shape, ring and resampling follow the size. Correct the one that is wrong',
  });
}

/** @throws NacreError `bad-header` where one is no length */
function spacingsOf(text: string | undefined, size: Vector3, file: string): Vector3 | undefined {
  if (text === undefined) return undefined;
  const numbers = text.split(/\s+/).map(Number);
  const [x, y, z] = [0, 1, 2].map((axis) => {
    // An axis of one voxel may have none.
    if (size[axis] === 1 && !(numbers[axis] > 0)) return 1;
    return numbers[axis];
  });
  if ([x, y, z].every((mm) => mm > 0 && Number.isFinite(mm))) return [x, y, z];
  throw bad(file, `spacings ${text}`, 'a length above 0 for each axis');
}

function vectorOf(text: string, signs: Vector3, file: string): Vector3 {
  const parts = text.replace(/[()]/g, '').split(',').map(Number);
  // In a plane (space dimension 2) the third component is 0.
  if (parts.length === 2) parts.push(0);
  // No direction at all, as of the axis across a single slice.
  if (parts.length === 3 && parts.every(Number.isNaN)) return [0, 0, 0];
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
