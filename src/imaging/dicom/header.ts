import { NacreError } from '../../runtime/errors.ts';
import type { Attributes } from './attributes.ts';
import { type DicomDataSet, parseDataSet } from './data-set.ts';
import { type FrameHeader, frameHeaders } from './frame-header.ts';
import { identityFilter, isName } from './identity.ts';
import { dayNumber, type Moment, momentOfDateAndTime } from './moment.ts';
import { type ObjectKind, objectKind } from './object-kind.ts';
import type { DicomKeyword } from './tags.ts';
import type { TransferSyntax } from './transfer-syntaxes.ts';

/** How the stored values of a file's pixels are encoded. */
export interface PixelEncoding {
  rows: number;
  columns: number;
  samplesPerPixel: number;
  photometric: string;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  /** True for images of floating point numbers (parametric maps). */
  floating: boolean;
  /** Number of frames that the file declares. */
  frames: number;
  /** Stored value of pixels outside the scan, and the other end where it is a range. */
  padding?: number | undefined;
  paddingLimit?: number | undefined;
  /** True where the pixels went through lossy compression at some time. */
  lossy: boolean;
}

/** A region that a file names: a contour set (ROI) or a segment. */
export interface NamedRegion {
  number: number;
  name: string;
}

/**
 * The fields of a DICOM header that nacre keeps: plain data, a closed list. Names, birth dates, accession numbers, institutions and
 * private attributes are not in it, and descriptions come without them. Patient id, UIDs and days serve to group files and must reach no output.
 */
export interface DicomHeader {
  file: string;
  /** Size of the file, bytes. */
  bytes: number;
  kind: ObjectKind;
  sopClass: string;
  sopInstance: string;
  syntax: TransferSyntax;
  patientId: string;
  /** True where the id is a name: it must not stand for the patient in an output. */
  patientIdIsName: boolean;
  studyUid: string;
  seriesUid: string;
  frameOfReference?: string | undefined;
  seriesNumber?: number | undefined;
  modality: string;
  manufacturer?: string | undefined;
  imageType: string[];
  /** Days since 1970. */
  studyDay?: number | undefined;
  studyTime?: Moment | undefined;
  seriesTime?: Moment | undefined;
  studyDescription?: string | undefined;
  seriesDescription?: string | undefined;
  protocolName?: string | undefined;
  sequenceName?: string | undefined;
  scanningSequence: string[];
  sequenceVariant: string[];
  bodyPart?: string | undefined;
  /** True where a contrast agent is named; the text is free and is not kept. */
  contrast: boolean;
  repetitionTime?: number | undefined;
  inversionTime?: number | undefined;
  flipAngle?: number | undefined;
  /** Undefined for files without pixels. */
  pixels?: PixelEncoding | undefined;
  /** One for each frame of an image or segmentation. */
  frames: FrameHeader[];
  /** Reason why the rescale slope alone does not give the values; undefined where it does. */
  scaling: { modalityLut: boolean; philips: boolean };
  /** Series that a contour set or segmentation refers to. */
  referencedSeries: string[];
  /** Images (SOP instances) that it refers to. */
  referencedInstances: string[];
  /** Regions of a contour set or segmentation. */
  regions: NamedRegion[];
}

/** The header of a file from its bytes. @throws NacreError `not-dicom`, `transfer-syntax`, `bad-dicom`, `bad-size` */
export function parseDicomHeader(bytes: Uint8Array, file: string): DicomHeader {
  return headerOf(parseDataSet(bytes, file, { headerOnly: true }), bytes.length);
}

/**
 * The header of a file that is parsed already.
 *
 * @param bytes size of the file
 */
export function headerOf(
  { attributes: a, syntax, file }: DicomDataSet,
  bytes: number,
): DicomHeader {
  const sopClass = a.text('sopClass') ?? '';
  const kind = objectKind(sopClass);
  const pixels = pixelEncoding(a, file);
  const withoutIdentity = identityFilter(a);
  const plain = (keyword: DicomKeyword) => {
    const text = a.text(keyword);
    return text === undefined ? undefined : withoutIdentity(text);
  };
  return {
    file,
    bytes,
    kind,
    sopClass,
    sopInstance: a.text('sopInstance') ?? '',
    syntax,
    patientId: a.text('patientId') ?? '',
    patientIdIsName: isName(a.text('patientId') ?? '', a.text('patientName')),
    studyUid: a.text('studyUid') ?? '',
    seriesUid: a.text('seriesUid') ?? '',
    frameOfReference: a.text('frameOfReference'),
    seriesNumber: a.decimal('seriesNumber'),
    modality: a.text('modality') ?? '',
    manufacturer: plain('manufacturer'),
    imageType: a.texts('imageType'),
    studyDay: dayNumber(a.text('studyDate')),
    studyTime: momentOfDateAndTime(a, 'studyDate', 'studyTime'),
    seriesTime: momentOfDateAndTime(a, 'seriesDate', 'seriesTime'),
    studyDescription: plain('studyDescription'),
    seriesDescription: plain('seriesDescription'),
    protocolName: plain('protocolName'),
    sequenceName: plain('sequenceName'),
    scanningSequence: a.texts('scanningSequence'),
    sequenceVariant: a.texts('sequenceVariant'),
    bodyPart: plain('bodyPart'),
    contrast: a.text('contrastAgent') !== undefined,
    repetitionTime: a.decimal('repetitionTime'),
    inversionTime: a.decimal('inversionTime'),
    flipAngle: a.decimal('flipAngle'),
    pixels,
    frames: pixels === undefined ? [] : frameHeaders(a, pixels.frames, file),
    scaling: { modalityLut: a.items('modalityLut').length > 0, philips: philipsScaling(a) },
    ...references(a, kind),
    regions: regions(a, kind).map(({ number, name }) => ({ number, name: withoutIdentity(name) })),
  };
}

/** No file has more frames, and no frame of a scan more pixels (8192 × 8192). */
const mostFrames = 100_000;
const mostPixels = 2 ** 26;

function pixelEncoding(a: Attributes, file: string): PixelEncoding | undefined {
  const rows = a.unsigned('rows');
  const columns = a.unsigned('columns');
  if (rows === undefined || columns === undefined) return undefined;
  const frames = a.decimal('numberOfFrames') ?? 1;
  const pixels = rows * columns;
  if (
    !(Number.isInteger(frames) && frames >= 1 && frames <= mostFrames) ||
    pixels < 1 ||
    pixels > mostPixels
  ) {
    throw new NacreError('bad-size', 'the header declares an impossible size', {
      file,
      found: `${columns}×${rows} pixels, ${frames} frames`,
      expected: `1 to ${mostPixels} pixels in each of 1 to ${mostFrames} frames`,
      todo: 'check that the file is whole',
    });
  }
  const bitsAllocated = a.unsigned('bitsAllocated') ?? 16;
  const bitsStored = a.unsigned('bitsStored') ?? bitsAllocated;
  const signed = a.unsigned('pixelRepresentation') === 1;
  // Padding is US or SS, as the pixels are signed or not.
  const padding = (keyword: 'pixelPadding' | 'pixelPaddingLimit') => {
    const value = a.unsigned(keyword);
    return signed && value !== undefined && value > 0x7fff ? value - 0x10000 : value;
  };
  return {
    rows,
    columns,
    samplesPerPixel: a.unsigned('samplesPerPixel') ?? 1,
    photometric: a.text('photometric') ?? '',
    bitsAllocated,
    bitsStored,
    highBit: a.unsigned('highBit') ?? bitsStored - 1,
    signed,
    floating: bitsAllocated >= 32 && !a.has('bitsStored'),
    frames,
    padding: padding('pixelPadding'),
    paddingLimit: padding('pixelPaddingLimit'),
    lossy: a.text('lossyCompression') === '01',
  };
}

/** Philips MR writes a second scale in (2005,100E), which makes values comparable between series. */
function philipsScaling(a: Attributes): boolean {
  return a.text('philipsCreator') === 'Philips MR Imaging DD 001' && a.has('philipsSlope');
}

function references(
  a: Attributes,
  kind: ObjectKind,
): Pick<DicomHeader, 'referencedSeries' | 'referencedInstances'> {
  const series: string[] = [];
  const instances: string[] = [];
  const add = (list: string[], uid: string | undefined) => {
    if (uid !== undefined && !list.includes(uid)) list.push(uid);
  };
  if (kind === 'contours') {
    for (const frame of a.items('referencedFrameOfReferenceSequence')) {
      for (const study of frame.items('rtReferencedStudySequence')) {
        for (const one of study.items('rtReferencedSeriesSequence')) {
          add(series, one.text('seriesUid'));
          for (const image of one.items('contourImageSequence')) {
            instances.push(image.text('referencedSopInstance') ?? '');
          }
        }
      }
    }
  }
  if (kind === 'segmentation') {
    for (const one of a.items('referencedSeriesSequence')) {
      add(series, one.text('seriesUid'));
      for (const image of one.items('referencedInstanceSequence')) {
        instances.push(image.text('referencedSopInstance') ?? '');
      }
    }
  }
  return { referencedSeries: series, referencedInstances: instances.filter((uid) => uid !== '') };
}

function regions(a: Attributes, kind: ObjectKind): NamedRegion[] {
  if (kind === 'contours') {
    return a.items('structureSetRoiSequence').map((roi) => ({
      number: roi.decimal('roiNumber') ?? -1,
      name: roi.text('roiName') ?? '',
    }));
  }
  if (kind === 'segmentation') {
    // Segment 0 of a label map is its background.
    return a
      .items('segmentSequence')
      .map((segment) => ({
        number: segment.unsigned('segmentNumber') ?? -1,
        name: segment.text('segmentLabel') ?? '',
      }))
      .filter(({ number }) => number !== 0);
  }
  return [];
}
