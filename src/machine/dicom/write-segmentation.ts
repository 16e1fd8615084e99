import {
  type SegmentToWrite,
  segmentationDataSet,
  uidOf,
} from '../../imaging/dicom/segmentation-data-set.ts';
import { requireSameGeometry } from '../../imaging/same-geometry.ts';
import type { Volume } from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';
import { optionalPackage } from '../../runtime/optional-package.ts';
import { nacreVersion } from '../../runtime/version.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { readDicomHeader } from './read-header.ts';

export interface WriteSegmentationOptions {
  /** Time of the segmentation. Default: 1 January 1970, so that same regions make same bytes. */
  created?: Date | undefined;
}

/**
 * Writes regions as a DICOM segmentation (SEG, binary) beside the series that their image was read from. The patient's
 * name, birth date and accession number are not in it; id, study and frame of reference are those of the images.
 *
 * @param image as it was read from DICOM, not cropped or resampled
 * @param segments masks on its grid
 * @throws NacreError `needs-image` where the image does not come from DICOM, `geometry-mismatch`, `empty-mask`,
 *   `package-missing` without dcmjs, `write-failed`
 * @example
 * await writeSegmentation('ring.dcm', series, [{ mask: peritumoralRing(lesion), label: 'ring' }]);
 */
export async function writeSegmentation(
  path: string,
  image: Volume,
  segments: readonly SegmentToWrite[],
  options: WriteSegmentationOptions = {},
): Promise<void> {
  writeWhole(path, await segmentationBytes(image, segments, options));
}

/** The bytes of the same file. */
export async function segmentationBytes(
  image: Volume,
  segments: readonly SegmentToWrite[],
  { created = new Date(0) }: WriteSegmentationOptions = {},
): Promise<Uint8Array> {
  const { source, size } = image;
  if (source === undefined || source.slices.length !== size[2]) {
    throw new NacreError(
      'needs-image',
      'a segmentation needs the DICOM series that it was drawn on',
      {
        found:
          source === undefined
            ? 'an image that is not DICOM'
            : 'an image that was cut or resampled',
        expected: 'the image as it was read from DICOM',
        todo: 'read the image from its DICOM folder, or write the mask as NIfTI',
      },
    );
  }
  for (const { mask, label } of segments) {
    requireSameGeometry(image, mask, {});
    if (mask.data.some((value) => value !== 0)) continue;
    throw new NacreError('empty-mask', 'a segment has no voxel', {
      found: label,
      expected: 'at least one voxel in each segment',
      todo: 'leave it out',
    });
  }
  const { patientId } = readDicomHeader(source.slices[0].file);
  const iso = created.toISOString();
  const moment = {
    date: iso.slice(0, 10).replaceAll('-', ''),
    time: iso.slice(11, 19).replaceAll(':', ''),
  };
  const patient = { patientId, source };
  const dataSet = segmentationDataSet(image, segments, patient, moment, nacreVersion());
  return encoded(dataSet);
}

async function encoded(dataSet: Record<string, unknown>): Promise<Uint8Array> {
  const { default: dcmjs } = await optionalPackage('dcmjs', () => import('dcmjs'));
  const { DicomDict, DicomMetaDictionary } = dcmjs.data;
  dcmjs.log.setLevel('error');
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: [new Uint8Array([0, 1]).buffer],
      MediaStorageSOPClassUID: dataSet.SOPClassUID,
      MediaStorageSOPInstanceUID: dataSet.SOPInstanceUID,
      TransferSyntaxUID: '1.2.840.10008.1.2.1',
      ImplementationClassUID: uidOf('nacre'),
      ImplementationVersionName: 'nacre',
    }),
  );
  file.dict = DicomMetaDictionary.denaturalizeDataset(dataSet);
  return new Uint8Array(file.write());
}
