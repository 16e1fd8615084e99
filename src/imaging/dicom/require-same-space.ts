import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import type { Volume } from '../volume.ts';

/**
 * Refuses regions that were drawn in another coordinate system than the image's; where one of the two names none, notes that
 * it could not be checked.
 *
 * @param what was drawn, for messages: `segmentation`
 * @throws NacreError `other-frame-of-reference`
 */
export function requireSameSpace(
  { source }: Volume,
  frameOfReference: string | undefined,
  {
    what,
    file,
    note,
  }: {
    what: 'contours' | 'segmentation';
    file?: string | undefined;
    note?: NoteAssumption | undefined;
  },
): void {
  const imageFrame = source?.frameOfReference;
  if (imageFrame === undefined || frameOfReference === undefined) {
    note?.({
      kind: 'dicom-frame-of-reference',
      file,
      found: `no frame of reference ${source === undefined ? 'of the image (it is not DICOM)' : 'in one of the two'}`,
      taken: `${what} and image in one coordinate system`,
      why: 'it cannot be checked that they belong together: look at the region',
    });
  } else if (imageFrame !== frameOfReference) {
    const drawn = what === 'contours' ? 'the contours were' : 'the segmentation was';
    throw new NacreError(
      'other-frame-of-reference',
      `${drawn} drawn in another frame of reference than that of the image`,
      {
        file,
        expected: 'the frame of reference of the image',
        todo: `name the series that the ${what} ${what === 'contours' ? 'were' : 'was'} drawn on`,
      },
    );
  }
}
