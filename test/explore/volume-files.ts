import { gzipSync } from 'node:zlib';
import type { Volume } from '../../src/imaging/volume.ts';

const numbers = { Float32Array: ['float', 'MET_FLOAT'], Uint8Array: ['uchar', 'MET_UCHAR'] };

function typesOf({ data }: Volume): string[] {
  const name = data.constructor.name as keyof typeof numbers;
  if (!(name in numbers)) throw new Error(`no type for ${name}`);
  return numbers[name];
}

const bytesOf = ({ data }: Volume) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** A volume on a grid along the axes as an NRRD file; with `dataFile`, the detached header of that file. */
export function nrrdBytes(volume: Volume, dataFile?: string): Uint8Array {
  const [x, y, z] = volume.spacing;
  const header = [
    'NRRD0004',
    `type: ${typesOf(volume)[0]}`,
    'dimension: 3',
    'space: left-posterior-superior',
    `sizes: ${volume.size.join(' ')}`,
    `space directions: (${x},0,0) (0,${y},0) (0,0,${z})`,
    'kinds: domain domain domain',
    `space origin: (${volume.origin.join(',')})`,
    'endian: little',
    `encoding: ${dataFile === undefined ? 'gzip' : 'raw'}`,
    ...(dataFile === undefined ? [] : [`data file: ${dataFile}`]),
  ].join('\n');
  return dataFile === undefined
    ? Buffer.concat([Buffer.from(`${header}\n\n`), gzipSync(bytesOf(volume))])
    : Buffer.from(`${header}\n`);
}

/** The voxels that stand beside a detached header. */
export const rawBytes: (volume: Volume) => Uint8Array = bytesOf;

/** The same as a MetaImage with its voxels in the file. */
export function metaImageBytes(volume: Volume): Uint8Array {
  const header = [
    'ObjectType = Image',
    'NDims = 3',
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    'CompressedData = False',
    'TransformMatrix = 1 0 0 0 1 0 0 0 1',
    `Offset = ${volume.origin.join(' ')}`,
    'CenterOfRotation = 0 0 0',
    `ElementSpacing = ${volume.spacing.join(' ')}`,
    `DimSize = ${volume.size.join(' ')}`,
    `ElementType = ${typesOf(volume)[1]}`,
    'ElementDataFile = LOCAL',
  ].join('\n');
  return Buffer.concat([Buffer.from(`${header}\n`), bytesOf(volume)]);
}
