import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { declaredSize } from './declared-size.ts';
import { geometryOfSteps, orientationMissing } from './grid-axes.ts';
import type { Geometry, Vector3 } from './volume.ts';
import type { VoxelType } from './voxel-types.ts';

/** Fields of a MetaImage header for a single volume (itk.org/Wiki/MetaIO/Documentation). */
export interface MetaImageHeader {
  geometry: Geometry;
  type: VoxelType;
  littleEndian: boolean;
  /** Voxels are a zlib stream. */
  packed: boolean;
  /** Name of the voxel file beside the header; undefined where the voxels follow it. */
  dataFile: string | undefined;
  /** Bytes before the voxels in a file of their own; -1: the voxels are its last bytes. */
  headerSize: number;
}

const types: Readonly<Record<string, VoxelType>> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

/**
 * Reads the text of a MetaImage header.
 *
 * @throws NacreError `bad-header`, `unsupported-type`, `unsupported-encoding`, `bad-size`, `four-dimensional`, `bad-geometry`
 */
export function parseMetaImageHeader(
  text: string,
  file: string,
  note: NoteAssumption = () => {},
): MetaImageHeader {
  const fields = fieldsOf(text, file);
  const need = (name: string) => {
    const value = fields.get(name);
    if (value === undefined) throw bad(file, `no field "${name}"`, `a field "${name}"`);
    return value;
  };
  const axes = need('DimSize').split(/\s+/).map(Number);
  if (axes.length !== Number(need('NDims'))) {
    throw bad(file, `${axes.length} sizes`, `as many as NDims, ${need('NDims')}`);
  }
  requireOneNumber(fields, file);
  const type = types[need('ElementType')];
  if (type === undefined) {
    throw new NacreError('unsupported-type', 'voxels of this type hold no single number', {
      file,
      found: need('ElementType'),
      expected: Object.keys(types).join(', '),
      todo: 'convert the image to one of these',
    });
  }
  const yes = (...names: string[]) =>
    names.some((name) => /^(true|1|yes)$/i.test(fields.get(name) ?? ''));
  return {
    geometry: geometryOf(fields, axes, file, note),
    type,
    littleEndian: !yes('BinaryDataByteOrderMSB', 'ElementByteOrderMSB'),
    packed: yes('CompressedData'),
    dataFile: dataFileOf(need('ElementDataFile'), file),
    headerSize: headerSizeOf(fields.get('HeaderSize'), file),
  };
}

function fieldsOf(text: string, file: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf('=');
    if (at <= 0) continue;
    const name = line.slice(0, at).trim();
    const value = line.slice(at + 1).trim();
    const before = fields.get(name) ?? value;
    if (before !== value) throw bad(file, `${name}: ${before} and ${value}`, `one field "${name}"`);
    fields.set(name, value);
  }
  return fields;
}

function requireOneNumber(fields: Map<string, string>, file: string): void {
  const channels = Number(fields.get('ElementNumberOfChannels') ?? 1);
  if (channels !== 1) {
    throw new NacreError('unsupported-type', 'voxels of several numbers are not read', {
      file,
      found: `${channels} channels`,
      expected: 'one number per voxel',
      todo: 'extract one channel into a file of its own',
    });
  }
  if (/^(false|0|no)$/i.test(fields.get('BinaryData') ?? '')) {
    throw new NacreError('unsupported-encoding', 'voxels written as text are not read', {
      file,
      found: 'BinaryData = False',
      expected: 'BinaryData = True',
      todo: 'save the image again as binary',
    });
  }
}

/** Rows of the matrix are the directions of the axes; a slice takes the direction across it. */
function geometryOf(
  fields: Map<string, string>,
  axes: readonly number[],
  file: string,
  note: NoteAssumption,
): Geometry {
  const size = declaredSize(axes, file);
  const n = axes.length;
  const numbers = (names: readonly string[], count: number): number[] | undefined => {
    const name = names.find((one) => fields.has(one));
    if (name === undefined) return undefined;
    const values = (fields.get(name) as string).split(/\s+/).map(Number);
    if (values.length === count && values.every(Number.isFinite)) return values;
    throw bad(file, `${name} = ${fields.get(name)}`, `${count} numbers`);
  };
  const spacing = numbers(['ElementSpacing', 'ElementSize'], n);
  const matrix = numbers(['TransformMatrix', 'Rotation', 'Orientation'], n * n);
  const offset = numbers(['Offset', 'Position', 'Origin'], n);
  const lacking = [
    spacing === undefined ? 'no ElementSpacing' : '',
    matrix === undefined ? 'no TransformMatrix' : '',
    offset === undefined ? 'no Offset' : '',
    n < 3 ? `${n} dimensions` : '',
  ].filter((part) => part !== '');
  if (lacking.length > 0) {
    note({
      kind: orientationMissing,
      level: 'warning',
      file,
      found: lacking.join(', '),
      taken:
        'for what is missing: voxels of 1 mm, axes along left, posterior and superior (LPS), the first voxel at 0',
      why: 'the header does not say how the image lies; ITK assumes the same',
    });
  }
  const step = (axis: number): Vector3 => {
    const along = [0, 1, 2].map((row) => {
      const known = axis < n && row < n;
      return known && matrix !== undefined ? matrix[axis * n + row] : +(row === axis);
    });
    const mm = spacing?.[axis] ?? 1;
    return [along[0] * mm, along[1] * mm, along[2] * mm];
  };
  const at = (axis: number) => offset?.[axis] ?? 0;
  return geometryOfSteps(size, [step(0), step(1), step(2)], [at(0), at(1), at(2)], file);
}

/** The voxel file stands beside its header: a path that leads elsewhere is refused, as is a list of files. */
function dataFileOf(name: string, file: string): string | undefined {
  if (/^local$/i.test(name)) return undefined;
  if (!/^[^/\\%]+$/.test(name) || name === '..' || /^LIST\b/i.test(name)) {
    throw bad(
      file,
      `ElementDataFile = ${name}`,
      'LOCAL, or the name of one file beside the header',
    );
  }
  return name;
}

function headerSizeOf(text: string | undefined, file: string): number {
  const size = Number(text ?? 0);
  if (Number.isInteger(size) && size >= -1 && size < 2 ** 31) return size;
  throw bad(file, `HeaderSize = ${text}`, 'a number of bytes, or -1');
}

function bad(file: string, found: string, expected: string): NacreError {
  return new NacreError('bad-header', 'the MetaImage header cannot be used', {
    file,
    found: found.slice(0, 200),
    expected,
    todo: 'export the image again',
  });
}
