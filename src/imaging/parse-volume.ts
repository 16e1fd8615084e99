import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { fileKind } from './file-kind.ts';
import { isMetaImage, parseMetaImage } from './meta-image.ts';
import { isNifti, parseNifti } from './nifti.ts';
import { isVoxelsOfPair } from './nifti-pair.ts';
import { isNrrd, parseNrrd } from './nrrd.ts';
import { isGzip, unpackBeginning } from './unpack.ts';
import type { Volume } from './volume.ts';

/**
 * Reads a volume from the bytes of a file: NIfTI, ANALYZE, NRRD or MetaImage, distinguished by content.
 *
 * @param file its name, for errors
 * @param readBeside gives the voxel file of a detached header or a pair
 * @param note receives the choices made where the header is incomplete or contradictory
 */
export function parseVolume(
  bytes: Uint8Array,
  file: string,
  readBeside?: (name: string) => Uint8Array,
  note?: NoteAssumption,
): Volume {
  if (isNrrd(bytes)) return parseNrrd(bytes, file, readBeside, note);
  if (isMetaImage(bytes)) return parseMetaImage(bytes, file, readBeside, note);
  const beginning = isGzip(bytes) ? unpackBeginning(bytes, file) : bytes;
  if (isNifti(beginning)) return parseNifti(bytes, file, note, readBeside, beginning);
  throw new NacreError('not-an-image', 'the file is not an image that nacre reads', {
    file,
    expected:
      'NIfTI (.nii, .nii.gz, .hdr with .img), NRRD (.nrrd, .nhdr), MetaImage (.mha, .mhd) or DICOM',
    ...(isVoxelsOfPair(file)
      ? {
          found: 'the voxels of a pair (.img) without their header',
          todo: 'put the header of the same name (.hdr) beside it',
        }
      : fileKind(bytes, file)),
  });
}
