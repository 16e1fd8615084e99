import { NacreError } from '../../runtime/errors.ts';
import type { DicomDataSet } from './data-set.ts';
import { type NamedChoice, regionOfName } from './named-region.ts';

/** One closed line of a region, in the patient. */
export interface Contour {
  /** LPS, mm: x, y, z of each point in turn. */
  points: Float64Array;
}

/** A region of a contour set (RTSTRUCT). */
export interface ContourSet {
  name: string;
  frameOfReference?: string | undefined;
  /** Series whose slices the contours were drawn on. */
  referencedSeries: string[];
  contours: Contour[];
}

/** Shapes that enclose an area in one plane. Anything else is no region. */
const closedShapes = ['CLOSED_PLANAR', 'CLOSEDPLANAR_XOR'];

/** No contour has more points. */
const mostPoints = 1_000_000;

/**
 * The contours of one region of an RTSTRUCT file.
 *
 * @param choice name, number or pattern of the region; may be left out where there is only one
 * @throws NacreError `several-regions`, `unknown-name`, `bad-contour`, `empty-mask`
 */
export function contoursOf(
  { attributes: a, file }: DicomDataSet,
  referencedSeries: string[],
  choice: NamedChoice,
): ContourSet {
  const rois = a.items('structureSetRoiSequence').map((item) => ({
    number: item.decimal('roiNumber') ?? -1,
    name: item.text('roiName') ?? '',
    frameOfReference: item.text('roiFrameOfReference'),
  }));
  const drawn = a.items('roiContourSequence');
  const roi = regionOfName(rois, choice, file);
  const items = drawn
    .filter((item) => item.decimal('referencedRoi') === roi.number)
    .flatMap((item) => item.items('contourSequence'));
  if (items.length === 0) {
    throw new NacreError('empty-mask', 'the region has no contour', {
      file,
      found: roi.name,
      expected: 'at least one closed contour',
      todo: 'name another region (--roi), or leave the patient out',
    });
  }
  const contours = items.map((item): Contour => {
    const shape = item.text('contourGeometricType') ?? '';
    if (!closedShapes.includes(shape)) {
      const known = /^[A-Z_]{1,32}$/.test(shape) ? shape : 'no known shape';
      throw badContour(file, roi.name, `a contour of shape ${known}`, 'closed planar contours');
    }
    const points = item.longDecimals('contourData');
    const stated = item.decimal('contourPoints');
    if (points === undefined || points.length % 3 !== 0 || points.length > 3 * mostPoints) {
      throw badContour(file, roi.name, 'points that are not three numbers each', 'x, y and z');
    }
    const count = points.length / 3;
    if (count < 3 || (stated !== undefined && stated !== count)) {
      const declared = stated === undefined ? '' : `, ${stated} by the header`;
      throw badContour(
        file,
        roi.name,
        `a contour of ${count} points${declared}`,
        'at least 3 points, none missing',
      );
    }
    return { points };
  });
  return { name: roi.name, frameOfReference: roi.frameOfReference, referencedSeries, contours };
}

export function badContour(
  file: string,
  region: string,
  found: string,
  expected: string,
): NacreError {
  return new NacreError('bad-contour', `the contours of ${region} give no region on the image`, {
    file,
    found,
    expected,
    todo: 'export the contours again, closed and on the slices of the image',
  });
}
